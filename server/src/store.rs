//! The database: SQLite in one file, or PostgreSQL. The same SQL text runs on both; a real difference is a
//! `match` in the one function that has it. All SQL of the server lives below this module, one table a file.

mod blacklist;
mod devices;
mod open;
mod registry;
mod session_facts;
mod sessions;
mod tokens;
mod tokens_page;
mod users;

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

pub use blacklist::{BlacklistedPosition, BlacklistedRow, ROTATED};
pub use open::OpenError;
pub use registry::{RevokedSession, RevokedToken};
pub use session_facts::SessionFacts;
pub use sessions::{Ending, NewSession, PresentedRow, SessionRow};
pub use tokens::{NewToken, Origin, TokenId, TokenRow};
pub use tokens_page::{Direction, OutstandingRow, Page};
pub use users::{LockedUser, NewUser, User, fold};

/// An open database.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file. Readers in a pool; writers one at a time, because SQLite has one writer.
    Sqlite {
        /// Connections that read.
        read: SqlitePool,
        /// The connection that writes.
        write: SqlitePool,
    },
    /// A server that several nodes may share.
    Postgres(PgPool),
}

/// A transaction that writes. Dropped without [`Tx::commit`] it leaves no trace.
pub enum Tx {
    /// Holds the file's only write lock.
    Sqlite(Transaction<'static, Sqlite>),
    /// `read committed`: statements that must not be interleaved are compare-and-swaps.
    Postgres(Transaction<'static, Postgres>),
}

/// What the database could not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with this unique value exists already.
    #[error("already there")]
    Conflict,
    /// The database is out of reach, full, locked or damaged. Nothing was changed, or it is not known.
    #[error(transparent)]
    Unavailable(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => Self::Conflict,
            _ => Self::Unavailable(error),
        }
    }
}

/// A row of `table` that this version can not have written: trouble with the database, not with the client.
fn unreadable(table: &str) -> StoreError {
    StoreError::Unavailable(sqlx::Error::Decode(
        format!("a row of {table} is not of this version").into(),
    ))
}

/// What a store operation answers.
pub type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn begin(&self) -> Result<Tx> {
        match self {
            // Taking the write lock at once: a reader that turns writer half-way could only fail.
            Self::Sqlite { write, .. } => {
                Ok(Tx::Sqlite(write.begin_with("begin immediate").await?))
            }
            Self::Postgres(pool) => Ok(Tx::Postgres(pool.begin().await?)),
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ping(&self) -> Result<()> {
        reading!(self, db => sqlx::query("select 1").execute(db).await.map(drop))?;
        Ok(())
    }

    /// Closes every connection after its work.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything done in it durable.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]; whether it was committed is then not known.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Runs a body with a connection to read from, whichever database is open.
macro_rules! reading {
    ($store:expr, $db:ident => $body:expr) => {
        match $store {
            $crate::store::Store::Sqlite { read: $db, .. } => $body,
            $crate::store::Store::Postgres($db) => $body,
        }
    };
}

/// Runs a body with the connection of a transaction, whichever database is open.
macro_rules! writing {
    ($tx:expr, $db:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $db = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $db = &mut **tx;
                $body
            }
        }
    };
}

use {reading, writing};
