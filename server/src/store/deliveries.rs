//! The table `webhook_deliveries`: the outbox. Its rows are added with their events; here they are claimed by
//! compare-and-swap, put off, given up and removed.

use super::{EventRow, Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;

/// The time of what is not tried any more. It stays in the outbox, to be seen and tried again on demand, until its event
/// is removed.
pub(super) const NEVER: UnixSeconds = UnixSeconds::MAX;

/// An event that is to be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Delivery {
    /// What is sent.
    #[sqlx(flatten)]
    pub event: EventRow,
    /// How often it was tried, this time included once it is claimed.
    pub attempts: i64,
    /// When it is to be tried.
    next_at: UnixSeconds,
    /// What went wrong last.
    pub last_error: Option<String>,
}

impl Delivery {
    /// When it is tried next; `None` when it was given up.
    #[must_use]
    pub fn next_at(&self) -> Option<UnixSeconds> {
        (self.next_at != NEVER).then_some(self.next_at)
    }
}

/// What became of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The event of this number was taken.
    Taken(i64),
    /// It was not.
    Failed {
        /// The event's number.
        event: i64,
        /// When to try again; `None` to give it up.
        next_at: Option<UnixSeconds>,
        /// What went wrong.
        error: String,
    },
}

macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "select d.attempts, d.next_at, d.last_error, e.id, e.at, e.kind, e.user_id, e.username, e.session_id,
                    e.actor, e.ip, e.network, e.user_agent, e.detail, e.notice
             from webhook_deliveries d join events e on e.id = d.event_id ",
            $rest
        )
    };
}

impl Store {
    /// At most `limit` deliveries that are due at `now`, in the order in which they became due.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn due_deliveries(&self, now: UnixSeconds, limit: i64) -> Result<Vec<Delivery>> {
        let due = reading!(self, db => {
            sqlx::query_as(deliveries!("where d.next_at <= $1 order by d.next_at, d.event_id limit $2"))
                .bind(now)
                .bind(limit)
                .fetch_all(db)
                .await
        })?;
        Ok(due)
    }

    /// What is in the outbox, oldest first; at most a thousand.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn deliveries(&self) -> Result<Vec<Delivery>> {
        let all = reading!(self, db => {
            sqlx::query_as(deliveries!("order by d.event_id limit 1000")).fetch_all(db).await
        })?;
        Ok(all)
    }
}

impl Tx {
    /// Claims deliveries until `until`, and answers those nobody else claimed first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn claim_deliveries(
        &mut self,
        mut due: Vec<Delivery>,
        until: UnixSeconds,
    ) -> Result<Vec<Delivery>> {
        // Always in the same order: two nodes that claim the same must not wait for each other.
        due.sort_unstable_by_key(|delivery| delivery.event.id);
        let mut claimed = Vec::with_capacity(due.len());
        for delivery in due {
            let moved = writing!(self, db => {
                sqlx::query(
                    "update webhook_deliveries set next_at = $3, attempts = attempts + 1
                     where event_id = $1 and next_at = $2 and attempts = $4",
                )
                .bind(delivery.event.id)
                .bind(delivery.next_at)
                .bind(until)
                .bind(delivery.attempts)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
            })?;
            if moved == 1 {
                let attempts = delivery.attempts + 1;
                claimed.push(Delivery {
                    attempts,
                    ..delivery
                });
            }
        }
        Ok(claimed)
    }

    /// Removes what was taken, and puts off or gives up what was not.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn settle_deliveries(&mut self, outcomes: &[Outcome]) -> Result<()> {
        for outcome in outcomes {
            writing!(self, db => match outcome {
                Outcome::Taken(event) => {
                    sqlx::query("delete from webhook_deliveries where event_id = $1")
                        .bind(event)
                        .execute(db)
                        .await
                        .map(drop)
                }
                Outcome::Failed { event, next_at, error } => {
                    sqlx::query("update webhook_deliveries set next_at = $2, last_error = $3 where event_id = $1")
                        .bind(event)
                        .bind(next_at.unwrap_or(NEVER))
                        .bind(error)
                        .execute(db)
                        .await
                        .map(drop)
                }
            })?;
        }
        Ok(())
    }

    /// Makes everything that waits, or was given up, due at `now`, as if it had never been tried. Answers how many.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn retry_deliveries(&mut self, now: UnixSeconds) -> Result<u64> {
        let rows = writing!(self, db => {
            sqlx::query("update webhook_deliveries set next_at = $1, attempts = 0 where next_at > $1 or attempts > 0")
                .bind(now)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows)
    }
}
