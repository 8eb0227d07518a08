//! The table `activity`: how often something happened, a row an hour.

use sqlx::QueryBuilder;

use super::{Result, Store, Tx, reading, writing};
use crate::activity::{Counted, Tally};

#[derive(sqlx::FromRow)]
struct Row {
    hour: i64,
    what: String,
    count: i64,
}

impl Row {
    fn read(self) -> Option<Tally> {
        Some(Tally {
            hour: self.hour,
            what: Counted::parse(&self.what)?,
            count: self.count,
        })
    }
}

impl Store {
    /// What happened from an hour on, the earliest first: four rows an hour at most. What another version counted is
    /// left out.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn activity_since(&self, hour: i64) -> Result<Vec<Tally>> {
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as("select hour, what, count from activity where hour >= $1 order by hour, what")
                .bind(hour)
                .fetch_all(db)
                .await
        })?;
        Ok(rows.into_iter().filter_map(Row::read).collect())
    }
}

impl Tx {
    /// Adds to what was counted; each hour and thing is named once.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn add_activity(&mut self, news: &[Tally]) -> Result<()> {
        writing!(self, db => {
            let mut query = QueryBuilder::new("insert into activity (hour, what, count) ");
            query.push_values(news, |mut row, tally| {
                row.push_bind(tally.hour).push_bind(tally.what.as_str()).push_bind(tally.count);
            });
            query.push(" on conflict (hour, what) do update set count = activity.count + excluded.count");
            query.build().persistent(false).execute(db).await.map(drop)
        })?;
        Ok(())
    }
}
