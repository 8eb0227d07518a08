//! The current refresh tokens this node issued last: what a refresh needs to know of its session, so that it need not
//! ask. Nothing is believed because it stands here: it is a guess, and the compare-and-swap that follows is taken only
//! if the guess is true. Forgetting costs a question; nothing else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::UnixSeconds;
use crate::session::Trail;
use crate::store::TokenId;
use crate::token::{Generation, SessionId, UserId};

/// The most sessions in one of the two halves; an entry takes at most about 220 bytes.
const HALF: usize = 50_000;

/// A session as it was left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Recalled {
    /// Whose it is.
    pub user_id: UserId,
    /// The generation it was at.
    pub generation: Generation,
    /// The row of that generation's refresh token.
    pub token: TokenId,
    /// Its absolute end, which never moves.
    pub expires_at: UnixSeconds,
    /// Where it was refreshed from.
    pub trail: Trail,
}

/// Sessions as this node left them, the latest hundred thousand at most.
#[derive(Debug, Default)]
pub struct Recall {
    halves: Mutex<Halves>,
}

/// What was not heard of while the young half filled up once is forgotten with the old one.
#[derive(Debug, Default)]
struct Halves {
    young: HashMap<SessionId, Recalled>,
    old: HashMap<SessionId, Recalled>,
}

impl Recall {
    /// Remembers how a session was left.
    pub fn put(&self, id: SessionId, left: Recalled) {
        let mut halves = self.lock();
        if halves.young.len() >= HALF {
            halves.old = std::mem::take(&mut halves.young);
        }
        halves.young.insert(id, left);
    }

    /// How a session was left, as far as this node remembers.
    #[must_use]
    pub fn get(&self, id: SessionId) -> Option<Recalled> {
        let halves = self.lock();
        let found = halves.young.get(&id).or_else(|| halves.old.get(&id));
        found.copied()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Halves> {
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(generation: i64) -> Recalled {
        Recalled {
            user_id: UserId(1),
            generation: Generation(generation),
            token: TokenId(generation),
            expires_at: 0,
            trail: Trail::default(),
        }
    }

    #[test]
    fn the_latest_is_recalled() {
        let (recall, id) = (Recall::default(), SessionId::at(0));
        assert_eq!(recall.get(id), None);
        recall.put(id, left(1));
        recall.put(id, left(2));
        assert_eq!(recall.get(id), Some(left(2)));
    }

    #[test]
    fn what_was_not_heard_of_for_long_is_forgotten() {
        let (recall, quiet, busy) = (Recall::default(), SessionId::at(0), SessionId::at(0));
        recall.put(quiet, left(1));
        for n in 0..2 * HALF {
            recall.put(SessionId::at(0), left(0));
            if n % 1000 == 0 {
                recall.put(busy, left(1));
            }
        }
        assert_eq!((recall.get(quiet), recall.get(busy)), (None, Some(left(1))));
        let halves = recall.lock();
        assert!(halves.young.len() <= HALF && halves.old.len() <= HALF);
    }
}
