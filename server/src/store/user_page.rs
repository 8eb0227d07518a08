//! What the admin's page of one user shows. Each list is its latest few rows, whatever the user has: the lists that go on
//! are elsewhere.

use super::{EventRow, Result, Store, User, reading};
use crate::clock::UnixSeconds;
use crate::token::UserId;

/// The most rows of a list.
pub const LATEST: i64 = 20;

/// The most sessions that ended.
const ENDED: i64 = 10;

/// Sessions are counted up to this.
pub const SESSIONS_COUNTED: i64 = 1_000;

/// Among how many of a user's latest sessions the live ones are looked for, and among how many of their latest events the
/// logins: a script that logs in every minute must not make the page slow.
const LOOKED_AT: i64 = 1_000;

/// A user, and what belongs to them at most once.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserFacts {
    /// The user.
    #[sqlx(flatten)]
    pub user: User,
    /// When their API token was made, if they have one.
    pub api_token_made_at: Option<UnixSeconds>,
    /// When it was last used, to about a minute.
    pub api_token_used_at: Option<UnixSeconds>,
    /// How many of their sessions are live, up to [`SESSIONS_COUNTED`].
    pub live_sessions: i64,
}

/// A session of a user, live or ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserSession {
    /// Its id.
    pub id: String,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: UnixSeconds,
    /// The address its latest token was issued to; empty where unknown.
    pub ip: String,
    /// The country that was told to be in; empty or missing where unknown.
    pub country: Option<String>,
    /// When it ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why, a name of [`crate::session::EndReason`].
    pub end_reason: Option<String>,
    /// It is one of the admin.
    pub is_admin: bool,
    /// The user's word for its device, if they have one.
    pub device_name: Option<String>,
    /// The device's browser.
    pub browser: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
}

/// A device of a user.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserDevice {
    /// Its id.
    pub id: String,
    /// The user's word for it; may be empty.
    pub name: String,
    /// Its browser.
    pub browser: String,
    /// Its operating system.
    pub os: String,
    /// What sort it is.
    pub kind: String,
    /// When it was first seen.
    pub first_seen_at: UnixSeconds,
    /// When a session was last opened on it, or used.
    pub last_seen_at: UnixSeconds,
    /// Whether one of its latest sessions is live.
    pub is_live: bool,
}

/// Something that happened to a user, and in which country.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserEvent {
    /// What.
    #[sqlx(flatten)]
    pub event: EventRow,
    /// The country its session was told to be used from there; empty where that is not on record.
    pub country: String,
}

impl Store {
    /// What is known of a user; `None` when there is no such user.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_facts(&self, id: UserId, now: UnixSeconds) -> Result<Option<UserFacts>> {
        let facts = reading!(self, db => {
            sqlx::query_as(
                "select u.id, u.username, u.email, u.is_active, u.is_staff, u.is_superuser, u.date_joined,
                        u.last_login, u.tokens_valid_after,
                        t.created_at as api_token_made_at, t.last_used_at as api_token_used_at,
                        (select count(*) from (select 1 from sessions
                                               where user_id = $1 and ended_at is null and expires_at > $2
                                                 and tokens_expire_at > $2
                                               limit $3) live) as live_sessions
                 from users u
                 left join api_tokens t on t.user_id = u.id
                 where u.id = $1",
            )
            .bind(id.0)
            .bind(now)
            .bind(SESSIONS_COUNTED)
            .fetch_optional(db)
            .await
        })?;
        Ok(facts)
    }

    /// The latest sessions of a user that are live at `now`, latest first; then the few that ended last.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_sessions_of(
        &self,
        user: UserId,
        now: UnixSeconds,
    ) -> Result<Vec<UserSession>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "with latest as (select id, opened_at, last_seen_at, ip, network, access_expires_at, device_id, ended_at, end_reason,
                                        expires_at, tokens_expire_at
                                 from sessions where user_id = $1 order by id desc limit $4)
                 select s.id, s.opened_at, s.last_seen_at, s.ip, a.country, s.ended_at, s.end_reason,
                        s.access_expires_at = 0 as is_admin, d.name as device_name, d.browser, d.os
                 from (select * from (select * from latest
                                      where ended_at is null and expires_at > $2 and tokens_expire_at > $2
                                      order by id desc limit $3) live
                       union all
                       select * from (select * from latest where ended_at is not null
                                      order by ended_at desc, id desc limit $5) ended) s
                 left join devices d on d.id = s.device_id
                 left join session_addresses a on a.session_id = s.id and a.network = s.network
                 order by coalesce(s.ended_at, $6) desc, s.id desc",
            )
            .bind(user.0)
            .bind(now)
            .bind(LATEST)
            .bind(LOOKED_AT)
            .bind(ENDED)
            .bind(i64::MAX)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }

    /// The devices of a user, the one that was seen last first; of somebody with very many, those that were first seen last.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_devices_of(
        &self,
        user: UserId,
        now: UnixSeconds,
    ) -> Result<Vec<UserDevice>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select id, name, browser, os, kind, first_seen_at, last_seen_at,
                        exists (select 1 from (select ended_at, expires_at, tokens_expire_at from sessions s
                                               where s.device_id = theirs.id order by s.id desc limit 50) recent
                                where ended_at is null and expires_at > $4 and tokens_expire_at > $4) as is_live
                 from (select * from devices where user_id = $1 order by id desc limit $3) theirs
                 order by last_seen_at desc, id desc limit $2",
            )
            .bind(user.0)
            .bind(LATEST)
            .bind(LOOKED_AT)
            .bind(now)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }

    /// How a user signed in lately, or somebody else tried to, and when their password was changed; and what was
    /// alarming about them, or a device they never used before, after `since`. Latest first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_events_of(
        &self,
        user: UserId,
        since: UnixSeconds,
    ) -> Result<Vec<UserEvent>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "with latest as (select id, at, kind, user_id, username, session_id, actor, ip, network, user_agent, detail,
                                        notice
                                 from events where user_id = $1 order by id desc limit $3)
                 select e.*, coalesce((select a.country from session_addresses a
                                       where a.session_id = e.session_id and a.network = e.network), '') as country
                 from (select * from (select * from latest
                                      where kind in ('authn_login_success', 'authn_login_fail', 'authn_password_change',
                                                     'authn_password_change_fail')
                                      order by id desc limit $2) sign_ins
                       union all
                       select * from (select * from latest
                                      where kind in ('authn_token_reuse', 'authn_impossible_travel',
                                                     'excess_rate_limit_exceeded', 'authn_login_fail_max',
                                                     'authn_new_device') and at > $4
                                      order by id desc limit $2) alarms) e
                 order by e.id desc",
            )
            .bind(user.0)
            .bind(LATEST)
            .bind(LOOKED_AT)
            .bind(since)
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }
}
