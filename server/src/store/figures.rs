//! What the admin's overview says in numbers, in one statement. No part of it reads more rows than a small limit: what is
//! more than that is told by a census.

use super::deliveries::NEVER;
use super::{Db, Result, Store, in_time};
use crate::clock::UnixSeconds;

/// Up to how many rows are counted exactly.
pub const EXACT: i64 = 1000;

/// How often a delivery was tried in vain before it counts as late: a quarter of an hour.
const OFTEN: i64 = 10;

/// For how many seconds a delivery may be due before it counts as late.
const OVERDUE: i64 = 300;

/// Numbers of the overview. What is called *seen* is how many rows were looked at: more than [`EXACT`], and there are others.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Figures {
    /// Sessions before their absolute end.
    pub sessions_seen: i64,
    /// Those among them that go on.
    pub sessions_live: i64,
    /// Tokens that did not expire.
    pub tokens_seen: i64,
    /// Those among them that could still be used.
    pub tokens_live: i64,
    /// Blacklisted tokens on record.
    pub blacklisted: i64,
    /// Those among them that were revoked, not spent by a rotation.
    pub revoked: i64,
    /// Users.
    pub users: i64,
    /// Those among them who may not log in.
    pub shut_out: i64,
    /// Somebody who may log in is a superuser.
    pub has_superuser: bool,
    /// When the token expired that did so first of those on record.
    pub oldest_expiry: Option<UnixSeconds>,
    /// Tokens that should have been removed.
    pub overdue: i64,
    /// Deliveries that are not tried any more.
    pub given_up: i64,
    /// Deliveries that were tried often, or that nobody tries.
    pub late: i64,
    /// How much room the database takes, in bytes; on SQLite without its log.
    pub database_bytes: i64,
}

macro_rules! figures {
    ($bytes:literal) => {
        concat!(
            "select s.seen as sessions_seen, s.live as sessions_live, t.seen as tokens_seen, t.live as tokens_live,
                    b.seen as blacklisted, b.revoked, u.seen as users, u.shut_out, c.overdue, g.given_up, l.late,
                    exists (select 1 from users where is_staff and is_superuser and is_active) as has_superuser,
                    (select min(expires_at) from outstanding_tokens) as oldest_expiry,
                    ", $bytes, " as database_bytes
             from (select count(*) as seen,
                          coalesce(sum(case when ended_at is null and tokens_expire_at > $1 then 1 else 0 end), 0) as live
                   from (select ended_at, tokens_expire_at from sessions
                         where expires_at > $1 order by expires_at desc limit $2) part) s,
                  (select count(*) as seen,
                          coalesce(sum(case when exists (select 1 from blacklisted_tokens b where b.token_id = part.id)
                                            then 0 else 1 end), 0) as live
                   from (select id from outstanding_tokens
                         where expires_at > $1 order by expires_at desc limit $2) part) t,
                  (select count(*) as seen, coalesce(sum(case when reason = 'rotated' then 0 else 1 end), 0) as revoked
                   from (select reason from blacklisted_tokens order by blacklisted_at desc limit $2) part) b,
                  (select count(*) as seen, coalesce(sum(case when is_active then 0 else 1 end), 0) as shut_out
                   from (select is_active from users order by id desc limit $2) part) u,
                  (select count(*) as overdue
                   from (select expires_at from outstanding_tokens
                         where expires_at < $3 order by expires_at limit $2) part) c,
                  (select count(*) as given_up
                   from (select next_at from webhook_deliveries where next_at = $4 order by next_at limit $2) part) g,
                  (select coalesce(sum(case when attempts >= $5 or next_at < $1 - $6 then 1 else 0 end), 0) as late
                   from (select attempts, next_at from webhook_deliveries
                         where next_at < $4 order by next_at limit $2) part) l"
        )
    };
}

impl Store {
    /// The numbers at `now`; tokens that expired before `kept_since` should have been removed.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn figures(&self, now: UnixSeconds, kept_since: UnixSeconds) -> Result<Figures> {
        macro_rules! ask {
            ($sql:expr, $db:expr) => {
                sqlx::query_as($sql)
                    .bind(now)
                    .bind(EXACT + 1)
                    .bind(kept_since)
                    .bind(NEVER)
                    .bind(OFTEN)
                    .bind(OVERDUE)
                    .fetch_one($db)
                    .await
            };
        }
        let figures = in_time(async {
            match &self.db {
                Db::Sqlite { read, .. } => {
                    let sql = figures!(
                        "(select page_count * page_size from pragma_page_count(), pragma_page_size())"
                    );
                    ask!(sql, read)
                }
                Db::Postgres(pool) => {
                    ask!(figures!("pg_database_size(current_database())"), pool)
                }
            }
        });
        Ok(figures.await?)
    }
}
