//! The table `warrants`: what members of staff had revoked, and how far it is. A row that is not finished is claimed by
//! compare-and-swap before anybody works on it, and moved in the transaction of the work.

use std::sync::atomic::{AtomicI64, Ordering};

use super::{Count, Cursor, Extent, Origin, Part, Result, Store, Target, Tx};
use super::{TokenId, reading, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::token::SessionId;

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

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    begun_at: UnixSeconds,
    actor: String,
    note: String,
    ip: String,
    user_agent: String,
    target: String,
    spared: String,
    last_id: String,
    expected: i64,
    is_more_expected: bool,
    position: String,
    ended: i64,
    users: Option<i64>,
    finished_at: Option<UnixSeconds>,
    claimed_until: UnixSeconds,
}

impl Row {
    fn read(self) -> std::result::Result<Warrant, UnreadableWarrant> {
        let Ok(target) = serde_json::from_str(&self.target) else {
            return Err(UnreadableWarrant {
                id: WarrantId(self.id),
                begun_at: self.begun_at,
                actor: self.actor,
                note: self.note,
                ended: self.ended,
                finished_at: self.finished_at,
            });
        };
        let expected = if self.is_more_expected {
            Count::AtLeast(self.expected)
        } else {
            Count::Exactly(self.expected)
        };
        let origin = Origin {
            ip: self.ip,
            user_agent: self.user_agent,
            ..Origin::default()
        };
        Ok(Warrant {
            id: WarrantId(self.id),
            begun_at: self.begun_at,
            actor: self.actor,
            note: self.note,
            origin,
            target,
            spared: SessionId::parse(&self.spared),
            last_id: Some(self.last_id).filter(|id| !id.is_empty()),
            expected,
            position: self.position,
            ended: self.ended,
            users: self.users,
            finished_at: self.finished_at,
            claimed_until: self.claimed_until,
        })
    }
}

macro_rules! warrants {
    ($rest:literal) => {
        concat!(
            "select id, begun_at, actor, note, ip, user_agent, target, spared, last_id, expected, is_more_expected,
                    position, ended, users, finished_at, claimed_until
             from warrants ",
            $rest
        )
    };
}

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
    pub async fn warrant(&self, id: WarrantId) -> Result<Option<Warrant>> {
        let row: Option<Row> = reading!(self, db => {
            sqlx::query_as(warrants!("where id = $1")).bind(id.0).fetch_optional(db).await
        })?;
        let read = row.map(Row::read).transpose();
        read.map_err(|_| unreadable("warrants"))
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

impl Tx {
    /// Puts a warrant on record.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn add_warrant(&mut self, warrant: &Warrant) -> Result<()> {
        let target = serde_json::to_string(&warrant.target).map_err(|_| unreadable("warrants"))?;
        let (expected, is_more) = match warrant.expected {
            Count::Exactly(n) => (n, false),
            Count::AtLeast(n) => (n, true),
        };
        writing!(self, db => {
            sqlx::query(
                "insert into warrants (id, begun_at, actor, note, ip, user_agent, target, spared, last_id, expected,
                                       is_more_expected, position, ended, users, finished_at, claimed_until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            )
            .bind(warrant.id.0)
            .bind(warrant.begun_at)
            .bind(&warrant.actor)
            .bind(&warrant.note)
            .bind(&warrant.origin.ip)
            .bind(&warrant.origin.user_agent)
            .bind(target)
            .bind(warrant.spared.map(|id| id.to_string()).unwrap_or_default())
            .bind(warrant.last_id.as_deref().unwrap_or_default())
            .bind(expected)
            .bind(is_more)
            .bind(&warrant.position)
            .bind(warrant.ended)
            .bind(warrant.users)
            .bind(warrant.finished_at)
            .bind(warrant.claimed_until)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }

    /// Claims a warrant until `until`; false when it is not as it was read, because somebody else is at it. Its row is held
    /// until the end of the transaction.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn claim_warrant(&mut self, warrant: &Warrant, until: UnixSeconds) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "update warrants set claimed_until = $4
                 where id = $1 and claimed_until = $2 and position = $3 and finished_at is null",
            )
            .bind(warrant.id.0)
            .bind(warrant.claimed_until)
            .bind(&warrant.position)
            .bind(until)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Moves a warrant that this transaction claimed to where it is now.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn move_warrant(&mut self, warrant: &Warrant) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update warrants set position = $2, ended = $3, finished_at = $4 where id = $1")
                .bind(warrant.id.0)
                .bind(&warrant.position)
                .bind(warrant.ended)
                .bind(warrant.finished_at)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }

    /// The greatest id of a session there is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_session(&mut self) -> Result<Option<String>> {
        let (id,): (Option<String>,) = writing!(self, db => {
            sqlx::query_as("select max(id) from sessions").fetch_one(db).await
        })?;
        Ok(id)
    }
}
