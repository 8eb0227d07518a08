//! Removes whole sessions: all of one, or nothing of it. They are looked for in the order of their opening, without a
//! lock, and each is removed under the lock of its row.

use std::time::Instant;

use super::super::{Result, Store, Tx, reading, writing};
use super::{AT_ONCE, Flushed, rest};
use crate::clock::UnixSeconds;

/// A session of which no token can be used.
#[derive(sqlx::FromRow)]
struct Candidate {
    id: String,
    /// How many tokens it has.
    tokens: i64,
}

impl Store {
    /// Removes every session of which no token could be used after `before`, with all its tokens, and never a part of
    /// one. A session is over when its last token is, whatever its end was to be: nobody can go on with it.
    ///
    /// # Errors
    /// The database is out of reach; what was removed until then stays so.
    pub async fn flush_whole_sessions(&self, before: UnixSeconds) -> Result<Flushed> {
        let (mut all, mut after) = (Flushed::default(), String::new());
        loop {
            let mut some = self.sessions_over(before, &after).await?;
            let Some(last) = some.last() else {
                return Ok(all);
            };
            after.clone_from(&last.id);
            while !some.is_empty() {
                let begun = Instant::now();
                let bite = bite(&mut some);
                let removed = self
                    .write(move |tx| Box::pin(async move { tx.flush_whole(&bite, before).await }));
                all += removed.await?;
                rest(begun).await;
            }
        }
    }

    async fn sessions_over(&self, before: UnixSeconds, after: &str) -> Result<Vec<Candidate>> {
        let some = reading!(self, db => {
            sqlx::query_as(
                "select s.id, (select count(*) from outstanding_tokens t where t.session_id = s.id) as tokens
                 from sessions s
                 where s.id > $1 and s.tokens_expire_at < $2
                 order by s.id limit $3",
            )
            .bind(after)
            .bind(before)
            .bind(AT_ONCE)
            .fetch_all(db)
            .await
        })?;
        Ok(some)
    }
}

/// As many of the sessions as one transaction removes: one at least, however many tokens it has.
fn bite(sessions: &mut Vec<Candidate>) -> Vec<Candidate> {
    let mut tokens = 0;
    let count = sessions.iter().take_while(|session| {
        let begins = tokens < AT_ONCE;
        tokens += session.tokens;
        begins
    });
    let count = count.count();
    sessions.drain(..count).collect()
}

impl Tx {
    async fn flush_whole(
        &mut self,
        sessions: &[Candidate],
        before: UnixSeconds,
    ) -> Result<Flushed> {
        let mut all = Flushed::default();
        for session in sessions {
            if self.hold_over(&session.id, before).await? {
                all.tokens += self.flush_with_tokens(&session.id).await?;
                all.sessions += 1;
            }
        }
        Ok(all)
    }

    /// Holds the session's row, if it is still there and over.
    async fn hold_over(&mut self, id: &str, before: UnixSeconds) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "update sessions set tokens_expire_at = tokens_expire_at where id = $1 and tokens_expire_at < $2",
            )
            .bind(id)
            .bind(before)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    async fn flush_with_tokens(&mut self, id: &str) -> Result<u64> {
        let mut removed = 0;
        for sql in [
            "delete from blacklisted_tokens where token_id in
                 (select id from outstanding_tokens where session_id = $1)",
            "delete from outstanding_tokens where session_id = $1",
            "delete from sessions where id = $1",
        ] {
            let rows = writing!(self, db => {
                sqlx::query(sql).bind(id).execute(db).await.map(|done| done.rows_affected())
            })?;
            if sql.starts_with("delete from outstanding_tokens") {
                removed = rows;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bite_is_some_small_sessions_or_a_large_one() {
        let of = |tokens: &[i64]| {
            let candidate = |tokens: &i64| Candidate {
                id: String::new(),
                tokens: *tokens,
            };
            let mut sessions = tokens.iter().map(candidate).collect();
            let mut bites = Vec::new();
            while !Vec::is_empty(&sessions) {
                bites.push(bite(&mut sessions).len());
            }
            bites
        };
        assert_eq!(of(&[]), [0; 0]);
        assert_eq!(of(&[5, 5, 5, 5, 5]), [4, 1]);
        assert_eq!(of(&[9000, 2, 9000, 0]), [1, 2, 1]);
        assert_eq!(of(&[0; 20]), [20]);
    }
}
