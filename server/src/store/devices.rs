//! The table `known_devices`: from where users logged in before.

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::UserId;

impl Store {
    /// The user of this folded name or e-mail address, if they logged in from a device with this mark before.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_of_device(&self, folded: &str, mark: &str) -> Result<Option<UserId>> {
        let row: Option<(i64,)> = reading!(self, db => {
            sqlx::query_as(
                "select d.user_id from users u join known_devices d on d.user_id = u.id
                 where (u.username_folded = $1 or (u.email_folded = $1 and u.email_folded <> '')) and d.mark = $2",
            )
            .bind(folded)
            .bind(mark)
            .fetch_optional(db)
            .await
        })?;
        Ok(row.map(|(id,)| UserId(id)))
    }
}

impl Tx {
    /// Remembers that the user logged in from a device with this mark.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn remember_device(
        &mut self,
        id: UserId,
        mark: &str,
        now: UnixSeconds,
    ) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "insert into known_devices (user_id, mark, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
                 on conflict (user_id, mark) do update set last_seen_at = excluded.last_seen_at",
            )
            .bind(id.0)
            .bind(mark)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }
}
