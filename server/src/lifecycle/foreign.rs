//! Finds the session of a refresh token. A token of another issuer that shares the key has none yet: where
//! `ADOPT_FOREIGN_TOKENS` allows it, its first use opens one, and from then on it is on record like any other.

use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::session::{Device, Presented, Session};
use crate::state::Server;
use crate::store::{NewSession, NewToken, Origin, SessionRow, StoreError, TokenId, Tx};
use crate::token::{Claims, Generation, SessionId, TokenError, TokenType, UserId, sha256};

/// A presented refresh token, its session and its row.
pub(super) struct Found {
    pub session: Session,
    pub presented: Presented,
    /// Whether the session's user may log in; `None` when there is no such user any more.
    pub user_is_active: Option<bool>,
    /// The row's number, unless it is no longer on record.
    pub token: Option<TokenId>,
}

impl Found {
    /// What is on record for a presented token.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] when the session is of another user than the token: a name alone proves nothing.
    pub fn new(
        row: SessionRow,
        claims: &Claims,
        device: Device,
    ) -> std::result::Result<Self, TokenError> {
        let SessionRow {
            session,
            user_is_active,
            token,
        } = row;
        if session.user_id.is_some() && session.user_id != claims.user_id {
            return Err(TokenError::Invalid);
        }
        // The generation of a token of ours is what it claims, on record or not: that was signed here.
        let claimed = claims.session.map(|(_, generation)| generation);
        let generation = claimed.or(token.map(|token| token.generation));
        Ok(Self {
            presented: Presented {
                generation: generation.ok_or(TokenError::Invalid)?,
                blacklisted: token.is_some_and(|token| token.blacklisted),
                device,
            },
            session,
            user_is_active,
            token: token.map(|token| token.id),
        })
    }
}

/// What a session is opened for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Adopting {
    /// A refresh of a token of this type: the user must be there and may log in.
    ToGoOn(TokenType),
    /// A logout with a token of this type, so that it is known to be over.
    ToEnd(TokenType),
}

impl Adopting {
    /// What the token must be.
    fn wanted(self) -> TokenType {
        match self {
            Self::ToGoOn(wanted) | Self::ToEnd(wanted) => wanted,
        }
    }
}

impl Server {
    /// The session of the verified refresh token `compact`.
    pub(super) async fn find_session(
        &self,
        compact: &str,
        claims: &Claims,
        origin: &Origin,
        adopting: Adopting,
    ) -> Result<Found> {
        let row = match claims.session {
            Some((id, _)) => {
                let row = self.store.session(id, &claims.jti).await?;
                row.ok_or(TokenError::Invalid)?
            }
            None if self.settings.adopt_foreign_tokens => {
                self.foreign_session(compact, claims, origin, adopting)
                    .await?
            }
            None => return Err(TokenError::Invalid.into()),
        };
        self.check_everyones_end(row.session.id, claims).await?;
        self.check_recorded_type(&row, adopting.wanted())?;
        let mut found = Found::new(row, claims, Device::of(&origin.user_agent))?;
        // What was seen in use here may not be in the database yet.
        let (id, current) = (found.session.id, found.session.generation);
        found.session.rotation.received |= self.registry.receipts.has(id, current);
        Ok(found)
    }

    /// What is on record as one kind of token is not another, whatever it says itself. A token that says nothing
    /// (`TOKEN_TYPE_CLAIM`) is believed only where the record knows it.
    pub(super) fn check_recorded_type(
        &self,
        row: &SessionRow,
        wanted: TokenType,
    ) -> std::result::Result<(), TokenError> {
        match row.token {
            Some(token) if token.token_type != Some(wanted) => Err(TokenError::WrongType),
            None if self.keys.names().token_type.is_none() => Err(TokenError::Invalid),
            Some(_) | None => Ok(()),
        }
    }

    /// The session a foreign token was adopted into, now or before.
    async fn foreign_session(
        &self,
        compact: &str,
        claims: &Claims,
        origin: &Origin,
        adopting: Adopting,
    ) -> Result<SessionRow> {
        if let Some(row) = self.store.session_of_token(&claims.jti).await? {
            return Ok(row);
        }
        if let Adopting::ToGoOn(_) = adopting {
            self.check_foreign_user(claims).await?;
        }
        self.adopt(compact, claims, adopting.wanted(), origin)
            .await?;
        let row = self.store.session_of_token(&claims.jti).await?;
        row.ok_or(TokenError::Invalid.into())
    }

    async fn check_foreign_user(&self, claims: &Claims) -> Result<()> {
        let user = match claims.user_id {
            Some(id) => self.store.user(id).await?,
            None => None,
        };
        match user {
            Some(user) if self.may_log_in(user.is_active) => Ok(()),
            _ => Err(Error::NoActiveAccountForToken),
        }
    }

    /// Opens a session for a foreign token and puts it on record, unless another request did so first.
    pub(super) async fn adopt(
        &self,
        compact: &str,
        claims: &Claims,
        token_type: TokenType,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.clock.now();
        let ends = now + self.settings.session_lifetime.get();
        // What can not be refreshed does not outlive its only token.
        let (ends, last, access_expires_at) = match token_type {
            TokenType::Access => (claims.exp, claims.exp, claims.exp),
            // None was issued here yet. Nought is for sessions of the admin, which never have one.
            TokenType::Refresh => (ends, claims.exp, now),
            TokenType::Admin => (ends, claims.exp, 0),
            TokenType::Sliding => {
                let last = self.sliding_last(claims, ends);
                (ends, last, last)
            }
        };
        let session = NewSession {
            id: SessionId::at(now),
            user_id: None,
            opened_at: now,
            expires_at: ends,
            tokens_expire_at: last,
            access_expires_at,
            confirmed_at: 0,
            client: String::new(),
        };
        let token = NewToken {
            id: TokenId::next(),
            jti: claims.jti.clone(),
            sha256: sha256(compact),
            token_type,
            user_id: None,
            session_id: session.id,
            parent: None,
            generation: Generation::FIRST,
            created_at: now,
            expires_at: last,
        };
        let (claims, origin) = (claims.clone(), origin.clone());
        let event = Event::new(Kind::SessionCreated, now).session(session.id);
        let event = event.from(&origin).detail("adopted from another issuer");
        let adopted = self.store.write(move |tx| {
            Box::pin(async move {
                if claims.is_older_than(tx.everyones_cut_off().await?) {
                    return Err(TokenError::Blacklisted.into());
                }
                let user_id = owner(tx, &claims).await?;
                tx.open_session(&NewSession { user_id, ..session }).await?;
                tx.place_session(session.id, None, &origin, now).await?;
                tx.record(&[NewToken { user_id, ..token }], &origin).await?;
                let user = user_id;
                tx.note(Event { user, ..event }).await?;
                Ok(())
            })
        });
        match adopted.await {
            Err(Error::Database(StoreError::Conflict)) => Ok(()),
            adopted => adopted,
        }
    }
}

/// The user a foreign token speaks for, held until the end of the transaction. A token from before the last time
/// all the user's sessions were ended is as dead as they are.
async fn owner(tx: &mut Tx, claims: &Claims) -> Result<Option<UserId>> {
    let Some(id) = claims.user_id else {
        return Ok(None);
    };
    let Some(user) = tx.lock_user(id).await? else {
        return Ok(None);
    };
    if claims.is_older_than(user.tokens_valid_after) {
        return Err(TokenError::Blacklisted.into());
    }
    Ok(Some(id))
}
