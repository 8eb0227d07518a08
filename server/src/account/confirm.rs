//! Proving again who one is, in a session of the admin that goes on. It opens no session and is no login.

use secrecy::SecretString;

use super::{Authenticated, Whose};
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::state::Server;
use crate::store::{Origin, User};
use crate::token::SessionId;

impl Server {
    /// Notes that whoever works in a session of the admin knows the password of its user. Counted and kept as a login is:
    /// a stolen cookie is no way to guess passwords.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`]; [`Error::NotAuthenticated`] when the session ended
    /// meanwhile.
    pub async fn confirm_admin(
        &self,
        user: &User,
        session: SessionId,
        password: SecretString,
        origin: &Origin,
    ) -> Result<()> {
        let confirm = async |found: Authenticated| {
            let now = self.clock.now();
            let claim = self.claim(&found, now).of_no_login();
            let event = Event::new(Kind::AuthzAdmin, now).of(&found.user);
            let event = event.session(session).from(origin);
            let confirmed = self.store.write(move |tx| {
                Box::pin(async move {
                    if !claim.confirm(tx).await? {
                        return Ok(None);
                    }
                    if !tx.confirm_session(session, now).await? {
                        return Err(Error::NotAuthenticated);
                    }
                    tx.note(event.detail("the password was given again"))
                        .await?;
                    Ok(Some(()))
                })
            });
            confirmed.await
        };
        let whose = Whose::Again(user, Kind::LoginFail);
        self.with_password(whose, password, origin, confirm).await
    }
}
