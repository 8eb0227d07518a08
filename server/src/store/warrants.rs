//! The table `warrants`: what members of staff had revoked, and how far it is. A row that is not finished is claimed by
//! compare-and-swap before anybody works on it, and moved in the transaction of the work. What another version wrote is told
//! of, and left alone.

mod carry;
mod row;

use std::sync::atomic::{AtomicI64, Ordering};

use super::{Count, Cursor, Extent, Origin, Part, Result, Store, Target, TokenId};
use super::{reading, writing};
use crate::clock::UnixSeconds;
use crate::token::SessionId;
use row::{Row, warrants};

/// How many are listed.
const LISTED: i64 = 50;

/// The number of a warrant's row.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct WarrantId(pub i64);

/// What somebody had revoked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Warrant {
    /// Its number; later ones have greater ones.
    pub id: WarrantId,
    /// When it was asked for.
    pub begun_at: UnixSeconds,
    /// The name of who asked for it.
    pub actor: String,
    /// Their words for it.
    pub note: String,
    /// Where they did it.
    pub origin: Origin,
    /// What was to be revoked.
    pub target: Target,
    /// The session they worked in, where it was to live on.
    pub spared: Option<SessionId>,
    /// No session with a greater id ends.
    pub last_id: Option<String>,
    /// How many sessions there were to end.
    pub expected: Count,
    /// Which tokens were alive when it was decided, where that was counted.
    pub alive: Option<Alive>,
    /// Where the last batch ended; empty before the first.
    pub position: String,
    /// How many sessions it ended; of an access token, whether it fell.
    pub ended: i64,
    /// How many users those were of, where that was counted.
    pub users: Option<i64>,
    /// When nothing was left to end.
    pub finished_at: Option<UnixSeconds>,
    /// Until then somebody is at it.
    pub claimed_until: UnixSeconds,
}

/// Tokens that would have been accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Alive {
    /// Access tokens.
    pub access: Count,
    /// Tokens of other types.
    pub others: Count,
}

impl Warrant {
    /// Which sessions it ends.
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            meant: self.target.meant(),
            last_id: self.last_id.clone(),
            spared: self.spared,
        }
    }

    /// The part of those that is left.
    #[must_use]
    pub fn rest(&self) -> Part {
        let order = self.target.meant().order();
        let place: Option<Cursor> = order.read(&self.position);
        place.map_or(Part::First, Part::After)
    }
}

/// A warrant whose target this version can not read: another one wrote it. Nobody carries it out here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnreadableWarrant {
    /// Its number.
    pub id: WarrantId,
    /// When it was asked for.
    pub begun_at: UnixSeconds,
    /// The name of who asked for it.
    pub actor: String,
    /// Their words for it.
    pub note: String,
    /// How many sessions it ended.
    pub ended: i64,
    /// When nothing was left to end.
    pub finished_at: Option<UnixSeconds>,
}

/// The greatest number of an unreadable warrant that was told of: once is enough.
static TOLD: AtomicI64 = AtomicI64::new(0);

impl WarrantId {
    /// The next number.
    #[must_use]
    pub fn next() -> Self {
        Self(TokenId::next().0)
    }
}

impl Store {
    /// The warrant of this number.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn warrant(
        &self,
        id: WarrantId,
    ) -> Result<Option<std::result::Result<Warrant, UnreadableWarrant>>> {
        let row: Option<Row> = reading!(self, db => {
            sqlx::query_as(warrants!("where id = $1")).bind(id.0).fetch_optional(db).await
        })?;
        Ok(row.map(Row::read))
    }

    /// The latest warrants, latest first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn warrants(&self) -> Result<Vec<std::result::Result<Warrant, UnreadableWarrant>>> {
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as(warrants!("order by id desc limit $1")).bind(LISTED).fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(Row::read).collect())
    }

    /// The oldest warrant that is not finished, that nobody is at, and that can be read.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn warrant_to_take_up(&self, now: UnixSeconds) -> Result<Option<Warrant>> {
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as(warrants!("where finished_at is null and claimed_until <= $1 order by id limit $2"))
                .bind(now)
                .bind(LISTED)
                .fetch_all(db)
                .await
        })?;
        for row in rows {
            match row.read() {
                Ok(warrant) => return Ok(Some(warrant)),
                Err(other) => tell_of(&other),
            }
        }
        Ok(None)
    }

    /// Whether a session is about to end with everyone's: that was decided, and its turn is still to come.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn is_about_to_end(&self, session: SessionId) -> Result<bool> {
        let (is_about_to,): (bool,) = reading!(self, db => {
            sqlx::query_as(
                "select exists (select 1 from warrants
                                where finished_at is null and target = '\"everyone\"'
                                  and last_id >= $1 and spared <> $1)",
            )
            .bind(session.to_string())
            .fetch_one(db)
            .await
        })?;
        Ok(is_about_to)
    }

    /// Removes the warrants that were finished, and asked for before `before`; some at once.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn flush_warrants(&self, before: UnixSeconds) -> Result<u64> {
        let removed = self.write(move |tx| {
            Box::pin(async move {
                let rows = writing!(tx, db => {
                    sqlx::query(
                        "delete from warrants where id in
                             (select id from warrants where id < $1 and finished_at is not null order by id limit $2)",
                    )
                    .bind(TokenId::since(before).0)
                    .bind(LISTED)
                    .execute(db)
                    .await
                    .map(|done| done.rows_affected())
                });
                Ok::<_, super::StoreError>(rows?)
            })
        });
        removed.await
    }
}

fn tell_of(other: &UnreadableWarrant) {
    let id = other.id.0;
    if TOLD.fetch_max(id, Ordering::Relaxed) < id {
        tracing::warn!(
            warrant = id,
            "a revocation can not be read and is left to the version that wrote it"
        );
    }
}
