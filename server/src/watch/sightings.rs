//! From where sessions are used: noted without I/O, at most once a minute for a session and network, and handed on to the
//! database a little later, so that reading does not write. A crash in between forgets a second of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use crate::clock::UnixSeconds;
use crate::network::Network;
use crate::token::SessionId;

/// The most sightings remembered at once (about 80 bytes each). Beyond it one may be missed.
const MOST: usize = 200_000;

/// Seconds in which a session is noted once a network.
const EVERY: i64 = 60;

/// A session that was used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// Which.
    pub session: SessionId,
    /// When.
    pub at: UnixSeconds,
    /// In which network.
    pub network: Network,
    /// From which address; `None` where that is not known, or is that of somebody who only asks.
    pub ip: Option<IpAddr>,
}

/// Sightings of the last minute, and those that are not in the database yet.
#[derive(Debug, Default)]
pub struct Sightings {
    seen: RwLock<HashMap<(SessionId, Network), UnixSeconds>>,
    news: Mutex<Vec<Sighting>>,
    next_sweep: AtomicI64,
}

impl Sightings {
    /// Notes that a session was used from there.
    pub fn note(&self, session: SessionId, ip: Option<IpAddr>, now: UnixSeconds) {
        let network = ip.map(Network::around).unwrap_or_default();
        let key = (session, network);
        if self.has(&key, now) {
            return;
        }
        self.sweep(now);
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST && !seen.contains_key(&key) {
            return;
        }
        seen.insert(key, now);
        drop(seen);
        let sighting = Sighting {
            session,
            at: now,
            network,
            ip,
        };
        let mut news = self.lock_news();
        if news.len() < MOST {
            news.push(sighting);
        }
    }

    /// What was noted since the last time this was asked: sightings in the order of sessions, which is the same
    /// everywhere, so that two nodes which hand on the same ones do not wait for each other. The latest one a network.
    #[must_use]
    pub fn take_news(&self) -> Vec<Sighting> {
        let mut news = std::mem::take(&mut *self.lock_news());
        let place = |one: &Sighting| (one.session, one.network.to_string());
        news.sort_by_cached_key(|one| (place(one), std::cmp::Reverse(one.at)));
        news.dedup_by_key(|one| (one.session, one.network));
        news
    }

    /// Takes back what could not be handed on, unless there is too much of it already.
    pub fn put_back(&self, news: &[Sighting]) {
        let mut kept = self.lock_news();
        if kept.len() < MOST {
            kept.extend_from_slice(news);
        }
    }

    fn has(&self, key: &(SessionId, Network), now: UnixSeconds) -> bool {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.get(key).is_some_and(|at| is_lately(*at, now))
    }

    /// Forgets what is older than a minute, if it is time to look.
    fn sweep(&self, now: UnixSeconds) {
        let next = self.next_sweep.load(Ordering::Relaxed);
        if (next - EVERY..next).contains(&now) {
            return;
        }
        self.next_sweep.store(now + EVERY, Ordering::Relaxed);
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, at| is_lately(*at, now));
        seen.shrink_to_fit();
    }

    fn lock_news(&self) -> std::sync::MutexGuard<'_, Vec<Sighting>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back is a new time.
fn is_lately(at: UnixSeconds, now: UnixSeconds) -> bool {
    (at..at + EVERY).contains(&now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn once_a_minute_and_network() {
        let (sightings, id) = (Sightings::default(), SessionId::at(0));
        for second in 0..60 {
            sightings.note(id, ip("192.0.2.7"), second);
            sightings.note(id, ip("192.0.2.8"), second);
            sightings.note(id, ip("2001:db8::1"), second);
            sightings.note(id, None, second);
        }
        assert_eq!(sightings.take_news().len(), 3);
        assert_eq!(sightings.take_news(), []);
        sightings.note(id, ip("192.0.2.8"), 60);
        let news = sightings.take_news();
        assert_eq!(
            (news.len(), news[0].ip, news[0].at),
            (1, ip("192.0.2.8"), 60)
        );
    }

    #[test]
    fn the_latest_is_handed_on_once() {
        let (sightings, id) = (Sightings::default(), SessionId::at(0));
        sightings.note(id, ip("192.0.2.7"), 0);
        let kept = sightings.take_news();
        sightings.note(id, ip("192.0.2.8"), 100);
        sightings.put_back(&kept);
        let news = sightings.take_news();
        assert_eq!((news.len(), news[0].at), (1, 100));
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let sightings = Sightings::default();
        for second in 0..600 {
            sightings.note(SessionId::at(0), None, second);
        }
        assert!(sightings.seen.read().expect("whole").len() <= 120);
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let (sightings, id) = (Sightings::default(), SessionId::at(0));
        sightings.note(id, None, 1000);
        sightings.note(id, None, 10);
        assert_eq!(sightings.take_news()[0].at, 1000);
        sightings.note(id, None, 80);
        assert_eq!(sightings.take_news()[0].at, 80);
    }
}
