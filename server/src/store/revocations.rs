//! The table `revocations`: a feed of what verification must refuse, numbered in the order of commit. The number
//! comes from a counter whose row is held until the commit, so whoever has read a number has read all before it;
//! numbers from a sequence, or times, could be passed by a commit that was slower.

use sqlx::QueryBuilder;

use super::{Result, Store, Tx, reading, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::token::{Jti, SessionId, UserId};

/// How many revocations one statement adds: four values each, and SQLite takes 32766.
const AT_ONCE: usize = 1000;

/// What is refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Revoked {
    /// Every access token of a session.
    Session(SessionId),
    /// One access token.
    Token(Jti),
    /// Tokens of other issuers for this user.
    User(UserId),
    /// Every token.
    Everyone,
}

/// A revocation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revocation {
    /// What is refused.
    pub what: Revoked,
    /// Of a session or token: when the last access token concerned expires. Of a user or everyone: what was issued
    /// until then is refused.
    pub value: UnixSeconds,
}

/// What a server must know before it verifies anything.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The number up to which it is complete.
    pub seq: i64,
    /// All that could still concern a token.
    pub revocations: Vec<Revocation>,
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    kind: String,
    subject: String,
    value: i64,
}

impl Row {
    fn read(self) -> Result<(i64, Revocation)> {
        let what = match self.kind.as_str() {
            "session" => SessionId::parse(&self.subject).map(Revoked::Session),
            "token" => Jti::parse(&self.subject).map(Revoked::Token),
            "user" => self.subject.parse().ok().map(UserId).map(Revoked::User),
            "everyone" => Some(Revoked::Everyone),
            _ => None,
        };
        let what = what.ok_or_else(|| unreadable("revocations"))?;
        let value = self.value;
        Ok((self.seq, Revocation { what, value }))
    }
}

impl Revoked {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Session(_) => "session",
            Self::Token(_) => "token",
            Self::User(_) => "user",
            Self::Everyone => "everyone",
        }
    }

    pub(super) fn subject(&self) -> String {
        match self {
            Self::Session(id) => id.to_string(),
            Self::Token(jti) => jti.as_str().to_owned(),
            Self::User(id) => id.to_string(),
            Self::Everyone => String::new(),
        }
    }
}

impl Store {
    /// At most `limit` revocations that follow number `seq`, in order.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn revocations_after(&self, seq: i64, limit: i64) -> Result<Vec<(i64, Revocation)>> {
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as("select seq, kind, subject, value from revocations where seq > $1 order by seq limit $2")
                .bind(seq)
                .bind(limit)
                .fetch_all(db)
                .await
        })?;
        rows.into_iter().map(Row::read).collect()
    }

    /// All revocations that could concern a token which expires after `since`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn standing_revocations(&self, since: UnixSeconds) -> Result<Standing> {
        // The number first: what comes in between is then read twice, not missed.
        let seq = self.latest_revocation().await?;
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as(
                "select seq, kind, subject, value from revocations where kind in ('session', 'token') and value > $1
                 union all
                 select 0, 'user', cast(id as text), tokens_valid_after from users where tokens_valid_after > 0
                 union all
                 select 0, 'everyone', '', value from counters where name = 'tokens_valid_after'",
            )
            .bind(since)
            .fetch_all(db)
            .await
        })?;
        let read = rows.into_iter().map(|row| Ok(row.read()?.1));
        Ok(Standing {
            seq,
            revocations: read.collect::<Result<_>>()?,
        })
    }

    /// The number of the latest revocation.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn latest_revocation(&self) -> Result<i64> {
        let (seq,): (i64,) = reading!(self, db => {
            sqlx::query_as("select value from counters where name = 'revocations'").fetch_one(db).await
        })?;
        Ok(seq)
    }
}

impl Tx {
    /// Puts revocations into the feed. The last thing a transaction does: others wait for the counter's row.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn announce(&mut self, revocations: &[Revocation]) -> Result<()> {
        let Ok(count @ 1..) = i64::try_from(revocations.len()) else {
            return Ok(());
        };
        let (last,): (i64,) = writing!(self, db => {
            sqlx::query_as("update counters set value = value + $1 where name = 'revocations' returning value")
                .bind(count)
                .fetch_one(db)
                .await
        })?;
        let numbered: Vec<_> = (last - count + 1..).zip(revocations).collect();
        for some in numbered.chunks(AT_ONCE) {
            writing!(self, db => {
                let mut query = QueryBuilder::new("insert into revocations (seq, kind, subject, value) ");
                query.push_values(some, |mut row, (seq, revocation)| {
                    row.push_bind(*seq)
                        .push_bind(revocation.what.kind())
                        .push_bind(revocation.what.subject())
                        .push_bind(revocation.value);
                });
                query.build().execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// When all sessions there were ended, held until the end of the transaction.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn everyones_cut_off(&mut self) -> Result<UnixSeconds> {
        let (cut_off,): (i64,) = writing!(self, db => {
            sqlx::query_as("update counters set value = value where name = 'tokens_valid_after' returning value")
                .fetch_one(db)
                .await
        })?;
        Ok(cut_off)
    }

    /// Refuses every token issued until `now`, whoever it speaks for.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn refuse_everyones_tokens(&mut self, now: UnixSeconds) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update counters set value = $1 where name = 'tokens_valid_after' and value < $1")
                .bind(now)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}

/// What the database says of an access token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AccessFacts {
    /// Its session has ended, or is about to with everyone's; or the token carries one that nobody opened.
    pub ended: bool,
    /// It was blacklisted by itself, not with its session; or it is of another issuer, and was blacklisted at all.
    pub blacklisted: bool,
    /// Tokens of other issuers for its user that were issued until then are refused.
    pub user_cut_off: UnixSeconds,
    /// All tokens issued until then are refused.
    pub cut_off: UnixSeconds,
}

impl Store {
    /// Asks what memory would know of an access token, for when memory is too old to be trusted.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn access_facts(
        &self,
        session: Option<SessionId>,
        jti: &Jti,
        user: Option<UserId>,
    ) -> Result<AccessFacts> {
        let row: (bool, bool, i64, i64) = reading!(self, db => {
            sqlx::query_as(
                "select exists (select 1 from sessions where id = $1 and ended_at is null)
                            and not exists (select 1 from warrants
                                            where finished_at is null and target = '\"everyone\"'
                                              and last_id >= $1 and spared <> $1) as live,
                        exists (select 1 from revocations where kind = 'token' and subject = $2)
                            or $1 is null and exists (select 1 from outstanding_tokens t
                                                      join blacklisted_tokens b on b.token_id = t.id
                                                      where t.jti = $2) as blacklisted,
                        coalesce((select tokens_valid_after from users where id = $3), 0) as user_cut_off,
                        coalesce((select value from counters where name = 'tokens_valid_after'), 0) as cut_off",
            )
            .bind(session.map(|id| id.to_string()))
            .bind(jti.as_str())
            .bind(user.map(|id| id.0))
            .fetch_one(db)
            .await
        })?;
        let (live, blacklisted, user_cut_off, cut_off) = row;
        Ok(AccessFacts {
            ended: session.is_some() && !live,
            blacklisted,
            user_cut_off,
            cut_off,
        })
    }
}
