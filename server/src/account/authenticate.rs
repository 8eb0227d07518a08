//! Who is it? One answer for a wrong password, an unknown name and a user who is shut out. An unknown name costs the
//! same hash as a known one whose parameters are today's (OWASP ASVS 5.0, 6.3.8).

use secrecy::SecretString;

use super::Checked;
use crate::error::{Error, Result};
use crate::state::Server;
use crate::store::{Tx, User};

/// A user whose password was right a moment ago. It is worth something only in a transaction that finds the
/// password unchanged: [`Server::confirm`].
pub struct Authenticated {
    /// The user.
    pub user: User,
    /// The hash the password was checked against.
    checked: String,
    /// A hash of the same password with today's parameters, where the checked one has others.
    fresh: Option<String>,
}

impl Server {
    /// The user of this name and password.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`]; [`Error::Busy`] and [`Error::Database`] when it could not be found out.
    pub async fn authenticate(
        &self,
        username: &str,
        password: SecretString,
    ) -> Result<Authenticated> {
        let found = self.store.user_with_password(username).await?;
        let (user, phc) = found.unzip();
        let fresh = match self.hasher.check(password, phc.clone()).await? {
            Checked::Wrong => return Err(Error::NoActiveAccount),
            Checked::Right => None,
            Checked::RightWithNewHash(fresh) => Some(fresh),
        };
        let (user, checked) = user.zip(phc).ok_or(Error::NoActiveAccount)?;
        if !self.may_log_in(user.is_active) {
            return Err(Error::NoActiveAccount);
        }
        Ok(Authenticated {
            user,
            checked,
            fresh,
        })
    }

    /// Holds the user's row and says whether what was found out about them is still true. A password that was
    /// changed since, even to itself, makes it false.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`] when the user was shut out since; [`Error::Database`].
    pub async fn confirm(&self, tx: &mut Tx, found: &Authenticated, now: i64) -> Result<bool> {
        let last_login = self.settings.update_last_login.then_some(now);
        let fresh = found.fresh.as_deref();
        let is_active = tx
            .lock_user_with_password(found.user.user_id(), &found.checked, fresh, last_login)
            .await?;
        match is_active {
            Some(is_active) if self.may_log_in(is_active) => Ok(true),
            Some(_) => Err(Error::NoActiveAccount),
            None => Ok(false),
        }
    }

    /// Whether a user in this state may have tokens (`CHECK_USER_IS_ACTIVE`).
    #[must_use]
    pub fn may_log_in(&self, is_active: bool) -> bool {
        is_active || !self.settings.check_user_is_active
    }
}
