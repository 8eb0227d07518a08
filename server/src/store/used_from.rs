//! Who and what was used from a block of addresses. Of a block that many use only some are looked at, and that is said.

use super::{Result, Store, reading};
use crate::network::Block;

/// How many networks of sessions are looked at.
const LOOKED_AT: i64 = 1_000;

/// The most ids that are taken.
const MOST: usize = 500;

/// What was used from there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UsedFrom<T> {
    /// Their ids.
    pub ids: Vec<T>,
    /// There are others.
    pub more: bool,
}

impl<T> UsedFrom<T> {
    /// Out of the ids and how many rows each was met in.
    fn cut(rows: Vec<(Option<T>, i64)>) -> Self {
        let mut looked_at = 0;
        let counted = rows.into_iter().filter_map(|(id, times)| {
            looked_at += times;
            id
        });
        let mut ids: Vec<_> = counted.collect();
        let more = ids.len() > MOST || looked_at > LOOKED_AT;
        ids.truncate(MOST);
        Self { ids, more }
    }
}

/// What a column of `sessions` says of the sessions that were used between the networks `$1` and `$2`. A subquery for each,
/// so that no planner joins two large tables for a few rows.
macro_rules! of_sessions_between {
    ($column:literal) => {
        concat!(
            "select of_it, count(*)
             from (select (select s.",
            $column,
            " from sessions s where s.id = a.session_id) as of_it
                   from (select session_id from session_addresses
                         where network_number between $1 and $2 limit $3) a) o
             group by of_it"
        )
    };
}

impl Store {
    /// The users in whose sessions a block of addresses was used.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn users_in(&self, block: Block) -> Result<UsedFrom<i64>> {
        let (first, last) = block.numbers();
        let rows = reading!(self, db => {
            sqlx::query_as(of_sessions_between!("user_id"))
                .bind(first)
                .bind(last)
                .bind(LOOKED_AT + 1)
                .fetch_all(db)
                .await
        })?;
        Ok(UsedFrom::cut(rows))
    }

    /// The devices that were used from a block of addresses.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn devices_in(&self, block: Block) -> Result<UsedFrom<String>> {
        let (first, last) = block.numbers();
        let rows = reading!(self, db => {
            sqlx::query_as(of_sessions_between!("device_id"))
                .bind(first)
                .bind(last)
                .bind(LOOKED_AT + 1)
                .fetch_all(db)
                .await
        })?;
        Ok(UsedFrom::cut(rows))
    }
}
