//! What a server must remember of revocations: at its start all that is still in time, later what others did,
//! another node or the command line.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;

/// An ended session whose tokens could still be presented.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RevokedSession {
    /// Its id.
    pub id: String,
    /// When the last of its tokens expires.
    pub until: UnixSeconds,
}

/// A blacklisted access token of a session that goes on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RevokedToken {
    /// Its name.
    pub jti: String,
    /// When it expires.
    pub until: UnixSeconds,
}

impl Store {
    /// Sessions that ended at `since` or later, whose tokens could be presented at `now`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn revoked_sessions(
        &self,
        since: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Vec<RevokedSession>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select id, tokens_expire_at as until from sessions
                 where ended_at >= $1 and tokens_expire_at > $2",
            )
            .bind(since)
            .bind(now)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }

    /// Access tokens blacklisted one by one at `since` or later, that could be presented at `now`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn revoked_tokens(
        &self,
        since: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Vec<RevokedToken>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select t.jti, t.expires_at as until
                 from blacklisted_tokens b
                 join outstanding_tokens t on t.id = b.token_id
                 join sessions s on s.id = t.session_id
                 where b.blacklisted_at >= $1 and b.reason <> 'rotated' and t.expires_at > $2
                   and t.token_type = 'access' and s.ended_at is null",
            )
            .bind(since)
            .bind(now)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }
}
