//! What is on record of a token by its name, for who wants to know what it is. The token itself is not.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::token::Jti;

/// A token as it is on record, with its session and how it was blacklisted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecordedToken {
    /// The row's number.
    pub id: i64,
    /// SHA-256 of the compact form, lower-case hexadecimal.
    pub sha256: String,
    /// A name of [`crate::token::TokenType`].
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// Its generation.
    pub generation: i64,
    /// Its user's number; `None` when that user was deleted.
    pub user_id: Option<i64>,
    /// Its user's name.
    pub username: Option<String>,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
    /// The address it was issued to.
    pub ip: String,
    /// The program it was issued to.
    pub user_agent: String,
    /// When it was blacklisted.
    pub blacklisted_at: Option<UnixSeconds>,
    /// Why.
    pub reason: Option<String>,
    /// By whom; `None` where the server acted by itself.
    pub actor: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
    /// The generation its session is at.
    pub session_generation: i64,
    /// When its session ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why its session ended.
    pub end_reason: Option<String>,
}

impl Store {
    /// What is on record of the token of this name.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn recorded_token(&self, jti: &Jti) -> Result<Option<RecordedToken>> {
        let row = reading!(self, db => {
            sqlx::query_as(
                "select t.id, t.sha256, t.token_type, t.session_id, t.generation, t.user_id, u.username, t.created_at,
                        t.expires_at, t.ip, t.user_agent, b.blacklisted_at, b.reason, b.actor, b.note,
                        s.generation as session_generation, s.ended_at, s.end_reason
                 from outstanding_tokens t
                 join sessions s on s.id = t.session_id
                 left join users u on u.id = t.user_id
                 left join blacklisted_tokens b on b.token_id = t.id
                 where t.jti = $1",
            )
            .bind(jti.as_str())
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }
}
