//! Who is it? One answer for a wrong password, an unknown name and a user who is shut out, and it takes the same
//! time (OWASP ASVS 5.0, 6.3.8).

use secrecy::SecretString;

use super::Checked;
use crate::error::{Error, Result};
use crate::state::Server;
use crate::store::User;

impl Server {
    /// The user of this name and password.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`]; [`Error::Busy`] and [`Error::Database`] when it could not be found out.
    pub async fn authenticate(&self, username: &str, password: SecretString) -> Result<User> {
        let found = self.store.user_with_password(username).await?;
        let (user, phc) = found.unzip();
        let checked = self.hasher.check(password, phc.clone()).await?;
        let user = match checked {
            Checked::Wrong => return Err(Error::NoActiveAccount),
            Checked::Right | Checked::RightWithNewHash(_) => user.ok_or(Error::NoActiveAccount)?,
        };
        if let (Checked::RightWithNewHash(new), Some(old)) = (checked, phc) {
            let mut tx = self.store.begin().await?;
            tx.rehash(user.user_id(), &old, &new).await?;
            tx.commit().await?;
        }
        if !self.may_log_in(user.is_active) {
            return Err(Error::NoActiveAccount);
        }
        Ok(user)
    }

    /// Whether a user in this state may have tokens (`CHECK_USER_IS_ACTIVE`).
    #[must_use]
    pub fn may_log_in(&self, is_active: bool) -> bool {
        is_active || !self.settings.check_user_is_active
    }
}
