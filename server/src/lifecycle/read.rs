//! Reads a presented token: its signature, times and type. Only the token of an issuer with keys of its own may need a
//! question to somebody else, and that is asked here; a token of ours never waits for it.

use crate::error::{Error, Result};
use crate::state::Server;
use crate::token::{Expect, Verified};

impl Server {
    /// Verifies a token, as far as that is possible without knowing what was revoked.
    ///
    /// # Errors
    /// [`Error::Token`] when it does not hold; [`Error::IssuerKeys`] when that can not be found out.
    pub(super) async fn read_token(&self, compact: &str, expect: Expect<'_>) -> Result<Verified> {
        if let Some(issuer) = &self.issuer_keys {
            let kid = self.keys.foreign_kid(compact);
            if let Some(kid) = kid {
                let there = issuer.provide(&self.keys, &kid, self.clock.now()).await;
                there.map_err(Error::IssuerKeys)?;
            }
        }
        let leeway = self.settings.leeway.get();
        let verified = self
            .keys
            .verify(compact, expect, self.clock.now(), leeway)?;
        Ok(verified)
    }
}
