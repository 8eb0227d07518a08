//! The table `sessions`. Its rows are the locks of the registry: whatever changes a session begins here.

use super::{Result, Store, TokenId, Tx, reading, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::session::{EndReason, Phase, Presented, Session};
use crate::token::{Generation, Jti, SessionId, UserId};

/// A session to open.
#[derive(Clone, Copy, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose it is; `None` for a foreign token that names nobody known here.
    pub user_id: Option<UserId>,
    /// When it is opened.
    pub opened_at: UnixSeconds,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// The latest expiry among its first tokens.
    pub tokens_expire_at: UnixSeconds,
}

/// How a session is ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// When.
    pub at: UnixSeconds,
    /// Why.
    pub reason: EndReason,
    /// The name of who did it; `None` where the server acted by itself.
    pub by: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
}

/// A session as a presented refresh token finds it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// The presented token's row; `None` when it is no longer on record.
    pub token: Option<PresentedRow>,
}

/// A presented token as it is on record.
#[derive(Clone, Copy, Debug)]
pub struct PresentedRow {
    /// The row's number.
    pub id: TokenId,
    /// What it is in its session.
    pub presented: Presented,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: Option<i64>,
    generation: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    token_id: Option<i64>,
    token_generation: Option<i64>,
    blacklisted: bool,
}

impl Row {
    fn found(self) -> Result<SessionRow> {
        let session = self.session().ok_or_else(|| unreadable("sessions"))?;
        let token = self.token_id.zip(self.token_generation);
        let token = token.map(|(id, generation)| PresentedRow {
            id: TokenId(id),
            presented: Presented {
                generation: Generation(generation),
                blacklisted: self.blacklisted,
            },
        });
        Ok(SessionRow { session, token })
    }

    /// `None` for a row that this server can not have written.
    fn session(&self) -> Option<Session> {
        let phase = match (self.ended_at, &self.end_reason) {
            (None, _) => Phase::Live,
            (Some(at), reason) => Phase::Ended {
                at,
                reason: EndReason::parse(reason.as_deref()?)?,
            },
        };
        Some(Session {
            id: SessionId::parse(&self.id)?,
            user_id: self.user_id.map(UserId),
            phase,
            generation: Generation(self.generation),
            expires_at: self.expires_at,
        })
    }
}

impl Store {
    /// Whether the session is live at `now`, and whose it is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn live_session_user(
        &self,
        id: SessionId,
        now: UnixSeconds,
    ) -> Result<Option<UserId>> {
        let row: Option<(Option<i64>,)> = reading!(self, db => {
            sqlx::query_as("select user_id from sessions where id = $1 and ended_at is null and expires_at > $2")
                .bind(id.to_string())
                .bind(now)
                .fetch_optional(db)
                .await
        })?;
        Ok(row.and_then(|(user_id,)| user_id).map(UserId))
    }
}

impl Tx {
    /// The session with this id, and the row of the token `jti` that is presented for it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session(&mut self, id: SessionId, jti: &Jti) -> Result<Option<SessionRow>> {
        let row: Option<Row> = writing!(self, db => {
            sqlx::query_as(
                "select s.id, s.user_id, s.generation, s.expires_at, s.ended_at, s.end_reason,
                        t.id as token_id, t.generation as token_generation,
                        b.token_id is not null as blacklisted
                 from sessions s
                 left join outstanding_tokens t on t.session_id = s.id and t.jti = $2
                 left join blacklisted_tokens b on b.token_id = t.id
                 where s.id = $1",
            )
            .bind(id.to_string())
            .bind(jti.as_str())
            .fetch_optional(db)
            .await
        })?;
        row.map(Row::found).transpose()
    }

    /// The session a token is on record for, by the token's name alone: foreign tokens carry no `sid`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session_of_token(&mut self, jti: &Jti) -> Result<Option<SessionRow>> {
        let row: Option<Row> = writing!(self, db => {
            sqlx::query_as(
                "select s.id, s.user_id, s.generation, s.expires_at, s.ended_at, s.end_reason,
                        t.id as token_id, t.generation as token_generation,
                        b.token_id is not null as blacklisted
                 from outstanding_tokens t
                 join sessions s on s.id = t.session_id
                 left join blacklisted_tokens b on b.token_id = t.id
                 where t.jti = $1",
            )
            .bind(jti.as_str())
            .fetch_optional(db)
            .await
        })?;
        row.map(Row::found).transpose()
    }

    /// Opens a session at its first generation.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn open_session(&mut self, new: &NewSession) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "insert into sessions (id, user_id, opened_at, last_seen_at, generation, rotated_at,
                                       expires_at, tokens_expire_at)
                 values ($1, $2, $3, $3, $4, $3, $5, $6)",
            )
            .bind(new.id.to_string())
            .bind(new.user_id.map(|id| id.0))
            .bind(new.opened_at)
            .bind(Generation::FIRST.0)
            .bind(new.expires_at)
            .bind(new.tokens_expire_at)
            .execute(db)
            .await
        }
        .map(drop))?;
        Ok(())
    }

    /// Begins the generation after `from`. False, and nothing changed, when the session is no longer at `from`
    /// or no longer live: someone else was first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn rotate_session(
        &mut self,
        id: SessionId,
        from: Generation,
        now: UnixSeconds,
        tokens_expire_at: UnixSeconds,
    ) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "update sessions
                 set generation = generation + 1, rotated_at = $3, last_seen_at = $3,
                     tokens_expire_at = case when tokens_expire_at < $4 then $4 else tokens_expire_at end
                 where id = $1 and generation = $2 and ended_at is null",
            )
            .bind(id.to_string())
            .bind(from.0)
            .bind(now)
            .bind(tokens_expire_at)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Notes that tokens are issued in a session without rotation. False when it is no longer live.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn renew_session(
        &mut self,
        id: SessionId,
        now: UnixSeconds,
        tokens_expire_at: UnixSeconds,
    ) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "update sessions
                 set last_seen_at = $2,
                     tokens_expire_at = case when tokens_expire_at < $3 then $3 else tokens_expire_at end
                 where id = $1 and ended_at is null",
            )
            .bind(id.to_string())
            .bind(now)
            .bind(tokens_expire_at)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Ends a session. Answers until when its tokens could have lived, or `None` when it had ended before.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_session(
        &mut self,
        id: SessionId,
        ending: &Ending,
    ) -> Result<Option<UnixSeconds>> {
        let row: Option<(i64,)> = writing!(self, db => {
            sqlx::query_as(
                "update sessions set ended_at = $2, end_reason = $3, ended_by = $4, end_note = $5
                 where id = $1 and ended_at is null
                 returning tokens_expire_at",
            )
            .bind(id.to_string())
            .bind(ending.at)
            .bind(ending.reason.as_str())
            .bind(&ending.by)
            .bind(&ending.note)
            .fetch_optional(db)
            .await
        })?;
        Ok(row.map(|(tokens_expire_at,)| tokens_expire_at))
    }

    /// Ends every live session of a user. Answers which, and until when their tokens could have lived.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_sessions_of(
        &mut self,
        user_id: UserId,
        ending: &Ending,
    ) -> Result<Vec<(SessionId, UnixSeconds)>> {
        let rows: Vec<(String, i64)> = writing!(self, db => {
            sqlx::query_as(
                "update sessions set ended_at = $2, end_reason = $3, ended_by = $4, end_note = $5
                 where user_id = $1 and ended_at is null
                 returning id, tokens_expire_at",
            )
            .bind(user_id.0)
            .bind(ending.at)
            .bind(ending.reason.as_str())
            .bind(&ending.by)
            .bind(&ending.note)
            .fetch_all(db)
            .await
        })?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, until)| Some((SessionId::parse(&id)?, until)))
            .collect())
    }
}
