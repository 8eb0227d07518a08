//! How much happens: logins, refreshes and the like, counted in memory an hour at a time and handed on to the database a
//! few seconds later. Statistics, not the audit trail: a crash loses what was not handed on yet, and where the answer to a
//! commit gets lost it counts twice.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::UnixSeconds;
use crate::event::Kind;

/// Seconds in an hour.
pub const HOUR: i64 = 3600;

/// For how many hours counts are kept apart while they can not be handed on; older ones would be taken for younger.
const SLOTS: i64 = 64;

/// What is counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Counted {
    /// Logins that were let in.
    Logins,
    /// Wrong names and passwords, and users who are shut out. What the throttle refuses was not tried.
    FailedLogins,
    /// Refreshes that were answered with a token.
    Refreshes,
    /// Spent refresh tokens that came back, and ended their session.
    Reuse,
}

impl Counted {
    /// All of them, in the order in which they are handed on.
    pub const ALL: [Self; 4] = [
        Self::Logins,
        Self::FailedLogins,
        Self::Refreshes,
        Self::Reuse,
    ];

    /// Its name in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logins => "logins",
            Self::FailedLogins => "failed_logins",
            Self::Refreshes => "refreshes",
            Self::Reuse => "reuse",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == name)
    }

    /// What an event of this kind counts as. A refresh is no event, and is counted where it is answered.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::LoginSuccess => Some(Self::Logins),
            Kind::LoginFail => Some(Self::FailedLogins),
            Kind::TokenReuse => Some(Self::Reuse),
            _ => None,
        }
    }
}

/// How often something happened in an hour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tally {
    /// Whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
    /// What.
    pub what: Counted,
    /// How often.
    pub count: i64,
}

/// The hour a time is in, in whole hours since 1970-01-01T00:00Z.
#[must_use]
pub fn hour_of(at: UnixSeconds) -> i64 {
    at.div_euclid(HOUR)
}

/// What this node counted and has not handed on yet.
#[derive(Debug)]
pub struct Activity {
    /// One an hour, [`SLOTS`] of them, used again and again.
    slots: Vec<[AtomicI64; Counted::ALL.len()]>,
    /// The hour in which it was last said that somebody counts.
    said: AtomicI64,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| Default::default()).collect(),
            said: AtomicI64::new(i64::MIN),
        }
    }
}

impl Activity {
    /// Counts one at that time: an addition to an atomic.
    pub fn count(&self, what: Counted, at: UnixSeconds) {
        self.cell(hour_of(at), what).fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted since the last time this was asked; and once an hour a nought, which says that somebody counted.
    /// In an order that is the same everywhere: two nodes that add to the same rows must not wait for each other.
    #[must_use]
    pub fn take_news(&self, now: UnixSeconds) -> Vec<Tally> {
        let this_hour = hour_of(now);
        let is_said = self.said.swap(this_hour, Ordering::Relaxed) == this_hour;
        let mut news = Vec::new();
        // One ahead: the clock may have been set back.
        for hour in this_hour + 2 - SLOTS..=this_hour + 1 {
            for what in Counted::ALL {
                let count = self.take(hour, what);
                let is_sign = !is_said && hour == this_hour && what == Counted::Logins;
                if count > 0 || is_sign {
                    news.push(Tally { hour, what, count });
                }
            }
        }
        news
    }

    /// Takes back what could not be handed on.
    pub fn put_back(&self, news: &[Tally]) {
        for tally in news {
            let cell = self.cell(tally.hour, tally.what);
            cell.fetch_add(tally.count, Ordering::Relaxed);
        }
        self.said.store(i64::MIN, Ordering::Relaxed);
    }

    fn take(&self, hour: i64, what: Counted) -> i64 {
        self.cell(hour, what).swap(0, Ordering::Relaxed)
    }

    fn cell(&self, hour: i64, what: Counted) -> &AtomicI64 {
        let slot = usize::try_from(hour.rem_euclid(SLOTS)).unwrap_or(0);
        &self.slots[slot][what as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = 1_800_000_000;
    const THIS: i64 = NOW / HOUR;

    fn tally(hour: i64, what: Counted, count: i64) -> Tally {
        Tally { hour, what, count }
    }

    #[test]
    fn a_name_is_read_back() {
        for what in Counted::ALL {
            assert_eq!(Counted::parse(what.as_str()), Some(what));
        }
        assert_eq!(Counted::parse("others"), None);
    }

    #[test]
    fn what_happened_is_handed_on_once_by_the_hour() {
        let activity = Activity::default();
        activity.count(Counted::Refreshes, NOW - HOUR);
        activity.count(Counted::Refreshes, NOW);
        activity.count(Counted::Refreshes, NOW);
        activity.count(Counted::Logins, NOW);
        let expected = [
            tally(THIS - 1, Counted::Refreshes, 1),
            tally(THIS, Counted::Logins, 1),
            tally(THIS, Counted::Refreshes, 2),
        ];
        assert_eq!(activity.take_news(NOW), expected);
        assert_eq!(activity.take_news(NOW), []);
    }

    #[test]
    fn a_quiet_hour_is_told_from_one_nobody_counted_in() {
        let activity = Activity::default();
        let sign = |hour| [tally(hour, Counted::Logins, 0)];
        assert_eq!(activity.take_news(NOW), sign(THIS));
        assert_eq!(activity.take_news(NOW + 1), []);
        assert_eq!(activity.take_news(NOW + HOUR), sign(THIS + 1));
        activity.put_back(&sign(THIS + 1));
        assert_eq!(activity.take_news(NOW + HOUR), sign(THIS + 1));
    }

    #[test]
    fn what_could_not_be_handed_on_is_added_to_what_comes_in_its_own_hour() {
        let activity = Activity::default();
        activity.count(Counted::Reuse, NOW);
        for hour in 0..60 {
            let news = activity.take_news(NOW + hour * HOUR);
            assert!(news.contains(&tally(THIS, Counted::Reuse, 1)), "{hour}");
            activity.put_back(&news);
        }
        activity.count(Counted::Reuse, NOW + 1);
        let news = activity.take_news(NOW + 60 * HOUR);
        assert!(news.contains(&tally(THIS, Counted::Reuse, 2)));
    }

    #[test]
    fn a_clock_that_is_set_back_loses_nothing() {
        let activity = Activity::default();
        activity.count(Counted::Logins, NOW);
        let news = activity.take_news(NOW - HOUR);
        assert!(news.contains(&tally(THIS, Counted::Logins, 1)), "{news:?}");
    }
}
