//! The table `devices`: what users open sessions on. A device is told from the others of its user by its mark.

use uuid::Uuid;

use super::{Origin, Result, Tx, writing};
use crate::clock::UnixSeconds;
use crate::device::Description;
use crate::session::Trail;
use crate::token::{SessionId, UserId};

/// What is known of a user's devices when one of this mark comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Acquaintance {
    /// This is one of them.
    Known,
    /// It is none of them.
    New,
    /// There is none yet.
    First,
}

impl Tx {
    /// Whether a user has a device with this mark, or any.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn knows_device(&mut self, user: UserId, mark: &str) -> Result<Acquaintance> {
        let (is_known, has_any): (bool, bool) = writing!(self, db => {
            sqlx::query_as(
                "select exists (select 1 from devices where user_id = $1 and mark = $2),
                        exists (select 1 from devices where user_id = $1)",
            )
            .bind(user.0)
            .bind(mark)
            .fetch_one(db)
            .await
        })?;
        Ok(match (is_known, has_any) {
            (true, _) => Acquaintance::Known,
            (false, true) => Acquaintance::New,
            (false, false) => Acquaintance::First,
        })
    }

    /// Puts a user's device on record as it is seen now; answers its id. Its name is the user's and stays.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn see_device(
        &mut self,
        user: UserId,
        device: &Description,
        now: UnixSeconds,
    ) -> Result<String> {
        let (id,): (String,) = writing!(self, db => {
            sqlx::query_as(
                "insert into devices (id, user_id, mark, name, browser, browser_version, os, os_version, model, kind,
                                      first_seen_at, last_seen_at)
                 values ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $10)
                 on conflict (user_id, mark) do update set
                    browser_version = case when excluded.browser_version = '' then devices.browser_version
                                           else excluded.browser_version end,
                    os_version = case when excluded.os_version = '' then devices.os_version
                                      else excluded.os_version end,
                    model = case when excluded.model = '' then devices.model else excluded.model end,
                    last_seen_at = excluded.last_seen_at
                 returning id",
            )
            .bind(Uuid::now_v7().to_string())
            .bind(user.0)
            .bind(device.mark())
            .bind(&device.browser)
            .bind(&device.browser_version)
            .bind(&device.os)
            .bind(&device.os_version)
            .bind(&device.model)
            .bind(device.kind.as_str())
            .bind(now)
            .fetch_one(db)
            .await
        })?;
        Ok(id)
    }

    /// Notes on which device a session is opened, and from where.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn place_session(
        &mut self,
        id: SessionId,
        device: Option<&str>,
        origin: &Origin,
        now: UnixSeconds,
    ) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update sessions set device_id = $2, ip = $3, network = $4, network_at = $5 where id = $1")
                .bind(id.to_string())
                .bind(device)
                .bind(&origin.ip)
                .bind(origin.network())
                .bind(now)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    /// Notes from where a session was refreshed by what is no step of it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn move_session(&mut self, id: SessionId, ip: &str, trail: &Trail) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "update sessions set ip = case when $2 <> '' then $2 else ip end, network = $3, network_at = $4,
                                     moved_from = $5, moved_at = $6, moves = $7
                 where id = $1",
            )
            .bind(id.to_string())
            .bind(ip)
            .bind(trail.network.to_string())
            .bind(trail.at)
            .bind(trail.moved_from.to_string())
            .bind(trail.moved_at)
            .bind(trail.moves)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }
}
