//! A fresh PostgreSQL database for one run. It uses a server that is there already, named by `TEST_DATABASE_URL`,
//! and touches no database it did not make.

use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The variable that names a server where databases may be made: `postgres://USER@HOST:PORT/NAME`.
pub const VARIABLE: &str = "TEST_DATABASE_URL";

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No server was named.
    #[error(
        "{VARIABLE} does not name a PostgreSQL server; scripts/with-postgres runs one for a command"
    )]
    NoServer,
    /// The server could not do it.
    #[error("PostgreSQL: {0}")]
    Server(#[from] sqlx::Error),
}

/// A database that was made for one run.
#[derive(Clone, Debug)]
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes an empty database.
    ///
    /// # Errors
    /// See [`PostgresError`].
    pub async fn make() -> Result<Self, PostgresError> {
        let server = std::env::var(VARIABLE)
            .ok()
            .filter(|url| !url.is_empty())
            .ok_or(PostgresError::NoServer)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_nanos());
        let name = format!("load_{}_{now}", std::process::id());
        let database = Self { server, name };
        database
            .tell(&format!("create database {}", database.name))
            .await?;
        Ok(database)
    }

    /// Its address, as the server's setting `JOTWARD_DATABASE_URL` wants it.
    #[must_use]
    pub fn url(&self) -> String {
        let (server, parameters) = match self.server.split_once('?') {
            Some((server, parameters)) => (server, format!("?{parameters}")),
            None => (self.server.as_str(), String::new()),
        };
        let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
        format!("{base}/{}{parameters}", self.name)
    }

    /// Deletes it, together with whoever is still connected to it.
    ///
    /// # Errors
    /// [`PostgresError::Server`].
    pub async fn delete(self) -> Result<(), PostgresError> {
        self.tell(&format!(
            "drop database if exists {} with (force)",
            self.name
        ))
        .await
    }

    /// Cuts every connection to it; whoever was in the middle of something never learns how it ended.
    ///
    /// # Errors
    /// [`PostgresError::Server`].
    pub async fn cut(&self) -> Result<(), PostgresError> {
        self.tell(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'",
            self.name
        ))
        .await
    }

    async fn tell(&self, statement: &str) -> Result<(), PostgresError> {
        let mut connection = PgConnection::connect(&self.server).await?;
        // The only part that varies is a name made of digits above.
        sqlx::query(AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }
}
