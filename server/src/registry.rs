//! What is revoked, in memory: the only thing the verification of an access token asks. A revocation is written
//! to the database first and then here; entries leave when the last token they concern has expired.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use crate::clock::UnixSeconds;
use crate::store::{self, Store};
use crate::token::{Claims, Jti, SessionId};

/// Revoked sessions and tokens whose time is not over.
#[derive(Debug, Default)]
pub struct Registry {
    /// Seconds a token is accepted past its expiry, and so must be remembered longer (`LEEWAY`).
    leeway: i64,
    sessions: RwLock<Revoked<SessionId>>,
    tokens: RwLock<Revoked<Jti>>,
}

/// Keys with the time at which they may be forgotten.
#[derive(Debug)]
struct Revoked<K> {
    until: HashMap<K, UnixSeconds>,
    next_sweep: UnixSeconds,
}

impl<K> Default for Revoked<K> {
    fn default() -> Self {
        Self {
            until: HashMap::new(),
            next_sweep: 0,
        }
    }
}

impl<K: Eq + Hash> Revoked<K> {
    /// Seconds between two looks for entries whose time is over.
    const SWEEP_EVERY: i64 = 60;

    fn add(&mut self, key: K, until: UnixSeconds, now: UnixSeconds) {
        self.until.insert(key, until);
        if now >= self.next_sweep {
            self.until.retain(|_, until| *until > now);
            self.next_sweep = now + Self::SWEEP_EVERY;
        }
    }
}

impl Registry {
    /// Remembers all that the database knows to be revoked and still in time, `leeway` seconds of tolerance included.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn load(store: &Store, leeway: i64, now: UnixSeconds) -> store::Result<Self> {
        let registry = Self {
            leeway,
            ..Self::default()
        };
        registry.catch_up(store, 0, now).await?;
        Ok(registry)
    }

    /// Remembers what was revoked at `since` or later, by whomever.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn catch_up(
        &self,
        store: &Store,
        since: UnixSeconds,
        now: UnixSeconds,
    ) -> store::Result<()> {
        for session in store.revoked_sessions(since, now - self.leeway).await? {
            if let Some(id) = SessionId::parse(&session.id) {
                self.revoke_session(id, session.until, now);
            }
        }
        for token in store.revoked_tokens(since, now - self.leeway).await? {
            if let Some(jti) = Jti::parse(&token.jti) {
                self.revoke_token(jti, token.until, now);
            }
        }
        Ok(())
    }

    /// Refuses every token of a session from now on. The last of them expires at `until`.
    pub fn revoke_session(&self, id: SessionId, until: UnixSeconds, now: UnixSeconds) {
        self.sessions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add(id, until + self.leeway, now);
    }

    /// Refuses one token from now on. It expires at `until`.
    pub fn revoke_token(&self, jti: Jti, until: UnixSeconds, now: UnixSeconds) {
        self.tokens
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add(jti, until + self.leeway, now);
    }

    /// Whether this token was revoked alone.
    #[must_use]
    pub fn is_token_revoked(&self, claims: &Claims) -> bool {
        let tokens = self.tokens.read().unwrap_or_else(PoisonError::into_inner);
        tokens.until.contains_key(&claims.jti)
    }

    /// Whether this token's session has ended.
    #[must_use]
    pub fn is_session_revoked(&self, claims: &Claims) -> bool {
        let sessions = self.sessions.read().unwrap_or_else(PoisonError::into_inner);
        claims
            .session
            .is_some_and(|(id, _)| sessions.until.contains_key(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Generation;

    fn claims(session: SessionId) -> Claims {
        Claims {
            jti: Jti::random(),
            exp: 100,
            iat: None,
            user_id: None,
            session: Some((session, Generation::FIRST)),
        }
    }

    #[test]
    fn a_session_takes_all_its_tokens_with_it() {
        let (registry, ended, other) = (Registry::default(), SessionId::at(0), SessionId::at(0));
        registry.revoke_session(ended, 100, 0);
        assert!(registry.is_session_revoked(&claims(ended)));
        assert!(!registry.is_session_revoked(&claims(other)));
    }

    #[test]
    fn a_token_falls_alone() {
        let (registry, session) = (Registry::default(), SessionId::at(0));
        let (one, other) = (claims(session), claims(session));
        registry.revoke_token(one.jti.clone(), 100, 0);
        assert!(registry.is_token_revoked(&one));
        assert!(!registry.is_token_revoked(&other));
    }

    #[test]
    fn what_could_not_be_presented_any_more_is_forgotten() {
        let registry = Registry::default();
        for n in 0..1000 {
            registry.revoke_session(SessionId::at(0), 1000 + n, n);
        }
        registry.revoke_session(SessionId::at(0), 9999, 1900);
        let remembered = registry.sessions.read().expect("not poisoned").until.len();
        assert_eq!(remembered, 100, "99 that end after 1900, and the last");
    }
}
