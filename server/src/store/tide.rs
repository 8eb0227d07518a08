//! The counter `tide`: raised while the database changes, so that an older copy of it can be told; and the counter
//! `database`, a random number by which two databases are told apart.

use super::{Result, Store, Tx, reading, writing};

/// How far a database is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Level {
    /// Which database.
    pub database: i64,
    /// How often it was raised.
    pub tide: i64,
}

impl Level {
    /// Reads the two numbers back from a note.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (database, tide) = text.trim().split_once(' ')?;
        Some(Self {
            database: database.parse().ok()?,
            tide: tide.parse().ok()?,
        })
    }
}

impl Store {
    /// How far the database is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn level(&self) -> Result<Level> {
        let (database, tide): (i64, i64) = reading!(self, db => {
            sqlx::query_as(
                "select (select value from counters where name = 'database'),
                        (select value from counters where name = 'tide')",
            )
            .fetch_one(db)
            .await
        })?;
        Ok(Level { database, tide })
    }
}

impl Tx {
    /// Raises the tide by one.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn raise_tide(&mut self) -> Result<Level> {
        self.raise_tide_to(0).await
    }

    /// Raises the tide by one, or to `least` if that is more.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn raise_tide_to(&mut self, least: i64) -> Result<Level> {
        let (fresh, _) = uuid::Uuid::new_v4().as_u64_pair();
        let (database,): (i64,) = writing!(self, db => {
            sqlx::query_as(
                "update counters set value = case when value = 0 then $1 else value end where name = 'database'
                 returning value",
            )
            .bind(i64::try_from(fresh >> 1).unwrap_or(1).max(1))
            .fetch_one(db)
            .await
        })?;
        let (tide,): (i64,) = writing!(self, db => {
            sqlx::query_as(
                "update counters set value = case when value + 1 < $1 then $1 else value + 1 end
                 where name = 'tide' returning value",
            )
            .bind(least)
            .fetch_one(db)
            .await
        })?;
        Ok(Level { database, tide })
    }
}
