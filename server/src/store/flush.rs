//! Clean-up: removes what is over for good, a little at a time, so that whoever refreshes meanwhile does not wait.
//! It removes no evidence: the row of a session stays until no token of the session could pass verification, and
//! until then its generation tells a spent token from an unknown one.

use std::time::Instant;

use sqlx::QueryBuilder;
use tokio::time::sleep;

use super::{Result, Store, Tx, writing};
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

impl Store {
    /// Removes all that was over before `before`, pausing for twice as long as it works, so that others get their turn.
    ///
    /// # Errors
    /// The database is out of reach; what was removed until then stays so.
    pub async fn flush_expired(&self, before: UnixSeconds) -> Result<Flushed> {
        let mut all = Flushed::default();
        loop {
            let begun = Instant::now();
            let some =
                self.write(move |tx| Box::pin(async move { tx.flush(before, AT_ONCE).await }));
            let some = some.await?;
            if some.rows() == 0 {
                return Ok(all);
            }
            all += some;
            sleep(begun.elapsed() * 2).await;
        }
    }
}

impl Tx {
    /// Removes at most `limit` rows of each kind that were over before `before`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn flush(&mut self, before: UnixSeconds, limit: i64) -> Result<Flushed> {
        let tokens = self.flush_tokens(before, limit).await?;
        if i64::try_from(tokens).is_ok_and(|removed| removed >= limit) {
            // Sessions that still have tokens would be looked at again every time.
            return Ok(Flushed {
                tokens,
                ..Flushed::default()
            });
        }
        Ok(Flushed {
            tokens,
            sessions: self.flush_sessions(before, limit).await?,
            revocations: self.flush_revocations(before, limit).await?,
        })
    }

    async fn flush_tokens(&mut self, before: UnixSeconds, limit: i64) -> Result<u64> {
        let over: Vec<(i64,)> = writing!(self, db => {
            sqlx::query_as("select id from outstanding_tokens where expires_at < $1 order by expires_at limit $2")
                .bind(before)
                .bind(limit)
                .fetch_all(db)
                .await
        })?;
        if over.is_empty() {
            return Ok(0);
        }
        writing!(self, db => {
            let mut query = QueryBuilder::new("delete from blacklisted_tokens where token_id in ");
            query.push_tuples(&over, |mut tuple, (id,)| { tuple.push_bind(*id); });
            query.build().execute(db).await.map(drop)
        })?;
        let removed = writing!(self, db => {
            let mut query = QueryBuilder::new("delete from outstanding_tokens where id in ");
            query.push_tuples(&over, |mut tuple, (id,)| { tuple.push_bind(*id); });
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
