//! Finds the session of a refresh token. A token of another issuer that shares the key has none yet: where
//! `ADOPT_FOREIGN_TOKENS` allows it, its first use opens one, and from then on it is on record like any other.

use crate::clock::UnixSeconds;
use crate::error::Result;
use crate::session::{Phase, Presented, Session};
use crate::state::Server;
use crate::store::{NewSession, NewToken, Origin, SessionRow, TokenId, Tx};
use crate::token::{Claims, Generation, SessionId, TokenError, TokenType, UserId, sha256};

/// A presented refresh token, its session and its row.
pub(super) struct Found {
    pub session: Session,
    pub presented: Presented,
    /// The row's number, unless it is no longer on record.
    pub token: Option<TokenId>,
}

impl Server {
    /// The session of the verified refresh token `compact`.
    pub(super) async fn find_session(
        &self,
        tx: &mut Tx,
        compact: &str,
        claims: &Claims,
        now: UnixSeconds,
        origin: &Origin,
    ) -> Result<Found> {
        let found = match claims.session {
            Some((id, generation)) => native(tx, id, generation, claims).await?,
            None if self.settings.adopt_foreign_tokens => match known(tx, claims).await? {
                Some(found) => found,
                None => self.adopt(tx, compact, claims, now, origin).await?,
            },
            None => return Err(TokenError::Invalid.into()),
        };
        // A name alone proves nothing: the session must be of the user the token speaks for.
        if found.session.user_id.is_some() && found.session.user_id != claims.user_id {
            return Err(TokenError::Invalid.into());
        }
        Ok(found)
    }

    async fn adopt(
        &self,
        tx: &mut Tx,
        compact: &str,
        claims: &Claims,
        now: UnixSeconds,
        origin: &Origin,
    ) -> Result<Found> {
        let user_id = match claims.user_id {
            Some(id) => owner(tx, id, claims).await?,
            None => None,
        };
        let new = NewSession {
            id: SessionId::at(now),
            user_id,
            opened_at: now,
            expires_at: now + self.settings.session_lifetime.get(),
            tokens_expire_at: claims.exp,
        };
        tx.open_session(&new).await?;
        let token = NewToken {
            id: TokenId::next(),
            jti: claims.jti.clone(),
            sha256: sha256(compact),
            token_type: TokenType::Refresh.as_str(),
            user_id,
            session_id: new.id,
            parent: None,
            generation: Generation::FIRST,
            created_at: now,
            expires_at: claims.exp,
        };
        tx.record(&token, origin).await?;
        let session = Session {
            id: new.id,
            user_id,
            phase: Phase::Live,
            generation: Generation::FIRST,
            expires_at: new.expires_at,
        };
        let presented = Presented {
            generation: Generation::FIRST,
            blacklisted: false,
        };
        Ok(Found {
            session,
            presented,
            token: Some(token.id),
        })
    }
}

/// The session a token of ours names. Its generation is what it claims, on record or not: that was signed here.
async fn native(
    tx: &mut Tx,
    id: SessionId,
    generation: Generation,
    claims: &Claims,
) -> Result<Found> {
    let row = tx.session(id, &claims.jti).await?;
    let SessionRow { session, token } = row.ok_or(TokenError::Invalid)?;
    let blacklisted = token.is_some_and(|token| token.presented.blacklisted);
    Ok(Found {
        session,
        presented: Presented {
            generation,
            blacklisted,
        },
        token: token.map(|token| token.id),
    })
}

/// The session a foreign token was adopted into.
async fn known(tx: &mut Tx, claims: &Claims) -> Result<Option<Found>> {
    let row = tx.session_of_token(&claims.jti).await?;
    Ok(row.and_then(|SessionRow { session, token }| {
        let token = token?;
        Some(Found {
            session,
            presented: token.presented,
            token: Some(token.id),
        })
    }))
}

/// The user a foreign token speaks for, held until the end of the transaction. A token from before the last time
/// all the user's sessions were ended is as dead as they are.
async fn owner(tx: &mut Tx, id: UserId, claims: &Claims) -> Result<Option<UserId>> {
    let Some(user) = tx.lock_user(id).await? else {
        return Ok(None);
    };
    if claims.is_older_than(user.tokens_valid_after) {
        return Err(TokenError::Blacklisted.into());
    }
    Ok(Some(id))
}
