//! What is done for a password: the attempt is counted, the password checked, and the step it was given for taken. The step
//! finds the password unchanged in its own transaction, or all but the counting is done again.

use secrecy::SecretString;

use super::Authenticated;
use crate::error::{Error, Result};
use crate::event::Kind;
use crate::state::Server;
use crate::store::{Origin, User};

/// How often a password is checked again because its hash changed meanwhile.
const ATTEMPTS: usize = 4;

/// Whose password it is said to be.
#[derive(Clone, Copy)]
pub enum Whose<'a> {
    /// The user's of this name.
    Named(&'a str),
    /// The user's with this e-mail address.
    At(&'a str),
    /// This user's, who is logged in already. A failure is kept as an event of this kind.
    Again(&'a User, Kind),
}

impl Server {
    /// Takes a step for somebody who knows a password. The step answers `None` when the password was changed meanwhile.
    ///
    /// # Errors
    /// Those of [`Server::admit`], of [`Server::authenticate`] and of the step; [`Error::Busy`] when the password changes
    /// all the time.
    pub async fn with_password<T, S>(
        &self,
        whose: Whose<'_>,
        password: SecretString,
        origin: &Origin,
        step: impl Fn(Authenticated) -> S,
    ) -> Result<T>
    where
        S: Future<Output = Result<Option<T>>>,
    {
        let name = match whose {
            Whose::Named(name) | Whose::At(name) => name,
            Whose::Again(user, _) => &user.username,
        };
        self.admit(name, origin).await?;
        for _ in 0..ATTEMPTS {
            let password = password.clone();
            let found = match whose {
                Whose::Named(name) => self.authenticate(name, password, origin).await?,
                Whose::At(email) => self.authenticate_at(email, password, origin).await?,
                Whose::Again(user, failure) => {
                    self.authenticate_again(user, password, origin, failure)
                        .await?
                }
            };
            if let Some(done) = step(found).await? {
                return Ok(done);
            }
        }
        Err(Error::Busy)
    }
}
