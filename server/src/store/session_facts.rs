//! What a page shows of one session.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::token::SessionId;

/// A session as a page shows it.
#[derive(Clone, Debug)]
pub struct SessionFacts {
    /// Its id.
    pub id: SessionId,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it.
    pub last_seen_at: UnixSeconds,
    /// How often it was rotated.
    pub generation: i64,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// When it ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// How many of its tokens could still be used.
    pub live_tokens: i64,
}

impl Store {
    /// What a page shows of a session.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session_facts(
        &self,
        id: SessionId,
        now: UnixSeconds,
    ) -> Result<Option<SessionFacts>> {
        #[derive(sqlx::FromRow)]
        struct Facts {
            username: Option<String>,
            opened_at: i64,
            last_seen_at: i64,
            generation: i64,
            expires_at: i64,
            ended_at: Option<i64>,
            end_reason: Option<String>,
            ended_by: Option<String>,
            live_tokens: i64,
        }
        let row: Option<Facts> = reading!(self, db => {
            sqlx::query_as(
                "select u.username, s.opened_at, s.last_seen_at, s.generation, s.expires_at, s.ended_at,
                        s.end_reason, s.ended_by,
                        (select count(*) from outstanding_tokens t
                         left join blacklisted_tokens b on b.token_id = t.id
                         where t.session_id = s.id and t.expires_at > $2 and b.token_id is null) as live_tokens
                 from sessions s
                 left join users u on u.id = s.user_id
                 where s.id = $1",
            )
            .bind(id.to_string())
            .bind(now)
            .fetch_optional(db)
            .await
        })?;
        Ok(row.map(|row| SessionFacts {
            id,
            username: row.username,
            opened_at: row.opened_at,
            last_seen_at: row.last_seen_at,
            generation: row.generation,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            end_reason: row.end_reason,
            ended_by: row.ended_by,
            live_tokens: row.live_tokens,
        }))
    }
}
