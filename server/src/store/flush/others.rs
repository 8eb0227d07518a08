//! Removes old events, with what is still to be sent of them, devices nobody was seen on for long, and old counts.

use std::time::Instant;

use sqlx::QueryBuilder;

use super::super::{Result, Store, reading, writing};
use super::{AT_ONCE, rest};
use crate::clock::UnixSeconds;

/// How many old devices are looked for at once: that reads the table.
const DEVICES: i64 = 1000;

impl Store {
    /// Removes the events of before `before`, oldest first.
    ///
    /// # Errors
    /// The database is out of reach; what was removed until then stays so.
    pub async fn flush_events(&self, before: UnixSeconds) -> Result<u64> {
        let mut removed = 0;
        loop {
            let begun = Instant::now();
            // By number: that is the order of time, and has an index.
            let oldest: Vec<(i64, UnixSeconds)> = reading!(self, db => {
                sqlx::query_as("select id, at from events order by id limit $1").bind(AT_ONCE).fetch_all(db).await
            })?;
            let old: Vec<_> = oldest.into_iter().filter(|(_, at)| *at < before).collect();
            if old.is_empty() {
                return Ok(removed);
            }
            let some = self.write(move |tx| {
                Box::pin(async move {
                    let rows = writing!(tx, db => {
                        let mut query = QueryBuilder::new("delete from events where id in ");
                        query.push_tuples(&old, |mut tuple, (id, _)| { tuple.push_bind(*id); });
                        query.build().execute(db).await.map(|done| done.rows_affected())
                    });
                    Ok::<_, super::super::StoreError>(rows?)
                })
            });
            removed += some.await?;
            rest(begun).await;
        }
    }

    /// Removes what was counted before an hour: a few rows an hour.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn flush_activity(&self, before: i64) -> Result<u64> {
        let removed = self.write(move |tx| {
            Box::pin(async move {
                let rows = writing!(tx, db => {
                    sqlx::query("delete from activity where hour < $1")
                        .bind(before)
                        .execute(db)
                        .await
                        .map(|done| done.rows_affected())
                });
                Ok::<_, super::super::StoreError>(rows?)
            })
        });
        removed.await
    }

    /// Forgets the devices nobody logged in from since `before`: they count as new again.
    ///
    /// # Errors
    /// The database is out of reach; what was forgotten until then stays so.
    pub async fn flush_known_devices(&self, before: UnixSeconds) -> Result<u64> {
        let mut removed = 0;
        loop {
            let old: Vec<(i64, String)> = reading!(self, db => {
                sqlx::query_as("select user_id, mark from known_devices where last_seen_at < $1 limit $2")
                    .bind(before)
                    .bind(DEVICES)
                    .fetch_all(db)
                    .await
            })?;
            if old.is_empty() {
                return Ok(removed);
            }
            for some in old.chunks(usize::try_from(AT_ONCE).unwrap_or(1)) {
                let (begun, some) = (Instant::now(), some.to_vec());
                let some = self.write(move |tx| {
                    Box::pin(async move {
                        let rows = writing!(tx, db => {
                            let mut query = QueryBuilder::new("delete from known_devices where last_seen_at < ");
                            query.push_bind(before).push(" and (user_id, mark) in ");
                            query.push_tuples(&some, |mut tuple, (user, mark)| {
                                tuple.push_bind(*user).push_bind(mark.clone());
                            });
                            query.build().execute(db).await.map(|done| done.rows_affected())
                        });
                        Ok::<_, super::super::StoreError>(rows?)
                    })
                });
                removed += some.await?;
                rest(begun).await;
            }
        }
    }

    /// Removes the devices nobody logged in from since `before`, and of which no session is on record.
    ///
    /// # Errors
    /// The database is out of reach; what was removed until then stays so.
    pub async fn flush_devices(&self, before: UnixSeconds) -> Result<u64> {
        let mut removed = 0;
        loop {
            let begun = Instant::now();
            let some = self.write(move |tx| {
                Box::pin(async move {
                    let rows = writing!(tx, db => {
                        sqlx::query(
                            "delete from devices where id in
                                 (select d.id from devices d
                                  where d.last_seen_at < $1
                                    and not exists (select 1 from sessions s where s.device_id = d.id)
                                  limit $2)",
                        )
                        .bind(before)
                        .bind(AT_ONCE)
                        .execute(db)
                        .await
                        .map(|done| done.rows_affected())
                    });
                    Ok::<_, super::super::StoreError>(rows?)
                })
            });
            let some = some.await?;
            if some == 0 {
                return Ok(removed);
            }
            removed += some;
            rest(begun).await;
        }
    }
}
