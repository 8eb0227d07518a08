//! Puts a made-up past on record, thousands of rows at a time. It fills an empty database, adds rows only, and tells nobody
//! of them: neither the log nor a webhook hears of events that never happened.

mod batch;
mod rows;

use std::collections::BTreeMap;

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor, QueryBuilder, SqliteConnection};

use super::{Db, Lent, NewToken, Result, Store, StoreError, Tx, reading, writing};
use crate::activity::{Counted, Tally, hour_of};
use crate::token::{Generation, TokenType, UserId};
pub(crate) use batch::{Batch, PastBlacklisting, PastDevice, PastSession, PastToken, PastUser};
use rows::{Cell, Row};

/// How many values one statement of SQLite takes.
const VALUES: usize = 32_766;

/// Memory for pages that SQLite works on, in KiB: as much as the indexes need that are not in the order of time.
const CACHE: &str = "pragma cache_size = -262144";

impl Store {
    /// Whether anything is on record: a user, or a session.
    ///
    /// # Errors
    /// The database is out of reach.
    pub(crate) async fn is_in_use(&self) -> Result<bool> {
        let (in_use,): (bool,) = reading!(self, db => {
            sqlx::query_as("select exists (select 1 from users) or exists (select 1 from sessions)")
                .fetch_one(db)
                .await
        })?;
        Ok(in_use)
    }

    /// Puts a batch on record, and moves the counters along. What its rows refer to is in it, or was in one before. It takes
    /// the time it takes: the more rows are in one transaction, the fewer pages of the indexes are written again and again.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when something of it is there already; the database is out of reach.
    pub(crate) async fn put(&self, batch: Batch) -> Result<()> {
        match &self.db {
            Db::Sqlite { writer, .. } => {
                let written = writer.write(move |tx| {
                    Box::pin(async move {
                        tx.run(CACHE).await?;
                        tx.put(batch).await
                    })
                });
                written.await
            }
            Db::Postgres(pool) => {
                let mut tx = Tx::new(Lent::Postgres(pool.begin().await?), &self.outlet);
                tx.run("set local statement_timeout = 0").await?;
                tx.put(batch).await?;
                match tx.lent {
                    Lent::Postgres(tx) => Ok(tx.commit().await?),
                    Lent::Sqlite(_) => Err(StoreError::gone()),
                }
            }
        }
    }

    /// Lets PostgreSQL count what it has, and mark what everybody can see: autovacuum would do it in some minutes, and until
    /// then plans are made for empty tables. SQLite is left as a server leaves it, which never counts.
    ///
    /// # Errors
    /// The database is out of reach.
    pub(crate) async fn take_stock(&self) -> Result<()> {
        let Db::Postgres(pool) = &self.db else {
            return Ok(());
        };
        // A connection of its own, because the patience of the others is not to change.
        let mut connection = pool.acquire().await?.detach();
        connection.execute("set statement_timeout = 0").await?;
        connection.execute("vacuum (analyze)").await?;
        connection.close().await?;
        Ok(())
    }
}

impl Tx {
    async fn put(&mut self, batch: Batch) -> Result<()> {
        let counted = tallies(&batch);
        if let Some(last) = batch.users.last() {
            self.hand_out_users(last.id).await?;
        }
        self.add(batch.users).await?;
        self.add(batch.devices).await?;
        self.add(batch.known_devices).await?;
        self.add(batch.api_tokens).await?;
        self.add(batch.sessions).await?;
        self.add(batch.addresses).await?;
        self.add(batch.tokens).await?;
        self.add(batch.blacklisted).await?;
        self.add(batch.events).await?;
        for news in counted.chunks(VALUES / 3) {
            self.add_activity(news).await?;
        }
        let first = self.hand_out_revocations(batch.revocations.len()).await?;
        self.add((first..).zip(batch.revocations).collect::<Vec<_>>())
            .await
    }

    /// Numbers of users up to this one are given.
    async fn hand_out_users(&mut self, last: UserId) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update counters set value = $1 where name = 'users' and value < $1")
                .bind(last.0)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    /// The first of so many numbers of the feed.
    async fn hand_out_revocations(&mut self, count: usize) -> Result<i64> {
        let count = i64::try_from(count).unwrap_or_default();
        let (last,): (i64,) = writing!(self, db => {
            sqlx::query_as("update counters set value = value + $1 where name = 'revocations' returning value")
                .bind(count)
                .fetch_one(db)
                .await
        })?;
        Ok(last - count + 1)
    }

    /// Adds rows to one table. PostgreSQL takes a stream, which is three times as quick as statements with values.
    async fn add<R: Row>(&mut self, rows: Vec<R>) -> Result<()> {
        match &mut self.lent {
            Lent::Sqlite(connection) => insert(connection, rows).await,
            Lent::Postgres(tx) => copy(tx, rows).await,
        }
    }
}

/// What a server would have counted meanwhile; each hour and thing once.
fn tallies(batch: &Batch) -> Vec<Tally> {
    let events = batch
        .events
        .iter()
        .map(|(_, event)| (event.at, Counted::of(event.kind)));
    let is_rotation = |token: &&NewToken| {
        token.token_type == TokenType::Refresh && token.generation > Generation(0)
    };
    let tokens = batch.tokens.iter().map(|past| &past.token);
    let refreshes = tokens
        .filter(is_rotation)
        .map(|token| (token.created_at, Some(Counted::Refreshes)));
    let mut counts = BTreeMap::<(i64, &str), (Counted, i64)>::new();
    for (at, what) in events.chain(refreshes) {
        if let Some(what) = what {
            counts
                .entry((hour_of(at), what.as_str()))
                .or_insert((what, 0))
                .1 += 1;
        }
    }
    let tally = |((hour, _), (what, count))| Tally { hour, what, count };
    counts.into_iter().map(tally).collect()
}

async fn insert<R: Row>(connection: &mut SqliteConnection, rows: Vec<R>) -> Result<()> {
    let mut rows = rows.into_iter().map(Row::cells).peekable();
    while let Some(first) = rows.peek() {
        let at_once = VALUES / first.len();
        let mut query = QueryBuilder::<sqlx::Sqlite>::new("insert into ");
        query.push(R::INTO).push(" ");
        query.push_values(rows.by_ref().take(at_once), |mut row, cells| {
            for cell in cells {
                match cell {
                    Cell::Nothing => row.push_bind(None::<i64>),
                    Cell::Number(number) => row.push_bind(number),
                    Cell::Truth(truth) => row.push_bind(truth),
                    Cell::Text(text) => row.push_bind(text),
                    Cell::Word(word) => row.push_bind(word),
                };
            }
        });
        // The last statement of a table has another length each time: none is worth keeping.
        let statement = query.build().persistent(false);
        statement.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn copy<R: Row>(connection: &mut PgConnection, rows: Vec<R>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut lines = String::new();
    for row in rows {
        for (n, cell) in row.cells().into_iter().enumerate() {
            if n > 0 {
                lines.push('\t');
            }
            cell.write(&mut lines);
        }
        lines.push('\n');
    }
    let statement = format!("copy {} from stdin", R::INTO);
    let mut stream = connection.copy_in_raw(&statement).await?;
    stream.send(lines.into_bytes()).await?;
    stream.finish().await?;
    Ok(())
}
