//! The table `outstanding_tokens`: every token that was issued or taken over. A token itself is never stored.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::QueryBuilder;

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::device::Hints;
use crate::network::network_of;
use crate::token::{Generation, Jti, SessionId, TokenType, UserId};

/// 2020-01-01T00:00:00Z.
const EPOCH_MICROS: i64 = 1_577_836_800_000_000;

/// The microsecond of the latest number handed out.
static LAST: AtomicI64 = AtomicI64::new(0);

/// The number of a token's row. Rows of one process count upwards in order of issue.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TokenId(pub i64);

impl TokenId {
    /// The next number: microseconds since 2020-01-01 in the upper 51 bits (they last until 2091), a random mark
    /// of this process in the lower 12, so that nodes which share a database need not ask it for numbers.
    #[must_use]
    pub fn next() -> Self {
        static MARK: LazyLock<i64> = LazyLock::new(|| {
            let bytes = uuid::Uuid::new_v4().into_bytes();
            i64::from(u16::from_be_bytes([bytes[0], bytes[1]]) & 0xfff)
        });
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let now = i64::try_from(elapsed.as_micros()).map_or(0, |micros| micros - EPOCH_MICROS);
        let next = |last: i64| Some(now.max(last + 1));
        let micros = match LAST.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next) {
            Ok(last) | Err(last) => now.max(last + 1),
        };
        Self(micros << 12 | *MARK)
    }

    /// The lowest number that a row written at `at`, in unix seconds, could have: numbers carry their time.
    #[must_use]
    pub fn since(at: UnixSeconds) -> Self {
        let micros = at.saturating_mul(1_000_000).saturating_sub(EPOCH_MICROS);
        Self(micros.clamp(0, i64::MAX >> 12) << 12)
    }

    /// Grows whenever a number was handed out.
    #[must_use]
    pub fn latest() -> i64 {
        LAST.load(Ordering::SeqCst)
    }
}

/// Where a request came from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// The address, in text.
    pub ip: String,
    /// The header `User-Agent`, at most [`Origin::MAX_AGENT`] characters of it.
    pub user_agent: String,
    /// What a browser tells of itself beside that.
    pub hints: Hints,
}

impl Origin {
    /// The longest `User-Agent` kept, in characters.
    pub const MAX_AGENT: usize = 300;

    /// The network the address is in, as it is kept; empty where no address is known.
    #[must_use]
    pub fn network(&self) -> String {
        network_of(&self.ip)
    }
}

/// A token to put on record.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The row's number.
    pub id: TokenId,
    /// Its name.
    pub jti: Jti,
    /// SHA-256 of its compact form.
    pub sha256: String,
    /// What it may be used for.
    pub token_type: TokenType,
    /// Whom it speaks for.
    pub user_id: Option<UserId>,
    /// Its session.
    pub session_id: SessionId,
    /// The refresh token it was issued for.
    pub parent: Option<TokenId>,
    /// The generation it belongs to.
    pub generation: Generation,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
}

/// What is needed to make an issued token again: the same recipe gives the same token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct IssuedRow {
    /// The row's number.
    pub id: i64,
    /// Its name.
    pub jti: String,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
}

/// What revoking a token needs to know of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenRow {
    /// The row's number.
    pub id: i64,
    /// Its name.
    pub jti: String,
    /// A name of [`TokenType`].
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// Its user's number.
    pub user_id: Option<i64>,
    /// The name of its user.
    pub username: Option<String>,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
    /// When it was blacklisted.
    pub blacklisted_at: Option<UnixSeconds>,
    /// When its session ended.
    pub ended_at: Option<UnixSeconds>,
    /// Where the request that issued it came from.
    pub ip: String,
    /// The program that asked for it.
    pub user_agent: String,
}

/// A [`TokenRow`] by a condition.
macro_rules! token_where {
    ($condition:literal) => {
        concat!(
            "select t.id, t.jti, t.token_type, t.session_id, t.user_id, u.username, t.created_at, t.expires_at,
                    b.blacklisted_at, s.ended_at, t.ip, t.user_agent
             from outstanding_tokens t
             join sessions s on s.id = t.session_id
             left join users u on u.id = t.user_id
             left join blacklisted_tokens b on b.token_id = t.id
             where ",
            $condition
        )
    };
}

impl Store {
    /// One token's row.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn token(&self, id: TokenId) -> Result<Option<TokenRow>> {
        let row = reading!(self, db => {
            sqlx::query_as(token_where!("t.id = $1")).bind(id.0).fetch_optional(db).await
        })?;
        Ok(row)
    }

    /// The row of the token of this name.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn token_named(&self, jti: &Jti) -> Result<Option<TokenRow>> {
        let row = reading!(self, db => {
            sqlx::query_as(token_where!("t.jti = $1")).bind(jti.as_str()).fetch_optional(db).await
        })?;
        Ok(row)
    }

    /// The refresh token of a session's generation, as it was issued.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn refresh_token_of(
        &self,
        session: SessionId,
        generation: Generation,
    ) -> Result<Option<IssuedRow>> {
        let row = reading!(self, db => {
            sqlx::query_as(
                "select id, jti, created_at, expires_at from outstanding_tokens
                 where session_id = $1 and generation = $2 and token_type = 'refresh'
                 order by id desc limit 1",
            )
            .bind(session.to_string())
            .bind(generation.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }
}

impl Store {
    /// The latest lone token of a session: an access token that was issued for no refresh token. `None` when none was
    /// issued after `since`, or each was blacklisted.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn lone_token_since(
        &self,
        session: SessionId,
        since: UnixSeconds,
    ) -> Result<Option<IssuedRow>> {
        let row = reading!(self, db => {
            sqlx::query_as(
                "select t.id, t.jti, t.created_at, t.expires_at from outstanding_tokens t
                 left join blacklisted_tokens b on b.token_id = t.id
                 where t.session_id = $1 and t.token_type = 'access' and t.parent_id is null
                   and t.created_at > $2 and b.token_id is null
                 order by t.id desc limit 1",
            )
            .bind(session.to_string())
            .bind(since)
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }
}

pub(super) const RECORD: &str =
    "insert into outstanding_tokens (id, jti, sha256, token_type, user_id, session_id, parent_id, generation,
                                     created_at, expires_at, ip, user_agent) ";

/// Adds the values of tokens, each with where its request came from, in the order of [`RECORD`].
macro_rules! push_tokens {
    ($query:expr, $tokens:expr) => {
        $query.push_values($tokens, |mut row, (token, origin)| {
            row.push_bind(token.id.0)
                .push_bind(token.jti.as_str().to_owned())
                .push_bind(token.sha256.clone())
                .push_bind(token.token_type.as_str())
                .push_bind(token.user_id.map(|id| id.0))
                .push_bind(token.session_id.to_string())
                .push_bind(token.parent.map(|id| id.0))
                .push_bind(token.generation.0)
                .push_bind(token.created_at)
                .push_bind(token.expires_at)
                .push_bind(origin.ip.clone())
                .push_bind(origin.user_agent.clone());
        })
    };
}

pub(super) use push_tokens;

impl Tx {
    /// Puts tokens that one request issued on record.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when a token of one of these names is there already.
    pub async fn record(&mut self, tokens: &[NewToken], origin: &Origin) -> Result<()> {
        writing!(self, db => {
            let mut query = QueryBuilder::new(RECORD);
            push_tokens!(query, tokens.iter().map(|token| (token, origin)));
            query.build().execute(db).await.map(drop)
        })?;
        Ok(())
    }
}
