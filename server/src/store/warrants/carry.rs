//! What a transaction does with a warrant: puts it on record, claims it, moves it on.

use super::Warrant;
use crate::clock::UnixSeconds;
use crate::store::{Count, Result, Tx, unreadable, writing};

impl Tx {
    /// Puts a warrant on record.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn add_warrant(&mut self, warrant: &Warrant) -> Result<()> {
        let target = serde_json::to_string(&warrant.target).map_err(|_| unreadable("warrants"))?;
        let (expected, is_more) = parts(warrant.expected);
        let access = warrant.alive.map(|alive| parts(alive.access));
        let others = warrant.alive.map(|alive| parts(alive.others));
        writing!(self, db => {
            sqlx::query(
                "insert into warrants (id, begun_at, actor, note, ip, user_agent, target, spared, last_id, expected,
                                       is_more_expected, alive_access, is_more_access, alive_others, is_more_others,
                                       position, ended, users, finished_at, claimed_until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
            )
            .bind(warrant.id.0)
            .bind(warrant.begun_at)
            .bind(&warrant.actor)
            .bind(&warrant.note)
            .bind(&warrant.origin.ip)
            .bind(&warrant.origin.user_agent)
            .bind(target)
            .bind(warrant.spared.map(|id| id.to_string()).unwrap_or_default())
            .bind(warrant.last_id.as_deref().unwrap_or_default())
            .bind(expected)
            .bind(is_more)
            .bind(access.map(|(n, _)| n))
            .bind(access.is_some_and(|(_, is_more)| is_more))
            .bind(others.map(|(n, _)| n))
            .bind(others.is_some_and(|(_, is_more)| is_more))
            .bind(&warrant.position)
            .bind(warrant.ended)
            .bind(warrant.users)
            .bind(warrant.finished_at)
            .bind(warrant.claimed_until)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }

    /// Claims a warrant until `until`; false when it is not as it was read, because somebody else is at it. Its row is held
    /// until the end of the transaction.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn claim_warrant(&mut self, warrant: &Warrant, until: UnixSeconds) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "update warrants set claimed_until = $4
                 where id = $1 and claimed_until = $2 and position = $3 and finished_at is null",
            )
            .bind(warrant.id.0)
            .bind(warrant.claimed_until)
            .bind(&warrant.position)
            .bind(until)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Moves a warrant that this transaction claimed to where it is now.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn move_warrant(&mut self, warrant: &Warrant) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update warrants set position = $2, ended = $3, finished_at = $4 where id = $1")
                .bind(warrant.id.0)
                .bind(&warrant.position)
                .bind(warrant.ended)
                .bind(warrant.finished_at)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    /// The greatest id of a session there is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_session(&mut self) -> Result<Option<String>> {
        let (id,): (Option<String>,) = writing!(self, db => {
            sqlx::query_as("select max(id) from sessions").fetch_one(db).await
        })?;
        Ok(id)
    }
}

/// The number, and whether there are more.
fn parts(count: Count) -> (i64, bool) {
    match count {
        Count::Exactly(n) => (n, false),
        Count::AtLeast(n) => (n, true),
    }
}
