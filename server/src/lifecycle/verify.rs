//! Does a token hold now, revocation included? For an access token this is a signature and a look into memory, as
//! long as memory can be trusted; only a refresh token, which is presented rarely, asks the database.

use super::foreign::Found;
use super::refresh::refused;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::registry::Known;
use crate::session::{Decision, Device, decide};
use crate::state::Server;
use crate::store::StoreError;
use crate::token::{Claims, Expect, TokenError, TokenType};

/// Why an access token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It does not hold.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Memory is too old to be trusted, and the database does not answer.
    #[error(transparent)]
    Database(#[from] StoreError),
}

impl From<AccessError> for Error {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Token(error) => error.into(),
            AccessError::Database(error) => error.into(),
        }
    }
}

impl Server {
    /// Verifies a token of any type.
    ///
    /// # Errors
    /// [`Error::Token`] when it does not hold; [`Error::Database`].
    pub async fn verify(&self, compact: &str) -> Result<()> {
        let now = self.clock.now();
        let verified = self
            .keys
            .verify(compact, Expect::Any, now, self.settings.leeway.get())?;
        match verified.token_type {
            Some(TokenType::Access) => {
                self.check_access(&verified.claims, now).await?;
                // Whoever asks is most often a service, whose address says nothing of the session.
                if let Some((session, _)) = verified.claims.session {
                    self.watch.sightings.note(session, None, now);
                }
                Ok(())
            }
            Some(TokenType::Refresh | TokenType::Admin) | None => {
                self.check_recorded(&verified.claims).await
            }
        }
    }

    /// Verifies an access token, without any I/O while memory can be trusted.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub async fn verify_access(&self, compact: &str) -> std::result::Result<Claims, AccessError> {
        let expect = Expect::Only(TokenType::Access);
        let now = self.clock.now();
        let verified = self
            .keys
            .verify(compact, expect, now, self.settings.leeway.get())?;
        self.check_access(&verified.claims, now).await?;
        Ok(verified.claims)
    }

    /// Whether an access token whose signature and times are good was revoked.
    pub(super) async fn check_access(
        &self,
        claims: &Claims,
        now: UnixSeconds,
    ) -> std::result::Result<(), AccessError> {
        if claims.session.is_none() && !self.settings.adopt_foreign_tokens {
            return Err(TokenError::Invalid.into());
        }
        let revoked = match self.registry.ask(claims) {
            Known::Good => false,
            Known::Revoked => true,
            Known::Unsure => self.is_revoked_on_record(claims).await?,
        };
        if revoked {
            return Err(TokenError::Blacklisted.into());
        }
        // Whoever has this token received the answer it came in.
        self.registry.receipts.note(claims, now);
        Ok(())
    }

    async fn is_revoked_on_record(&self, claims: &Claims) -> std::result::Result<bool, StoreError> {
        let session = claims.session.map(|(id, _)| id);
        let facts = self
            .store
            .access_facts(session, &claims.jti, claims.user_id)
            .await?;
        let revoked = match session {
            Some(_) => facts.ended && self.settings.immediate_revocation,
            None => claims.is_older_than(facts.user_cut_off.max(facts.cut_off)),
        };
        Ok(revoked || facts.blacklisted)
    }

    /// A refresh token holds if it could be refreshed now. Of any other token the registry can only say whether it,
    /// or its session, is over.
    async fn check_recorded(&self, claims: &Claims) -> Result<()> {
        let row = match claims.session {
            Some((id, _)) => {
                let row = self.store.session(id, &claims.jti).await?;
                Some(row.ok_or(TokenError::Invalid)?)
            }
            None if self.settings.adopt_foreign_tokens => {
                self.store.session_of_token(&claims.jti).await?
            }
            None => return Err(TokenError::Invalid.into()),
        };
        let Some(row) = row else {
            let facts = self
                .store
                .access_facts(None, &claims.jti, claims.user_id)
                .await?;
            let is_over = claims.is_older_than(facts.user_cut_off.max(facts.cut_off));
            return if is_over {
                Err(TokenError::Blacklisted.into())
            } else {
                Ok(())
            };
        };
        let found = Found::new(row, claims, Device::of(""))?;
        match decide(
            &found.session,
            &found.presented,
            self.clock.now(),
            self.rules(),
        ) {
            Decision::Rotate { .. } | Decision::Renew => Ok(()),
            Decision::Replay(_) | Decision::End(_) => Err(TokenError::Blacklisted.into()),
            Decision::Refuse(refusal) => Err(refused(refusal)),
        }
    }
}
