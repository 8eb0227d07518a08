//! What the page of one session shows. Every read is bounded, however long the session went on: tokens come from the
//! newest down, and nothing counts what it does not show.

use super::{EventRow, Result, Store, reading, unreadable};
use crate::clock::UnixSeconds;
use crate::network::Network;
use crate::session::{Device, EndReason, Phase, Rotation, Session, Trail};
use crate::token::{Generation, SessionId, UserId};

/// A session with its user and its device.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct SessionDetail {
    /// Its id.
    pub id: String,
    /// Its user's number; `None` when that user was deleted.
    pub user_id: Option<i64>,
    /// Its user's name.
    pub username: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: UnixSeconds,
    /// How often it was rotated.
    pub generation: i64,
    /// When its generation began.
    pub rotated_at: UnixSeconds,
    /// The mark of the device that asked for it.
    pub rotated_by: String,
    /// The latest generation of which an access token was seen in use.
    pub received_generation: i64,
    /// How often a spent token was answered with its successor again.
    pub replays: i64,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// When the last of its tokens expires.
    pub tokens_expire_at: UnixSeconds,
    /// When it ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why it ended, a word of [`EndReason`].
    pub end_reason: Option<String>,
    /// The name of who ended it.
    pub ended_by: Option<String>,
    /// Their words for it, or the server's.
    pub end_note: Option<String>,
    /// The address tokens were last issued to; empty where unknown.
    pub ip: String,
    /// That address's network.
    pub network: String,
    /// What the client that opened it calls itself; empty where it did not say.
    pub client: String,
    /// Its device; `None` where that is not on record.
    pub device_id: Option<String>,
    /// The user's word for the device.
    pub device_name: Option<String>,
    /// The device's browser.
    pub browser: Option<String>,
    /// That browser's version.
    pub browser_version: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
    /// That system's version.
    pub os_version: Option<String>,
    /// The device's model.
    pub model: Option<String>,
    /// What kind of thing it is.
    pub kind: Option<String>,
}

/// A token of a session, with where it was issued to and how it was blacklisted.
#[derive(Clone, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub struct SessionToken {
    /// The row's number; grows in the order of issue.
    pub id: i64,
    /// The token it was issued for.
    pub parent_id: Option<i64>,
    /// Its generation.
    pub generation: i64,
    /// A name of [`crate::token::TokenType`].
    pub token_type: String,
    /// Its name.
    pub jti: String,
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
    /// Why: [`super::ROTATED`], or a word of [`EndReason`].
    pub reason: Option<String>,
    /// By whom; `None` where the server acted by itself.
    pub actor: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
}

impl SessionDetail {
    /// The session as the rules of [`crate::session`] see it, but for its trail.
    ///
    /// # Errors
    /// The row is not of this version.
    pub fn session(&self) -> Result<Session> {
        self.read().ok_or_else(|| unreadable("sessions"))
    }

    fn read(&self) -> Option<Session> {
        let phase = match self.ended_at {
            None => Phase::Live,
            Some(at) => Phase::Ended {
                at,
                reason: EndReason::parse(self.end_reason.as_deref()?)?,
            },
        };
        Some(Session {
            id: SessionId::parse(&self.id)?,
            user_id: self.user_id.map(UserId),
            phase,
            generation: Generation(self.generation),
            rotation: Rotation {
                at: self.rotated_at,
                by: Device::from_mark(self.rotated_by.clone()),
                received: self.received_generation >= self.generation,
            },
            expires_at: self.expires_at,
            trail: Trail::begin(Network::parse(&self.network), self.rotated_at),
        })
    }
}

impl Store {
    /// A session with its user and its device.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session_detail(&self, id: SessionId) -> Result<Option<SessionDetail>> {
        let row = reading!(self, db => {
            sqlx::query_as(
                "select s.id, s.user_id, u.username, s.opened_at, s.last_seen_at, s.generation, s.rotated_at,
                        s.rotated_by, s.received_generation, s.replays, s.expires_at, s.tokens_expire_at, s.ended_at, s.end_reason,
                        s.ended_by, s.end_note, s.ip, s.network, s.client, d.id as device_id, d.name as device_name,
                        d.browser, d.browser_version, d.os, d.os_version, d.model, d.kind
                 from sessions s
                 left join users u on u.id = s.user_id
                 left join devices d on d.id = s.device_id
                 where s.id = $1",
            )
            .bind(id.to_string())
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }

    /// The newest tokens of a session, and the newest of those that belong to generation `upto` or one before; at most
    /// `limit` of each, in the order of their issue.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn newest_tokens_of_session(
        &self,
        id: SessionId,
        upto: Generation,
        limit: i64,
    ) -> Result<Vec<SessionToken>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select t.id, t.parent_id, t.generation, t.token_type, t.jti, t.created_at, t.expires_at, t.ip,
                        t.user_agent, b.blacklisted_at, b.reason, b.actor, b.note
                 from (select id from (select id from outstanding_tokens where session_id = $1
                                       order by id desc limit $3) newest
                       union
                       select id from (select id from outstanding_tokens where session_id = $1 and generation <= $2
                                       order by id desc limit $3) asked) shown
                 join outstanding_tokens t on t.id = shown.id
                 left join blacklisted_tokens b on b.token_id = t.id
                 order by t.id",
            )
            .bind(id.to_string())
            .bind(upto.0)
            .bind(limit)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }

    /// What happened in a session, latest first; at most `limit` events. Renewals, which are events only where a webhook
    /// asks for them, are left out: they are on record as tokens.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn events_of_session(&self, id: SessionId, limit: i64) -> Result<Vec<EventRow>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select id, at, kind, user_id, username, session_id, actor, ip, network, user_agent, detail, notice
                 from events where session_id = $1 and kind <> 'session_renewed'
                 order by id desc limit $2",
            )
            .bind(id.to_string())
            .bind(limit)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }
}
