//! What a page shows of one session.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::token::{SessionId, UserId};

/// A session as a page shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionFacts {
    /// Its id.
    pub id: String,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
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
    /// The address tokens were last issued to; empty where unknown.
    pub ip: String,
    /// The country that was told to be in; empty where unknown.
    pub country: String,
    /// The program tokens were last issued to; empty where unknown.
    pub user_agent: String,
    /// The user's word for its device.
    pub device_name: Option<String>,
    /// The device's browser.
    pub browser: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
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
        let facts = reading!(self, db => {
            sqlx::query_as(
                "select s.id, u.username, s.opened_at, s.last_seen_at, s.generation, s.expires_at, s.ended_at,
                        s.end_reason, s.ended_by, s.ip, d.name as device_name, d.browser, d.os,
                        coalesce((select a.country from session_addresses a
                                  where a.session_id = s.id and a.network = s.network), '') as country,
                        coalesce((select t.user_agent from outstanding_tokens t where t.session_id = s.id
                                  order by t.id desc limit 1), '') as user_agent,
                        (select count(*) from outstanding_tokens t
                         left join blacklisted_tokens b on b.token_id = t.id
                         where t.session_id = s.id and t.expires_at > $2 and b.token_id is null) as live_tokens
                 from sessions s
                 left join users u on u.id = s.user_id
                 left join devices d on d.id = s.device_id
                 where s.id = $1",
            )
            .bind(id.to_string())
            .bind(now)
            .fetch_optional(db)
            .await
        })?;
        Ok(facts)
    }
}

/// A live session as a list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LiveSession {
    /// Its id.
    pub id: String,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: UnixSeconds,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// When the last of its tokens expires.
    pub tokens_expire_at: UnixSeconds,
}

impl LiveSession {
    /// When it is over unless it is refreshed before.
    #[must_use]
    pub fn over_unless_refreshed(&self) -> UnixSeconds {
        self.tokens_expire_at.min(self.expires_at)
    }
}

impl Store {
    /// The sessions that are live at `now`, of one user or of all, latest first; at most a thousand.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn live_sessions(
        &self,
        user: Option<UserId>,
        now: UnixSeconds,
    ) -> Result<Vec<LiveSession>> {
        let sessions = reading!(self, db => {
            sqlx::query_as(
                "select s.id, u.username, s.opened_at, s.last_seen_at, s.expires_at, s.tokens_expire_at
                 from sessions s
                 left join users u on u.id = s.user_id
                 where s.ended_at is null and s.tokens_expire_at > $2 and ($1 is null or s.user_id = $1)
                 order by s.id desc limit 1000",
            )
            .bind(user.map(|id| id.0))
            .bind(now)
            .fetch_all(db)
            .await
        })?;
        Ok(sessions)
    }
}
