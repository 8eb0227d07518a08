//! Finds the session of a refresh token. A token of another issuer that shares the key has none yet: where
//! `ADOPT_FOREIGN_TOKENS` allows it, its first use opens one, and from then on it is on record like any other.

use crate::clock::UnixSeconds;
use crate::error::Result;
use crate::session::Session;
use crate::state::Server;
use crate::store::{NewSession, NewToken, Origin, TokenId, Tx};
use crate::token::{Claims, Generation, SessionId, TokenError, TokenType, sha256};

/// A presented refresh token, its session and its row.
pub(super) struct Found {
    pub session: Session,
    pub presented: Option<TokenId>,
    pub generation: Generation,
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
        let row = match claims.session {
            Some((id, generation)) => tx
                .session(id, &claims.jti)
                .await?
                .map(|row| (row.session, row.presented, generation)),
            None if self.settings.adopt_foreign_tokens => {
                let row = tx.session_of_token(&claims.jti).await?;
                row.and_then(|row| Some((row.session, row.presented, row.generation?)))
            }
            None => return Err(TokenError::Invalid.into()),
        };
        let found = match row {
            Some((session, presented, generation)) => Found {
                session,
                presented,
                generation,
            },
            None if claims.session.is_none() => {
                self.adopt(tx, compact, claims, now, origin).await?
            }
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
            Some(id) => tx.user_is_active(id).await?.map(|_| id),
            None => None,
        };
        let session = NewSession {
            id: SessionId::new(),
            user_id,
            opened_at: now,
            expires_at: now + self.settings.session_lifetime.get(),
            tokens_expire_at: claims.exp,
        };
        tx.open_session(&session).await?;
        let token = NewToken {
            id: TokenId::next(),
            jti: claims.jti.clone(),
            sha256: sha256(compact),
            token_type: TokenType::Refresh.as_str(),
            user_id,
            session_id: session.id,
            parent: None,
            generation: Generation::FIRST,
            created_at: now,
            expires_at: claims.exp,
        };
        tx.record(&token, origin).await?;
        let session = Session {
            id: session.id,
            user_id,
            phase: crate::session::Phase::Live,
            generation: Generation::FIRST,
            expires_at: session.expires_at,
        };
        Ok(Found {
            session,
            presented: Some(token.id),
            generation: Generation::FIRST,
        })
    }
}
