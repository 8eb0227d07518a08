//! Counts what is too much to count while somebody waits: table by table, a bite at a time in the order of the key, with a
//! rest nine times as long as each bite took. No statement reads more rows than a bite has. What changes meanwhile is
//! counted or not: a census tells how much there is, not what.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;

/// How much there is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Census {
    /// Sessions that go on.
    pub live_sessions: i64,
    /// Tokens that could still be used.
    pub live_tokens: i64,
    /// Blacklisted tokens on record.
    pub blacklisted: i64,
    /// Those among them that were revoked, not spent by a rotation.
    pub revoked: i64,
    /// Users.
    pub users: i64,
    /// Those among them who may not log in.
    pub shut_out: i64,
}

/// Rows seen and rows counted in a whole table; `$1` is the key to go on after, `$2` the size of a bite.
macro_rules! walk {
    ($store:expr, $bite:expr, from $first:expr, $sql:literal $(, $more:expr)?) => {{
        let (mut from, mut seen, mut counted) = ($first, 0, 0);
        loop {
            let begun = Instant::now();
            let (rows, last, some): (i64, Option<_>, i64) = reading!($store, db => {
                sqlx::query_as($sql).bind(&from).bind($bite)$(.bind($more))?.fetch_one(db).await
            })?;
            seen += rows;
            counted += some;
            match last {
                Some(last) if rows == $bite => from = last,
                _ => break (seen, counted),
            }
            rest(begun.elapsed()).await;
        }
    }};
}

impl Store {
    /// Counts, `bite` rows at a time.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn census(&self, now: UnixSeconds, bite: i64) -> Result<Census> {
        let (_, live_sessions) = walk!(self, bite, from String::new(),
            "select count(*), max(id),
                    coalesce(sum(case when ended_at is null and expires_at > $3 and tokens_expire_at > $3
                                      then 1 else 0 end), 0)
             from (select id, ended_at, expires_at, tokens_expire_at from sessions
                   where id > $1 order by id limit $2) bite",
            now
        );
        // Whether a token is blacklisted is asked of those only that could be used otherwise.
        let (_, live_tokens) = walk!(self, bite, from i64::MIN,
            "select count(*), max(id),
                    coalesce(sum(case when expires_at <= $3 then 0
                                      when exists (select 1 from blacklisted_tokens b where b.token_id = bite.id) then 0
                                      else 1 end), 0)
             from (select id, expires_at from outstanding_tokens where id > $1 order by id limit $2) bite",
            now
        );
        let (blacklisted, revoked) = walk!(self, bite, from i64::MIN,
            "select count(*), max(token_id), coalesce(sum(case when reason = 'rotated' then 0 else 1 end), 0)
             from (select token_id, reason from blacklisted_tokens where token_id > $1 order by token_id limit $2) bite"
        );
        let (users, shut_out) = walk!(self, bite, from i64::MIN,
            "select count(*), max(id), coalesce(sum(case when is_active then 0 else 1 end), 0)
             from (select id, is_active from users where id > $1 order by id limit $2) bite"
        );
        Ok(Census {
            live_sessions,
            live_tokens,
            blacklisted,
            revoked,
            users,
            shut_out,
        })
    }
}

async fn rest(worked: Duration) {
    sleep(worked * 9).await;
}
