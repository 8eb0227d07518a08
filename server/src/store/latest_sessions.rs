//! How many sessions of a row's user or device are live: counted among the latest only, so that a row costs the same
//! whether there are three or a million.

use super::scan::Sql;
use crate::clock::UnixSeconds;

/// Among how many.
pub const LATEST: i64 = 50;

/// What is known of somebody's sessions, or of a device's.
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
pub struct LiveSessions {
    /// How many of the latest are live.
    #[sqlx(default, rename = "live_sessions")]
    pub live: i64,
    /// There are others, which were not looked at.
    #[sqlx(default, rename = "has_older_sessions")]
    pub has_older: bool,
}

/// The columns of [`LiveSessions`]. `of` is a condition on `sessions s` and the row `t`, which an index answers by id.
pub fn live_sessions(of: &'static str, now: UnixSeconds) -> Sql {
    Sql::new(
        ", (select count(*) from (select s.ended_at, s.expires_at, s.tokens_expire_at from sessions s where ",
    )
    .push(of)
    .push(" order by s.id desc limit ")
    .bind(LATEST)
    .push(") l where l.ended_at is null and l.expires_at > ")
    .bind(now)
    .push(" and l.tokens_expire_at > ")
    .bind(now)
    .push(") as live_sessions, (select count(*) from (select 1 as one from sessions s where ")
    .push(of)
    .push(" order by s.id desc limit ")
    .bind(LATEST + 1)
    .push(") l) > ")
    .bind(LATEST)
    .push(" as has_older_sessions")
}
