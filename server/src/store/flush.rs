//! Clean-up: removes what is over for good, a little at a time, so that whoever refreshes meanwhile does not wait.
//! It removes no evidence: the row of a session stays until no token of the session could pass verification, and
//! until then its generation tells a spent token from an unknown one. What is left of a session hangs together.

mod others;
mod whole;

use std::time::Instant;

use sqlx::QueryBuilder;
use tokio::time::sleep;

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;

/// How many rows were removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Flushed {
    /// Outstanding tokens, blacklisted or not.
    pub tokens: u64,
    /// Sessions.
    pub sessions: u64,
    /// Entries of the feed of revocations.
    pub revocations: u64,
}

impl Flushed {
    /// Rows in all.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tokens + self.sessions + self.revocations
    }
}

impl std::ops::AddAssign for Flushed {
    fn add_assign(&mut self, more: Self) {
        self.tokens += more.tokens;
        self.sessions += more.sessions;
        self.revocations += more.revocations;
    }
}

/// How many rows of each kind one transaction removes: a millisecond or two of work. Another process that wants to write
/// to the same file looks again after 1, 2, 5, 10 ms.
const AT_ONCE: i64 = 20;

#[derive(sqlx::FromRow)]
struct Over {
    id: i64,
    expires_at: UnixSeconds,
}

impl Store {
    /// Removes all that was over before `before`, pausing for twice as long as it works, so that others get their turn.
    ///
    /// # Errors
    /// The database is out of reach; what was removed until then stays so.
    pub async fn flush_expired(&self, before: UnixSeconds) -> Result<Flushed> {
        let mut all = Flushed {
            tokens: self.flush_tokens(before).await?,
            ..Flushed::default()
        };
        loop {
            let begun = Instant::now();
            let some =
                self.write(move |tx| Box::pin(async move { tx.flush(before, AT_ONCE).await }));
            let some = some.await?;
            if some.rows() == 0 {
                return Ok(all);
            }
            all += some;
            rest(begun).await;
        }
    }

    async fn flush_tokens(&self, before: UnixSeconds) -> Result<u64> {
        let (mut removed, mut from) = (0, UnixSeconds::MIN);
        loop {
            let begun = Instant::now();
            let over = self.tokens_that_may_go(before, from).await?;
            let Some(last) = over.last() else {
                return Ok(removed);
            };
            from = last.expires_at;
            let some = self.write(move |tx| Box::pin(async move { tx.flush_tokens(&over).await }));
            removed += some.await?;
            rest(begun).await;
        }
    }

    /// Some tokens that expired before `before`, and not before `from`. An access token has no children and may go. Any
    /// other waits until nothing of its generation or an earlier one is left that stays: else its children, or what it
    /// was issued for, would be left alone. Refresh tokens expire in the order of their issue, but for those of before
    /// a lifetime was shortened. Generations grow with the numbers of rows, so the first that stays tells of all.
    async fn tokens_that_may_go(
        &self,
        before: UnixSeconds,
        from: UnixSeconds,
    ) -> Result<Vec<Over>> {
        let over = reading!(self, db => {
            sqlx::query_as(
                "select t.id, t.expires_at from outstanding_tokens t
                 where t.expires_at < $1 and t.expires_at >= $2
                   and (t.token_type = 'access'
                        or t.generation < coalesce(
                            (select o.generation from outstanding_tokens o
                             where o.session_id = t.session_id and o.expires_at >= $1
                             order by o.id limit 1),
                            t.generation + 1))
                 order by t.expires_at limit $3",
            )
            .bind(before)
            .bind(from)
            .bind(AT_ONCE)
            .fetch_all(db)
            .await
        })?;
        Ok(over)
    }
}

/// Others get their turn.
async fn rest(begun: Instant) {
    sleep(begun.elapsed() * 2).await;
}

impl Tx {
    /// Removes at most `limit` sessions and revocations that were over before `before`.
    async fn flush(&mut self, before: UnixSeconds, limit: i64) -> Result<Flushed> {
        Ok(Flushed {
            tokens: 0,
            sessions: self.flush_sessions(before, limit).await?,
            revocations: self.flush_revocations(before, limit).await?,
        })
    }

    async fn flush_tokens(&mut self, over: &[Over]) -> Result<u64> {
        writing!(self, db => {
            let mut query = QueryBuilder::new("delete from blacklisted_tokens where token_id in ");
            query.push_tuples(over, |mut tuple, token| { tuple.push_bind(token.id); });
            query.build().execute(db).await.map(drop)
        })?;
        let removed = writing!(self, db => {
            let mut query = QueryBuilder::new("delete from outstanding_tokens where id in ");
            query.push_tuples(over, |mut tuple, token| { tuple.push_bind(token.id); });
            query.build().execute(db).await.map(|done| done.rows_affected())
        })?;
        Ok(removed)
    }

    /// A foreign token can outlive the session it was adopted into; its row then keeps the session.
    async fn flush_sessions(&mut self, before: UnixSeconds, limit: i64) -> Result<u64> {
        let removed = writing!(self, db => {
            sqlx::query(
                "delete from sessions where id in
                     (select s.id from sessions s
                      where s.expires_at < $1 and s.tokens_expire_at < $1
                        and not exists (select 1 from outstanding_tokens t where t.session_id = s.id)
                      order by s.expires_at limit $2)",
            )
            .bind(before)
            .bind(limit)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(removed)
    }

    async fn flush_revocations(&mut self, before: UnixSeconds, limit: i64) -> Result<u64> {
        let removed = writing!(self, db => {
            sqlx::query(
                "delete from revocations where seq in
                     (select seq from revocations where value < $1 order by seq limit $2)",
            )
            .bind(before)
            .bind(limit)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(removed)
    }
}
