//! The database: SQLite in one file, or PostgreSQL. The same SQL text runs on both; a real difference is a
//! `match` in the one function that has it. All SQL of the server lives below this module, one table a file.

mod activity;
mod admin_session;
mod alarms;
mod api_token_list;
mod api_tokens;
mod blacklist;
mod blacklisted_list;
mod census;
mod deliveries;
mod demo_data;
mod device_facts;
mod device_list;
mod device_registry;
mod devices;
mod endings;
mod event_list;
mod events;
mod everyone;
mod figures;
mod flush;
mod latest_sessions;
mod live_tokens;
mod managing;
mod name_end;
mod network_numbers;
mod open;
mod outlet;
mod own_sessions;
mod profiles;
mod radius;
mod recorded;
mod revocations;
mod scan;
mod search;
mod session_facts;
mod session_list;
mod session_page;
mod sessions;
mod sightings;
mod slides;
mod steps;
mod target;
mod tide;
mod to_end;
mod token_list;
mod tokens;
mod tree;
mod used_from;
mod user_list;
mod user_page;
mod users;
mod users_after;
mod warrants;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::time::timeout;

use crate::event::Event;

pub use admin_session::AdminSession;
pub use alarms::{Alarm, MOST_ALARMS};
pub use api_token_list::{ApiTokenFilter, ListedApiToken};
pub use api_tokens::ApiTokenRow;
pub use blacklist::ROTATED;
pub use blacklisted_list::{BlacklistedFilter, ListedBlacklisted};
pub use census::Census;
pub use deliveries::{Delivery, Outcome};
pub(crate) use demo_data::{Batch, PastBlacklisting, PastDevice, PastSession, PastToken, PastUser};
pub use device_facts::DeviceFacts;
pub use device_list::{DeviceFilter, ListedDevice};
pub use device_registry::Acquaintance;
pub use endings::{EndedTogether, Ending};
pub use event_list::{ListedEvent, Trail, TrailStatus};
pub use events::{EventFilter, EventRow};
pub use everyone::{Known, Loose, TokenLives};
pub use figures::{EXACT, Figures};
pub use flush::Flushed;
pub use latest_sessions::LiveSessions;
pub use live_tokens::LiveTokens;
pub use name_end::NameEnd;
pub use open::OpenError;
pub use outlet::Outlet;
pub use own_sessions::{NoticeRow, OwnSessionRow};
pub use profiles::{InSession, Profile, ProfileChange, Taken};
pub use radius::Radius;
pub use recorded::RecordedToken;
pub use revocations::{AccessFacts, Revocation, Revoked, Standing};
pub use scan::{Count, Cursor, Found, List, Order, PAGE_SIZE, Part, Shown};
pub use search::{Search, Sought, among};
pub use session_facts::{LiveSession, SessionFacts};
pub use session_list::{ListedSession, SessionFilter, SessionStatus};
pub use session_page::{SessionDetail, SessionToken};
pub use sessions::{NewSession, SessionRow, TokenFound};
pub use sightings::{Seen, SessionAddress};
pub use slides::Slide;
pub use steps::{Step, Stride, take_in_one_commit};
pub use target::{Extent, Meant, Target};
pub use tide::Level;
pub use to_end::Accepted;
pub use token_list::{ListedToken, TokenFilter, TokenStatus};
pub use tokens::{IssuedRow, NewToken, Origin, TokenId, TokenRow};
pub use tree::Which;
pub use used_from::UsedFrom;
pub use user_list::{ListedUser, UserFilter, UserRole, UserStatus};
pub use user_page::{LATEST, SESSIONS_COUNTED, UserDevice, UserEvent, UserFacts, UserSession};
pub use users::{ImportedUser, LockedUser, NewUser, User, fold};
pub use users_after::UsersPage;
pub use warrants::{Alive, UnreadableWarrant, Warrant, WarrantId};

/// An open database, and where its events go.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    outlet: Arc<Outlet>,
}

/// Which database, and how it is reached.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file. Readers in a pool; one writer, because SQLite has one.
    Sqlite {
        /// Connections that read.
        read: SqlitePool,
        /// The connection that writes; its user is the writer.
        write: SqlitePool,
        /// Writes for all, in few commits.
        writer: writer::Writer,
    },
    /// A server that several nodes may share.
    Postgres(PgPool),
}

/// A transaction that writes.
pub struct Tx {
    lent: Lent,
    outlet: Arc<Outlet>,
    /// What is told after the commit.
    noted: Vec<Event>,
}

/// The connection of a transaction.
pub enum Lent {
    /// The writer's connection. When the disk is full SQLite gives up a transaction by itself, which the driver's own
    /// type does not notice, so the writer begins and ends it.
    Sqlite(PoolConnection<Sqlite>),
    /// `read committed`: statements that must not be interleaved are compare-and-swaps.
    Postgres(Transaction<'static, Postgres>),
}

/// How long anything asked of the database may take. Within a network that swallows packets, only the one who asks
/// can tell.
pub(crate) const PATIENCE: Duration = Duration::from_secs(6);

/// What the database could not do. Callers that shared a commit share the cause.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with this unique value exists already, or a row that another is to belong to is gone.
    #[error("already there, or gone")]
    Conflict,
    /// The database is out of reach, full, locked or damaged. Nothing was changed, or it is not known.
    #[error("{0}")]
    Unavailable(Arc<sqlx::Error>),
}

impl StoreError {
    /// Whoever was to do it is not there any more.
    fn gone() -> Self {
        Self::Unavailable(Arc::new(sqlx::Error::WorkerCrashed))
    }

    /// No answer came in time.
    pub(crate) fn silent() -> Self {
        Self::Unavailable(Arc::new(sqlx::Error::PoolTimedOut))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database)
                if database.is_unique_violation() || database.is_foreign_key_violation() =>
            {
                Self::Conflict
            }
            _ => Self::Unavailable(Arc::new(error)),
        }
    }
}

/// A row of `table` that this version can not have written: trouble with the database, not with the client.
fn unreadable(table: &str) -> StoreError {
    let problem = format!("a row of {table} is not of this version");
    StoreError::Unavailable(Arc::new(sqlx::Error::Decode(problem.into())))
}

/// What a store operation answers.
pub type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Runs `work` in a transaction and answers after the commit. An error undoes all of it.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Unavailable`]: whether it was committed is then not known.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, std::result::Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.db {
            // Others may be ahead in the queue, and the file locked by another process for as long as patience lasts.
            Db::Sqlite { writer, .. } => {
                let in_time = timeout(PATIENCE * 2, writer.write(work)).await;
                in_time.unwrap_or_else(|_| Err(StoreError::silent().into()))
            }
            Db::Postgres(pool) => {
                let alone = async {
                    let begun = pool.begin().await.map_err(StoreError::from)?;
                    let mut tx = Tx::new(Lent::Postgres(begun), &self.outlet);
                    let done = work(&mut tx).await?;
                    let Tx { lent, noted, .. } = tx;
                    if let Lent::Postgres(tx) = lent {
                        tx.commit().await.map_err(StoreError::from)?;
                    }
                    self.outlet.publish(&noted);
                    Ok(done)
                };
                let in_time = timeout(PATIENCE, alone).await;
                in_time.unwrap_or_else(|_| Err(StoreError::silent().into()))
            }
        }
    }

    /// Takes a step of a session and answers after the commit; false, and nothing changed, when the session is
    /// not where the step begins.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a token of one of these names is there already.
    pub async fn step(&self, step: Step) -> Result<bool> {
        if !step.events.is_empty() {
            let noted = self.write(move |tx| Box::pin(async move { tx.step(step).await }));
            return noted.await;
        }
        match &self.db {
            Db::Sqlite { writer, .. } => {
                let in_time = timeout(PATIENCE * 2, writer.step(step)).await;
                in_time.unwrap_or_else(|_| Err(StoreError::silent()))
            }
            Db::Postgres(pool) => {
                let in_time = timeout(PATIENCE, steps::take_at_once(pool, &step)).await;
                in_time.unwrap_or_else(|_| Err(StoreError::silent()))
            }
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
        match &self.db {
            Db::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Where committed events go.
    #[must_use]
    pub fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// Which database it is.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }
}

impl Tx {
    fn new(lent: Lent, outlet: &Arc<Outlet>) -> Self {
        Self {
            lent,
            outlet: Arc::clone(outlet),
            noted: Vec::new(),
        }
    }

    /// The connection, for statements that are not the server's own.
    pub fn lent(&mut self) -> &mut Lent {
        &mut self.lent
    }

    /// Keeps the work since the savepoint, or undoes it. Fails when the database has given up the whole
    /// transaction.
    async fn leave_savepoint(&mut self, keep: bool) -> Result<()> {
        if !keep {
            self.run("rollback to savepoint work").await?;
        }
        self.run("release savepoint work").await
    }

    /// The connection to SQLite.
    fn sqlite(&mut self) -> Result<&mut SqliteConnection> {
        match &mut self.lent {
            Lent::Sqlite(connection) => Ok(connection),
            Lent::Postgres(_) => Err(StoreError::gone()),
        }
    }

    async fn run(&mut self, sql: &'static str) -> Result<()> {
        writing!(self, db => sqlx::query(sql).execute(db).await.map(drop))?;
        Ok(())
    }
}

/// Runs a body with a connection to read from, whichever database is open, for as long as patience lasts.
macro_rules! reading {
    ($store:expr, $db:ident => $body:expr) => {
        $crate::store::in_time(async {
            match &$store.db {
                $crate::store::Db::Sqlite { read: $db, .. } => $body,
                $crate::store::Db::Postgres($db) => $body,
            }
        })
        .await
    };
}

/// Runs a body with the connection of a transaction, whichever database is open.
macro_rules! writing {
    ($tx:expr, $db:ident => $body:expr) => {
        match &mut $tx.lent {
            $crate::store::Lent::Sqlite(tx) => {
                let $db = &mut **tx;
                $body
            }
            $crate::store::Lent::Postgres(tx) => {
                let $db = &mut **tx;
                $body
            }
        }
    };
}

use {reading, writing};

async fn in_time<T>(asked: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    let answer = timeout(PATIENCE, asked).await;
    answer.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
