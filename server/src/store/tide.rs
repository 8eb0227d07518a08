//! The counter `tide`: raised while the database changes, so that an older copy of it can be told.

use super::{Result, Store, Tx, reading, writing};

impl Store {
    /// How far the database is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn tide(&self) -> Result<i64> {
        let (tide,): (i64,) = reading!(self, db => {
            sqlx::query_as("select value from counters where name = 'tide'").fetch_one(db).await
        })?;
        Ok(tide)
    }
}

impl Tx {
    /// Raises the tide by one and answers it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn raise_tide(&mut self) -> Result<i64> {
        let (tide,): (i64,) = writing!(self, db => {
            sqlx::query_as("update counters set value = value + 1 where name = 'tide' returning value")
                .fetch_one(db)
                .await
        })?;
        Ok(tide)
    }
}
