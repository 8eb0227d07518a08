//! Who is it? One answer for a wrong password, an unknown name and a user who is shut out. An unknown name costs the
//! same hash as a known one whose parameters are today's (OWASP ASVS 5.0, 6.3.8).

use secrecy::SecretString;

use super::Checked;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::state::Server;
use crate::store::{Origin, Tx, User};
use crate::token::UserId;

/// A user whose password was right a moment ago. It is worth something only in a transaction that finds the
/// password unchanged: [`Claim::confirm`].
pub struct Authenticated {
    /// The user.
    pub user: User,
    /// The hash the password was checked against.
    checked: String,
    /// A hash of the same password with today's parameters, where the checked one has others.
    fresh: Option<String>,
}

impl Server {
    /// The user of this name and password. A failure is kept as an event.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`]; [`Error::Busy`] and [`Error::Database`] when it could not be found out.
    pub async fn authenticate(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<Authenticated> {
        let found = self.store.user_with_password(username).await?;
        self.check(found, password, origin, Kind::LoginFail).await
    }

    /// The user with this e-mail address, in any case, and this password.
    ///
    /// # Errors
    /// The same.
    pub async fn authenticate_at(
        &self,
        email: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<Authenticated> {
        let found = self.store.user_with_password_at(email).await?;
        self.check(found, password, origin, Kind::LoginFail).await
    }

    /// A user who is logged in and knows their password, too. Found by number: the name may be somebody else's by now. A failure is kept as an event of the kind `failure`.
    ///
    /// # Errors
    /// The same.
    pub async fn authenticate_again(
        &self,
        user: &User,
        password: SecretString,
        origin: &Origin,
        failure: Kind,
    ) -> Result<Authenticated> {
        let found = self.store.user_with_password_of(user.user_id()).await?;
        self.check(found, password, origin, failure).await
    }

    /// The user with this number, who chose the password a moment ago.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`] when they are gone already; [`Error::Database`].
    pub async fn just_registered(&self, id: UserId) -> Result<Authenticated> {
        let found = self.store.user_with_password_of(id).await?;
        let (user, checked) = found.ok_or(Error::NoActiveAccount)?;
        Ok(Authenticated {
            user,
            checked,
            fresh: None,
        })
    }

    async fn check(
        &self,
        found: Option<(User, String)>,
        password: SecretString,
        origin: &Origin,
        failure: Kind,
    ) -> Result<Authenticated> {
        let (user, phc) = found.unzip();
        let checked = self.hasher.check(password, phc.clone()).await?;
        let fresh = match checked {
            Checked::Wrong => {
                return Err(self
                    .failed(failure, user.as_ref(), "password", origin)
                    .await);
            }
            Checked::Right => None,
            Checked::RightWithNewHash(fresh) => Some(fresh),
        };
        let (user, checked) = user.zip(phc).ok_or(Error::NoActiveAccount)?;
        if !self.may_log_in(user.is_active) {
            return Err(self.failed(failure, Some(&user), "inactive", origin).await);
        }
        Ok(Authenticated {
            user,
            checked,
            fresh,
        })
    }

    /// Keeps a failed login. Of a name that nobody has nothing is kept: it may be a password.
    async fn failed(&self, kind: Kind, user: Option<&User>, why: &str, origin: &Origin) -> Error {
        let event = Event::new(kind, self.clock.now()).from(origin);
        self.note(match user {
            Some(user) => event.of(user).detail(why),
            None => event.detail("unknown name"),
        })
        .await;
        Error::NoActiveAccount
    }

    /// What a transaction at `now` has to find unchanged of what was found out.
    #[must_use]
    pub fn claim(&self, found: &Authenticated, now: UnixSeconds) -> Claim {
        Claim {
            user: found.user.user_id(),
            checked: found.checked.clone(),
            fresh: found.fresh.clone(),
            last_login: self.settings.update_last_login.then_some(now),
            check_is_active: self.settings.check_user_is_active,
        }
    }

    /// Whether a user in this state may have tokens (`CHECK_USER_IS_ACTIVE`).
    #[must_use]
    pub fn may_log_in(&self, is_active: bool) -> bool {
        is_active || !self.settings.check_user_is_active
    }
}

/// Somebody's claim to be a user whose password they knew a moment ago.
#[derive(Clone)]
pub struct Claim {
    user: UserId,
    checked: String,
    fresh: Option<String>,
    last_login: Option<UnixSeconds>,
    check_is_active: bool,
}

impl Claim {
    /// The same, for who is in a session already: it is no login that `last_login` would tell of.
    #[must_use]
    pub fn of_no_login(self) -> Self {
        Self {
            last_login: None,
            ..self
        }
    }

    /// Holds the user's row and says whether the claim is still true. A password that was changed since, even to
    /// itself, makes it false.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`] when the user was shut out since; [`Error::Database`].
    pub async fn confirm(&self, tx: &mut Tx) -> Result<bool> {
        self.lock(tx, self.fresh.as_deref(), self.last_login).await
    }

    /// The same for a login that may still be refused, and then must leave nothing behind: what comes with a login is
    /// written by [`Claim::keep`].
    ///
    /// # Errors
    /// The same.
    pub async fn hold(&self, tx: &mut Tx) -> Result<bool> {
        self.lock(tx, None, None).await
    }

    /// Keeps what comes with a login, if there is any, in the transaction that holds the user's row.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn keep(&self, tx: &mut Tx) -> Result<()> {
        if self.fresh.is_some() || self.last_login.is_some() {
            self.confirm(tx).await?;
        }
        Ok(())
    }

    async fn lock(
        &self,
        tx: &mut Tx,
        fresh: Option<&str>,
        last_login: Option<UnixSeconds>,
    ) -> Result<bool> {
        let is_active = tx
            .lock_user_with_password(self.user, &self.checked, fresh, last_login)
            .await?;
        match is_active {
            Some(is_active) if is_active || !self.check_is_active => Ok(true),
            Some(_) => Err(Error::NoActiveAccount),
            None => Ok(false),
        }
    }
}
