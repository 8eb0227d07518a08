//! Ends a token before its time, on the word of who holds it. An access token falls alone, or with its session. A
//! refresh token always takes its session with it: whether a refresh succeeds depends on the session's row alone, and
//! there is no second truth beside that.

use super::end::{Ended, logout};
use super::foreign::Adopting;
use crate::error::Result;
use crate::state::Server;
use crate::store::Origin;
use crate::token::{Claims, Expect, SessionId, TokenError, TokenType, Verified};

/// What ends with a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// No other token.
    Alone,
    /// Its session, with every token of it.
    Session,
}

impl Reach {
    /// `affect_tree`, as `wcd_jwt` calls it.
    #[must_use]
    pub fn of(affect_tree: bool) -> Self {
        if affect_tree {
            Self::Session
        } else {
            Self::Alone
        }
    }
}

impl Server {
    /// Ends the token `compact`. A token of another issuer is not on record, and nothing happens to it, unless such
    /// tokens are adopted. Answers the session that ended with it, if one did.
    ///
    /// # Errors
    /// [`crate::error::Error::Token`] when it does not hold, or not any more; [`crate::error::Error::Database`].
    pub async fn expire(
        &self,
        compact: &str,
        reach: Reach,
        origin: &Origin,
    ) -> Result<Option<SessionId>> {
        let verified = self.read_token(compact, Expect::Any).await?;
        let claims = &verified.claims;
        let is_stranger = claims.session.is_none() && !self.settings.adopt_foreign_tokens;
        match self.type_on_record(&verified).await? {
            Some(TokenType::Admin) | None => Err(TokenError::WrongType.into()),
            Some(_) if is_stranger => Ok(None),
            Some(TokenType::Access) => {
                self.check_bearer(&verified).await?;
                self.expire_access(compact, claims, reach, origin).await
            }
            Some(TokenType::Sliding) => {
                self.check_bearer(&verified).await?;
                self.expire_sliding(compact, claims, origin).await.map(Some)
            }
            Some(TokenType::Refresh) => self.log_out(compact, origin).await.map(Some),
        }
    }

    /// What a token is; where tokens do not say it (`TOKEN_TYPE_CLAIM`), the record does.
    async fn type_on_record(&self, verified: &Verified) -> Result<Option<TokenType>> {
        if verified.token_type.is_some() || self.keys.names().token_type.is_some() {
            return Ok(verified.token_type);
        }
        let row = self.store.token_named(&verified.claims.jti).await?;
        Ok(row.and_then(|row| TokenType::parse(&row.token_type)))
    }

    /// All forms of a sliding token are one token, and its session has no other.
    async fn expire_sliding(
        &self,
        compact: &str,
        claims: &Claims,
        origin: &Origin,
    ) -> Result<SessionId> {
        let adopting = Adopting::ToEnd(TokenType::Sliding);
        let found = self.find_session(compact, claims, origin, adopting);
        let session = found.await?.session.id;
        match self.end_own_session(session, origin).await? {
            Ended::Now => Ok(session),
            Ended::Before => Err(TokenError::Blacklisted.into()),
        }
    }

    async fn expire_access(
        &self,
        compact: &str,
        claims: &Claims,
        reach: Reach,
        origin: &Origin,
    ) -> Result<Option<SessionId>> {
        let immediate = self.settings.immediate_revocation;
        match (claims.session, reach) {
            (Some((id, _)), Reach::Session) => {
                // Where access tokens outlive their session, the one that is presented does not.
                if !immediate {
                    self.expire_alone(claims, origin).await?;
                }
                match self.end_own_session(id, origin).await? {
                    Ended::Before if immediate => Err(TokenError::Blacklisted.into()),
                    Ended::Before | Ended::Now => Ok(Some(id)),
                }
            }
            (Some(_), Reach::Alone) => {
                self.expire_alone(claims, origin).await?;
                Ok(None)
            }
            (None, _) => self.expire_foreign(compact, claims, origin).await,
        }
    }

    async fn expire_alone(&self, claims: &Claims, origin: &Origin) -> Result<()> {
        let Some(token) = self.store.token_named(&claims.jti).await? else {
            return Ok(());
        };
        let ending = logout(self.clock.now(), origin);
        match self.blacklist_access(&token, ending, None).await? {
            Ended::Now => Ok(()),
            Ended::Before => Err(TokenError::Blacklisted.into()),
        }
    }

    /// A foreign access token is on record from now on, so that it is known to be over.
    async fn expire_foreign(
        &self,
        compact: &str,
        claims: &Claims,
        origin: &Origin,
    ) -> Result<Option<SessionId>> {
        self.adopt(compact, claims, TokenType::Access, origin)
            .await?;
        self.expire_alone(claims, origin).await?;
        let Some(row) = self.store.session_of_token(&claims.jti).await? else {
            return Ok(None);
        };
        self.end_own_session(row.session.id, origin).await?;
        Ok(Some(row.session.id))
    }
}
