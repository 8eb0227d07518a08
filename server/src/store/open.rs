//! Opens the database a URL names and brings its schema up to date.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

use tokio::time::timeout;

use super::writer::Writer;
use super::{Db, Outlet, Store, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// How long a request waits for a connection, or for SQLite's write lock held by another process.
const PATIENCE: Duration = Duration::from_secs(5);

/// After how long an idle connection is asked whether it is alive.
const RESTED: Duration = Duration::from_secs(5);

/// Memory for pages of the database the writer works on: negative, so in KiB. It is taken when it is needed.
const WRITER_CACHE: &str = "-16384";

/// After how many pages in the log they are carried over into the file: 32 MB. Whoever commits then waits for it, so it is
/// to be rarer than one request in a hundred; and a page that changes often is carried over once.
const CHECKPOINT_PAGES: &str = "8000";

/// Why a database can not be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names neither SQLite nor PostgreSQL.
    #[error("DATABASE_URL begins with neither sqlite:// nor postgres://")]
    Scheme,
    /// The driver's reason, without the URL: it may hold a password.
    #[error("can not open the database: {0}")]
    Driver(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("can not migrate the database: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// What is on record could not be brought up to date.
    #[error("can not number the networks on record: {0}")]
    Numbers(#[source] StoreError),
}

impl Store {
    /// Opens the database at `url`; an SQLite file is made when there is none.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => sqlite(url).await,
            Some(("postgres" | "postgresql", _)) => postgres(url).await,
            _ => Err(OpenError::Scheme),
        }
    }

    /// Opens the SQLite file at `path`, made when there is none.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_file(path: &Path) -> Result<Self, OpenError> {
        sqlite_with(SqliteConnectOptions::new().filename(path)).await
    }

    /// Brings the schema up to date. Running it again does nothing.
    ///
    /// # Errors
    /// [`OpenError::Migrate`].
    pub async fn migrate(&self) -> Result<(), OpenError> {
        let migrated = match &self.db {
            Db::Sqlite { write, .. } => MIGRATIONS.run(write).await,
            Db::Postgres(pool) => {
                let mut connection = pool.acquire().await.map_err(OpenError::Driver)?.detach();
                // A migration takes the time it takes, and waits for another node's.
                let patient = "set statement_timeout = 0; set lock_timeout = 0;
                               set idle_in_transaction_session_timeout = 0";
                connection
                    .execute(patient)
                    .await
                    .map_err(OpenError::Driver)?;
                let migrated = MIGRATIONS.run(&mut connection).await;
                // By these what begins with a text is found. SQLite's own indexes can do that; the collation of
                // PostgreSQL's can not.
                connection
                    .execute(
                        "do $$ begin
                             create index if not exists users_username_prefix on users (username_folded text_pattern_ops);
                             create index if not exists users_email_prefix on users (email_folded text_pattern_ops);
                         -- Another node made them at the same moment.
                         exception when unique_violation or duplicate_table then null; end $$",
                    )
                    .await
                    .map_err(OpenError::Driver)?;
                migrated
            }
        };
        migrated.map_err(OpenError::Migrate)?;
        self.number_networks().await.map_err(OpenError::Numbers)
    }
}

async fn sqlite(url: &str) -> Result<Store, OpenError> {
    sqlite_with(SqliteConnectOptions::from_str(url).map_err(OpenError::Driver)?).await
}

async fn sqlite_with(options: SqliteConnectOptions) -> Result<Store, OpenError> {
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A rotation that was answered survives the loss of power.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // A few statements, in three lengths each or in one for every number of rows: all of them stay prepared.
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let writer_options = options
        .clone()
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        // What a savepoint may have to undo is kept in memory, not in a file.
        .pragma("temp_store", "memory");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_with(writer_options)
        .await
        .map_err(OpenError::Driver)?;
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(PATIENCE)
        // A connection to a file does not go away.
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "on"));
    let outlet = Arc::new(Outlet::default());
    let writer = Writer::start(write.clone(), Arc::clone(&outlet));
    let db = Db::Sqlite {
        read,
        write,
        writer,
    };
    Ok(Store { db, outlet })
}

async fn postgres(url: &str) -> Result<Store, OpenError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(OpenError::Driver)?
        .application_name("jotward")
        // A node that hangs or is cut off must not hold a row, and with it everybody else, for ever.
        .options([
            ("statement_timeout", "5s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ]);
    // A pool tries until its patience is over and then says only that: one connection says what is wrong.
    let first = timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let first = first.map_err(|_| OpenError::Driver(sqlx::Error::PoolTimedOut))?;
    first
        .map_err(OpenError::Driver)?
        .close()
        .await
        .map_err(OpenError::Driver)?;
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(PATIENCE)
        // A question before every question would double the round trips; one that has rested may be dead.
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(OpenError::Driver)?;
    Ok(Store {
        db: Db::Postgres(pool),
        outlet: Arc::default(),
    })
}
