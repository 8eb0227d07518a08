//! Ending one session for somebody who is in another one, and knows the password.

use secrecy::SecretString;

use super::own::because;
use super::{Authenticated, Whose};
use crate::error::{Error, Result};
use crate::event::Kind;
use crate::lifecycle::Ended;
use crate::session::EndReason;
use crate::state::Server;
use crate::store::{Origin, User};
use crate::token::SessionId;

impl Server {
    /// Ends a session of `user`, which the caller has made sure of, for somebody who knows their password. A wrong one is
    /// counted and kept as that of a login is.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn end_session_with_password(
        &self,
        user: &User,
        id: SessionId,
        password: SecretString,
        origin: &Origin,
    ) -> Result<Ended> {
        let end = async |found: Authenticated| {
            let ending = because(EndReason::Logout, self.clock.now(), origin);
            let claim = self.claim(&found, ending.at).of_no_login();
            let ended = self.store.write(move |tx| {
                Box::pin(async move {
                    if !claim.confirm(tx).await? {
                        return Ok(None);
                    }
                    let ended = tx.end_session_because(id, &ending, Vec::new()).await;
                    ended.map(Some).map_err(Error::from)
                })
            });
            Ok(ended.await?.map(|ended| {
                self.refuse_from_now_on(ended.as_slice());
                ended.map_or(Ended::Before, |_| Ended::Now)
            }))
        };
        let whose = Whose::Again(user, Kind::LoginFail);
        self.with_password(whose, password, origin, end).await
    }
}
