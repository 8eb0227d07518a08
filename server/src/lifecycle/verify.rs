//! Does a token hold now, revocation included? For an access token this is a signature and a look into memory;
//! only a refresh token, which is presented rarely, asks the database.

use crate::error::Result;
use crate::state::Server;
use crate::token::{Claims, Expect, TokenError, TokenType};

impl Server {
    /// Verifies a token of any type.
    ///
    /// # Errors
    /// [`crate::error::Error::Token`] when it does not hold; [`crate::error::Error::Database`].
    pub async fn verify(&self, compact: &str) -> Result<()> {
        let now = self.clock.now();
        let verified = self
            .keys
            .verify(compact, Expect::Any, now, self.settings.leeway.get())?;
        self.check_revocation(&verified.claims)?;
        match verified.token_type {
            Some(TokenType::Access) => Ok(()),
            Some(TokenType::Refresh | TokenType::Admin) | None => {
                let revoked = self.store.is_revoked(&verified.claims.jti).await?;
                if revoked {
                    Err(TokenError::Blacklisted.into())
                } else {
                    Ok(())
                }
            }
        }
    }

    /// Verifies an access token without any I/O.
    ///
    /// # Errors
    /// Why it does not hold.
    pub fn verify_access(&self, compact: &str) -> std::result::Result<Claims, TokenError> {
        let expect = Expect::Only(TokenType::Access);
        let verified = self.keys.verify(
            compact,
            expect,
            self.clock.now(),
            self.settings.leeway.get(),
        )?;
        self.check_revocation(&verified.claims)?;
        Ok(verified.claims)
    }

    fn check_revocation(&self, claims: &Claims) -> std::result::Result<(), TokenError> {
        if claims.session.is_none() && !self.settings.adopt_foreign_tokens {
            return Err(TokenError::Invalid);
        }
        let ended = self.settings.immediate_revocation && self.registry.is_session_revoked(claims);
        if ended || self.registry.is_token_revoked(claims) {
            return Err(TokenError::Blacklisted);
        }
        Ok(())
    }
}
