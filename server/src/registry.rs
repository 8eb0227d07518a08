//! What is revoked, in memory: the only thing the verification of an access token asks. A revocation is written
//! to the database first and then here; entries leave when the last token they concern has expired. It knows how
//! old its knowledge is, and says so when that is too old or when there is too much to remember.

mod expiring;
mod freshness;
mod receipts;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::clock::UnixSeconds;
use crate::config::Settings;
use crate::store::{self, Revocation, Revoked, Standing, Store};
use crate::token::{Claims, Jti, SessionId, UserId};
use expiring::Expiring;
use freshness::Freshness;
pub use receipts::Receipts;

/// Seconds every entry is kept longer than needed: a clock that was wrong by up to an hour, or is set back by one,
/// brings nothing back.
pub const CLOCK_MARGIN: i64 = 3600;

/// What memory says of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Known {
    /// Nothing speaks against it.
    Good,
    /// It is revoked.
    Revoked,
    /// Memory can not be trusted now: ask the database.
    Unsure,
}

/// Revoked sessions and tokens whose time is not over.
#[derive(Debug)]
pub struct Registry {
    /// Seconds a token is accepted past its expiry, and so must be remembered longer (`LEEWAY`).
    leeway: i64,
    /// `IMMEDIATE_REVOCATION`: an ended session takes its access tokens with it.
    immediate: bool,
    sessions: Expiring<SessionId>,
    tokens: Expiring<JtiDigest>,
    /// Tokens of other issuers that were issued to a user until then are refused.
    users: RwLock<HashMap<UserId, UnixSeconds>>,
    /// When all sessions there were ended. Tokens issued until then are refused, unless they are of a live session.
    everyone: AtomicI64,
    /// The number of the last revocation heard of.
    seq: AtomicI64,
    freshness: Freshness,
    /// Which answers are known to have arrived.
    pub receipts: Receipts,
}

/// Half of the SHA-256 of a token's name: names may be long, and there may be many.
type JtiDigest = [u8; 16];

/// Why memory asks the database about every access token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubt {
    /// It has not heard from the database for `REVOCATION_MAX_STALENESS`.
    Stale,
    /// There was too much to remember; a restart begins anew.
    Incomplete,
}

/// What an operator decides about memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// `LEEWAY`, in seconds.
    pub leeway: i64,
    /// `IMMEDIATE_REVOCATION`.
    pub immediate: bool,
    /// `REVOCATION_MAX_STALENESS`.
    pub max_staleness: Duration,
    /// `REFRESH_RETRY_WINDOW`, in seconds: how long it matters whether an answer arrived.
    pub retry_window: i64,
}

impl Limits {
    /// What these settings ask for.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let staleness = settings.revocation_max_staleness.get();
        Self {
            leeway: settings.leeway.get(),
            immediate: settings.immediate_revocation,
            max_staleness: Duration::from_secs(u64::try_from(staleness).unwrap_or(0)),
            retry_window: settings.refresh_retry_window.get(),
        }
    }
}

impl Registry {
    /// Remembers all that the database knows to be revoked and still in time.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn load(store: &Store, limits: Limits, now: UnixSeconds) -> store::Result<Self> {
        let asked = Instant::now();
        let registry = Self::new(limits, asked);
        let standing = registry.standing(store, now).await?;
        registry.learn(&standing, now);
        Ok(registry)
    }

    /// All that the database knows to be revoked and still in time.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn standing(&self, store: &Store, now: UnixSeconds) -> store::Result<Standing> {
        let since = now - self.leeway - CLOCK_MARGIN;
        store.standing_revocations(since).await
    }

    /// Takes in what stands, and follows the feed from there.
    pub fn learn(&self, standing: &Standing, now: UnixSeconds) {
        for revocation in &standing.revocations {
            self.revoke(revocation, now);
        }
        self.seq.store(standing.seq, Ordering::SeqCst);
    }

    /// A registry that knows nothing yet, and is to be told what stood at `asked`.
    #[must_use]
    fn new(limits: Limits, asked: Instant) -> Self {
        Self {
            leeway: limits.leeway,
            immediate: limits.immediate,
            sessions: Expiring::default(),
            tokens: Expiring::default(),
            users: RwLock::default(),
            everyone: AtomicI64::new(0),
            seq: AtomicI64::new(0),
            freshness: Freshness::new(limits.max_staleness, asked),
            receipts: Receipts::new(limits.retry_window),
        }
    }

    /// Refuses what is revoked from now on.
    pub fn revoke(&self, revocation: &Revocation, now: UnixSeconds) {
        let until = revocation.value + self.leeway + CLOCK_MARGIN;
        match &revocation.what {
            Revoked::Session(id) => self.sessions.add(*id, until, now),
            Revoked::Token(jti) => self.tokens.add(digest(jti), until, now),
            Revoked::User(id) => {
                let mut users = self.users.write().unwrap_or_else(PoisonError::into_inner);
                let cut_off = users.entry(*id).or_insert(revocation.value);
                *cut_off = revocation.value.max(*cut_off);
            }
            Revoked::Everyone => {
                self.everyone.fetch_max(revocation.value, Ordering::SeqCst);
            }
        }
    }

    /// What memory says of the access token with these claims.
    #[must_use]
    pub fn ask(&self, claims: &Claims) -> Known {
        self.ask_where(claims, self.immediate)
    }

    /// What it says of a token that is over with its session under every setting.
    #[must_use]
    pub fn ask_with_session(&self, claims: &Claims) -> Known {
        self.ask_where(claims, true)
    }

    fn ask_where(&self, claims: &Claims, ends_with_session: bool) -> Known {
        let is_before_all = self.is_before_everyones_end(claims);
        let revoked = match claims.session {
            Some((id, _)) => ends_with_session && self.sessions.contains(&id),
            None => is_before_all || self.is_before_cut_off(claims),
        };
        if revoked || self.is_token_revoked(&claims.jti) {
            Known::Revoked
        } else if is_before_all {
            // Of a session whose turn to end is still to come, or of one that was opened after all others ended, by a clock
            // that was corrected since? The record knows.
            Known::Unsure
        } else if self.is_trusted() {
            Known::Good
        } else {
            Known::Unsure
        }
    }

    /// Whether a token was issued before all sessions were last ended, or while they were. What is to be thought of one that
    /// carries a session, the record knows.
    #[must_use]
    pub fn is_before_everyones_end(&self, claims: &Claims) -> bool {
        claims.is_older_than(self.everyone.load(Ordering::Relaxed))
    }

    fn is_before_cut_off(&self, claims: &Claims) -> bool {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        let cut_off = claims.user_id.and_then(|id| users.get(&id));
        cut_off.is_some_and(|cut_off| claims.is_older_than(*cut_off))
    }

    /// Whether the access token of this name was revoked alone.
    #[must_use]
    pub fn is_token_revoked(&self, jti: &Jti) -> bool {
        !self.tokens.is_empty() && self.tokens.contains(&digest(jti))
    }

    /// Whether what is not remembered is not revoked.
    fn is_trusted(&self) -> bool {
        self.doubt().is_none()
    }

    /// Why what is not remembered may be revoked all the same; `None` where it is not.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        if !self.freshness.is_fresh() {
            Some(Doubt::Stale)
        } else if !self.sessions.is_complete() || !self.tokens.is_complete() {
            Some(Doubt::Incomplete)
        } else {
            None
        }
    }

    /// The number of the last revocation heard of.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq.load(Ordering::SeqCst)
    }

    /// Takes in the next revocations of the feed.
    pub fn hear(&self, news: &[(i64, Revocation)], now: UnixSeconds) {
        for (seq, revocation) in news {
            self.revoke(revocation, now);
            self.seq.fetch_max(*seq, Ordering::SeqCst);
        }
    }

    /// Nothing the database knew at `asked` is missing.
    pub fn is_up_to_date(&self, asked: Instant) {
        self.freshness.heard(asked);
    }

    /// Forgets a part of what is over. Called again and again it comes round to all of it.
    pub fn sweep(&self, now: UnixSeconds) {
        self.sessions.sweep(now);
        self.tokens.sweep(now);
        self.receipts.sweep(now);
    }
}

fn digest(jti: &Jti) -> JtiDigest {
    let full: [u8; 32] = Sha256::digest(jti.as_str()).into();
    let mut half = JtiDigest::default();
    half.copy_from_slice(&full[..16]);
    half
}

#[cfg(test)]
mod tests;
