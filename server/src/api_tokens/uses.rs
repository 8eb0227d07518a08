//! When API tokens were last used: noted in memory, and handed on to the database a little later, at most once a minute
//! for each. Reading does not write, and a list of tokens is no clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::UnixSeconds;
use crate::token::UserId;

/// Seconds between two notes about one token.
const EVERY: i64 = 60;

/// The most users remembered at once (about 40 bytes each). Beyond it a use is not noted.
const MOST: usize = 100_000;

/// Users whose API tokens were used, with the last time that was noted and whether the database knows.
#[derive(Debug, Default)]
pub struct Uses(Mutex<HashMap<UserId, Use>>);

#[derive(Clone, Copy, Debug)]
struct Use {
    at: UnixSeconds,
    is_news: bool,
}

impl Uses {
    /// Notes a use, unless one was noted less than a minute ago.
    pub fn note(&self, user: UserId, now: UnixSeconds) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |last: &Use| (last.at..last.at + EVERY).contains(&now);
        if noted.get(&user).is_some_and(is_recent) {
            return;
        }
        if noted.len() < MOST || noted.contains_key(&user) {
            noted.insert(
                user,
                Use {
                    at: now,
                    is_news: true,
                },
            );
        }
    }

    /// What the database does not know yet, and from now on does.
    pub fn take_news(&self, now: UnixSeconds) -> Vec<(UserId, UnixSeconds)> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, last| last.is_news || now < last.at + EVERY);
        let news = noted.iter_mut().filter(|(_, last)| last.is_news);
        news.map(|(user, last)| {
            last.is_news = false;
            (*user, last.at)
        })
        .collect()
    }

    /// Takes back what could not be handed on.
    pub fn put_back(&self, news: &[(UserId, UnixSeconds)]) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (user, at) in news {
            let last = noted.entry(*user).or_insert(Use {
                at: *at,
                is_news: true,
            });
            last.is_news = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: UserId = UserId(1);

    #[test]
    fn a_token_in_constant_use_is_noted_once_a_minute() {
        let uses = Uses::default();
        let mut noted = Vec::new();
        for now in 1000..1130 {
            uses.note(ALICE, now);
            noted.extend(uses.take_news(now));
        }
        assert_eq!(noted, [(ALICE, 1000), (ALICE, 1060), (ALICE, 1120)]);
    }

    #[test]
    fn what_could_not_be_handed_on_is_handed_on_later() {
        let uses = Uses::default();
        uses.note(ALICE, 1000);
        let news = uses.take_news(1000);
        assert_eq!(uses.take_news(1001), []);
        uses.put_back(&news);
        assert_eq!(uses.take_news(1100), [(ALICE, 1000)]);
        assert_eq!(uses.take_news(1200), [], "and is forgotten");
    }

    #[test]
    fn a_clock_that_is_set_back_is_followed() {
        let uses = Uses::default();
        uses.note(ALICE, 1000);
        uses.note(ALICE, 500);
        assert_eq!(uses.take_news(500), [(ALICE, 500)]);
    }
}
