//! The table `sessions`. Its rows are the locks of the registry: whatever changes a session begins here.

use super::{Result, Store, TokenId, Tx, reading, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::network::Network;
use crate::session::{Device, EndReason, Phase, Rotation, Session, Trail};
use crate::token::{Generation, Jti, SessionId, TokenType, UserId};

/// A session to open.
#[derive(Clone, Debug)]
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
    /// The latest expiry among its first access tokens.
    pub access_expires_at: UnixSeconds,
    /// When whoever works in a session of the admin gave their password; nought in every other session.
    pub confirmed_at: UnixSeconds,
    /// What its client calls itself; empty where it does not say.
    pub client: String,
}

/// A session as a presented refresh token finds it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// Whether its user may log in; `None` when there is no such user any more.
    pub user_is_active: Option<bool>,
    /// The presented token's row; `None` when it is no longer on record.
    pub token: Option<TokenFound>,
}

/// A presented token as it is on record.
#[derive(Clone, Copy, Debug)]
pub struct TokenFound {
    /// The row's number.
    pub id: TokenId,
    /// The generation it was issued or taken over in.
    pub generation: Generation,
    /// It was blacklisted.
    pub blacklisted: bool,
    /// What it may be used for; `None` for a type of another version.
    pub token_type: Option<TokenType>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: Option<i64>,
    generation: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    rotated_at: i64,
    rotated_by: String,
    received_generation: i64,
    network: String,
    network_at: i64,
    moved_from: String,
    moved_at: i64,
    moves: i64,
    is_active: Option<bool>,
    token_id: Option<i64>,
    token_generation: Option<i64>,
    token_type: Option<String>,
    blacklisted: bool,
}

impl Row {
    fn found(self) -> Result<SessionRow> {
        let token = self.token_id.zip(self.token_generation);
        let token = token.map(|(id, generation)| TokenFound {
            id: TokenId(id),
            generation: Generation(generation),
            blacklisted: self.blacklisted,
            token_type: self.token_type.as_deref().and_then(TokenType::parse),
        });
        let user_is_active = self.is_active;
        let session = self.session().ok_or_else(|| unreadable("sessions"))?;
        Ok(SessionRow {
            session,
            user_is_active,
            token,
        })
    }

    /// `None` for a row that this server can not have written.
    fn session(self) -> Option<Session> {
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
            rotation: Rotation {
                at: self.rotated_at,
                by: Device::from_mark(self.rotated_by),
                received: self.received_generation >= self.generation,
            },
            expires_at: self.expires_at,
            trail: Trail {
                network: Network::parse(&self.network),
                at: self.network_at,
                moved_from: Network::parse(&self.moved_from),
                moved_at: self.moved_at,
                moves: self.moves,
            },
        })
    }
}

/// What a [`Row`] is read from: a session `s`, its user `u`, the presented token `t` and its blacklisting `b`.
macro_rules! found_session {
    ($from:literal) => {
        concat!(
            "select s.id, s.user_id, s.generation, s.expires_at, s.ended_at, s.end_reason, s.rotated_at,
                    s.rotated_by, s.received_generation, s.network, s.network_at, s.moved_from, s.moved_at, s.moves,
                    u.is_active, t.id as token_id, t.generation as token_generation, t.token_type,
                    b.token_id is not null as blacklisted ",
            $from
        )
    };
}

impl Store {
    /// The session with this id, and the row of the token `jti` that is presented for it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session(&self, id: SessionId, jti: &Jti) -> Result<Option<SessionRow>> {
        let row: Option<Row> = reading!(self, db => {
            sqlx::query_as(
                found_session!("from sessions s
                 left join users u on u.id = s.user_id
                 left join outstanding_tokens t on t.jti = $2 and t.session_id = s.id
                 left join blacklisted_tokens b on b.token_id = t.id
                 where s.id = $1"),
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
    pub async fn session_of_token(&self, jti: &Jti) -> Result<Option<SessionRow>> {
        let row: Option<Row> = reading!(self, db => {
            sqlx::query_as(
                found_session!("from outstanding_tokens t
                 join sessions s on s.id = t.session_id
                 left join users u on u.id = s.user_id
                 left join blacklisted_tokens b on b.token_id = t.id
                 where t.jti = $1"),
            )
            .bind(jti.as_str())
            .fetch_optional(db)
            .await
        })?;
        row.map(Row::found).transpose()
    }

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
    /// Opens a session at its first generation.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn open_session(&mut self, new: &NewSession) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "insert into sessions (id, user_id, opened_at, last_seen_at, generation, rotated_at,
                                       expires_at, tokens_expire_at, access_expires_at, confirmed_at, client)
                 values ($1, $2, $3, $3, $4, $3, $5, $6, $7, $8, $9)",
            )
            .bind(new.id.to_string())
            .bind(new.user_id.map(|id| id.0))
            .bind(new.opened_at)
            .bind(Generation::FIRST.0)
            .bind(new.expires_at)
            .bind(new.tokens_expire_at)
            .bind(new.access_expires_at)
            .bind(new.confirmed_at)
            .bind(&new.client)
            .execute(db)
            .await
        }
        .map(drop))?;
        Ok(())
    }

    /// Notes of each session that a token of this generation was seen in use.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn note_received(&mut self, received: &[(SessionId, Generation)]) -> Result<()> {
        for (id, generation) in received {
            writing!(self, db => {
                sqlx::query("update sessions set received_generation = $2 where id = $1 and received_generation < $2")
                    .bind(id.to_string())
                    .bind(generation.0)
                    .execute(db)
                    .await
                    .map(drop)
            })?;
        }
        Ok(())
    }

    /// Moves the beginning of a generation to when its rotation was committed in fact.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn anchor_rotation(
        &mut self,
        id: SessionId,
        generation: Generation,
        at: UnixSeconds,
    ) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update sessions set rotated_at = $3 where id = $1 and generation = $2 and rotated_at < $3")
                .bind(id.to_string())
                .bind(generation.0)
                .bind(at)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}
