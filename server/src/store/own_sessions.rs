//! What users see of their own sessions.

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::{SessionId, UserId};

/// The most sessions that are listed; all of them can be ended.
const SESSIONS: i64 = 200;

/// The most notices that are listed. More than anybody reads one by one: equal ones are shown as one, and are not to push
/// another out of the list.
const NOTICES: i64 = 200;

/// A live session of a user, with one of the networks it was used from: there are as many rows of a session as it has
/// networks, and at least one. What is not known is empty.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnSessionRow {
    /// Its id.
    pub id: String,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: UnixSeconds,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// When the last of its tokens expires.
    pub tokens_expire_at: UnixSeconds,
    /// The address its latest token was issued to.
    pub ip: String,
    /// That address's network.
    pub network: String,
    /// Since when it is in that.
    pub network_at: UnixSeconds,
    /// The program its latest token was issued to.
    pub user_agent: String,
    /// What the client that opened it calls itself.
    pub client: String,
    /// Its device.
    pub device_id: Option<String>,
    /// The user's word for that.
    pub device_name: Option<String>,
    /// The device's browser.
    pub browser: Option<String>,
    /// That browser's version.
    pub browser_version: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
    /// What sort of device it is.
    pub kind: Option<String>,
    /// A network it was used from.
    pub used_network: Option<String>,
    /// The latest address in it.
    pub used_ip: Option<String>,
    /// The country of that.
    pub used_country: Option<String>,
    /// Since when it was used from there.
    pub used_first_at: Option<UnixSeconds>,
    /// And until when.
    pub used_last_at: Option<UnixSeconds>,
}

/// An event that its user is to see.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeRow {
    /// When.
    pub at: UnixSeconds,
    /// What.
    pub kind: String,
    /// The session it concerns.
    pub session_id: Option<String>,
    /// Where it came from.
    pub ip: String,
    /// The program it came from.
    pub user_agent: String,
    /// What else there is to say.
    pub detail: Option<String>,
    /// What the client of that session calls itself, while the session is on record.
    pub client: Option<String>,
}

impl Store {
    /// The sessions of a user that are live at `now`: first `calling`, then by when they were last seen. Sessions none of
    /// whose tokens can be used any more are left out.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn own_sessions(
        &self,
        user: UserId,
        calling: Option<SessionId>,
        now: UnixSeconds,
    ) -> Result<Vec<OwnSessionRow>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select s.id, s.opened_at, s.last_seen_at, s.expires_at, s.tokens_expire_at,
                        case when s.ip = '' then t.ip else s.ip end as ip, s.network, s.network_at, t.user_agent,
                        s.client,
                        d.id as device_id, d.name as device_name, d.browser, d.browser_version, d.os, d.kind,
                        a.network as used_network, a.ip as used_ip, a.country as used_country,
                        a.first_seen_at as used_first_at, a.last_seen_at as used_last_at
                 from (select *, case when id = $2 then 0 else 1 end as place from sessions
                       where user_id = $1 and ended_at is null and expires_at > $3 and tokens_expire_at > $3
                       order by place, last_seen_at desc, id desc limit $4) s
                 join outstanding_tokens t on t.id = (select max(id) from outstanding_tokens where session_id = s.id)
                 left join devices d on d.id = s.device_id
                 left join session_addresses a on a.session_id = s.id
                 order by s.place, s.last_seen_at desc, s.id desc, a.last_seen_at desc, a.network",
            )
            .bind(user.0)
            .bind(calling.map(|id| id.to_string()))
            .bind(now)
            .bind(SESSIONS)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }

    /// The absolute end of a session that is live at `now`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_of_live_session(
        &self,
        id: SessionId,
        now: UnixSeconds,
    ) -> Result<Option<UnixSeconds>> {
        let row: Option<(UnixSeconds,)> = reading!(self, db => {
            sqlx::query_as("select expires_at from sessions where id = $1 and ended_at is null and expires_at > $2")
                .bind(id.to_string())
                .bind(now)
                .fetch_optional(db)
                .await
        })?;
        Ok(row.map(|(expires_at,)| expires_at))
    }

    /// What a user is to see of what happened after `since`, latest first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn notices(&self, user: UserId, since: UnixSeconds) -> Result<Vec<NoticeRow>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select at, kind, session_id, ip, user_agent, detail,
                        (select client from sessions where id = events.session_id) as client
                 from events
                 where user_id = $1 and notice and at > $2
                 order by id desc limit $3",
            )
            .bind(user.0)
            .bind(since)
            .bind(NOTICES)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }
}

impl Tx {
    /// Gives the device of a user's session a name of theirs. False when there is no such device.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn name_device(
        &mut self,
        user: UserId,
        session: SessionId,
        name: &str,
    ) -> Result<bool> {
        let done = writing!(self, db => {
            sqlx::query(
                "update devices set name = $3
                 where user_id = $1 and id = (select device_id from sessions where id = $2 and user_id = $1)",
            )
            .bind(user.0)
            .bind(session.to_string())
            .bind(name)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }
}
