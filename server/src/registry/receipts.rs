//! Which generations of which sessions were seen in use: whoever presents an access token of a generation has
//! received the answer that began it, so the token it spent can not be presented again for want of an answer.
//! Noted only while that matters, without I/O; what is new is handed on to the database a little later.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use crate::clock::UnixSeconds;
use crate::token::{Claims, Generation, SessionId};

/// The most sessions noted at once (about 48 bytes each). Beyond it a receipt may be missed, which gives a
/// repetition the benefit of the doubt.
const MOST: usize = 500_000;

/// Sessions with the latest generation seen in use.
#[derive(Debug)]
pub struct Receipts {
    /// Seconds after a rotation in which a repetition could be answered.
    window: i64,
    seen: RwLock<HashMap<SessionId, (Generation, UnixSeconds)>>,
    /// Not yet in the database.
    news: Mutex<Vec<(SessionId, Generation)>>,
    next_sweep: AtomicI64,
}

impl Receipts {
    /// Seconds between two looks for what no longer matters.
    const SWEEP_EVERY: i64 = 10;

    /// Nothing noted; receipts matter for `window` seconds.
    #[must_use]
    pub fn new(window: i64) -> Self {
        Self {
            window,
            seen: RwLock::default(),
            news: Mutex::default(),
            next_sweep: AtomicI64::new(0),
        }
    }

    /// Notes that an access token with these claims was accepted.
    pub fn note(&self, claims: &Claims, now: UnixSeconds) {
        let Some((session, generation)) = claims.session else {
            return;
        };
        let is_young = claims.iat.is_some_and(|iat| now - iat <= self.window);
        if generation == Generation::FIRST || !is_young || self.has(session, generation) {
            return;
        }
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST && !seen.contains_key(&session) {
            return;
        }
        let until = now + self.window + 1;
        let latest = seen.entry(session).or_insert((generation, until));
        *latest = (*latest).max((generation, until));
        drop(seen);
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        news.push((session, generation));
    }

    /// Whether an access token of this generation, or a later one, was seen in use.
    #[must_use]
    pub fn has(&self, session: SessionId, generation: Generation) -> bool {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.get(&session)
            .is_some_and(|(latest, _)| *latest >= generation)
    }

    /// What was noted since the last time this was asked.
    #[must_use]
    pub fn take_news(&self) -> Vec<(SessionId, Generation)> {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *news)
    }

    /// Takes back what could not be handed on, unless there is too much of it already.
    pub fn put_back(&self, news: &[(SessionId, Generation)]) {
        let mut kept = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST {
            kept.extend_from_slice(news);
        }
    }

    /// Forgets what no longer matters, if it is time to look.
    pub fn sweep(&self, now: UnixSeconds) {
        if now < self.next_sweep.load(Ordering::Relaxed) {
            return;
        }
        self.next_sweep
            .store(now + Self::SWEEP_EVERY, Ordering::Relaxed);
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, (_, until)| *until >= now);
    }
}
