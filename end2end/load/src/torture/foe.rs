//! Lets the server's database down: on PostgreSQL every connection is cut, in the middle of whatever it was doing; on
//! SQLite somebody else holds the write lock for a while. It changes no data.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::time::sleep;

use crate::postgres::Database;
use crate::process::Server;

/// Whoever lets the database down.
pub enum Foe {
    /// Of a file.
    Sqlite(PathBuf),
    /// Of a server's database.
    Postgres(Database),
}

impl Foe {
    /// The foe of this server's database.
    pub fn of(server: &Server, database: Option<&Database>) -> Self {
        match database {
            Some(database) => Self::Postgres(database.clone()),
            None => Self::Sqlite(server.directory().join("jotward.db")),
        }
    }

    /// Strikes once, and not longer than `time`; whether it did.
    pub async fn strike(&mut self, time: Duration) -> bool {
        match self {
            Self::Sqlite(file) => lock(file.clone(), time).await.is_ok(),
            Self::Postgres(database) => database.cut().await.is_ok(),
        }
    }
}

async fn lock(file: PathBuf, time: Duration) -> sqlx::Result<()> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = options.busy_timeout(time).connect().await?;
    let held = connection.begin_with("begin immediate").await?;
    sleep(time).await;
    held.rollback().await?;
    connection.close().await
}
