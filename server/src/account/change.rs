//! Changes to users on the word of the command line. What each of them does is said in `apply.rs`; the command line is the
//! way back in, so nothing is forbidden here.

use secrecy::SecretString;

use super::apply::{Change, apply, sessions_among};
use super::{Busy, Hasher, InvalidName, WeakPassword, check_email, check_password, check_username};
use crate::clock::Clock;
use crate::event::{Event, Kind};
use crate::lifecycle::Actor;
use crate::store::{NewUser, Store, StoreError, User};
use crate::token::UserId;

/// Who did it, where it was done on the command line.
pub const COMMAND_LINE: &str = "command line";

/// Why a user was not added or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The name or address is refused.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The password is refused.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// Someone has the name, in this or another case, or the address.
    #[error("this username or e-mail address is taken")]
    Taken,
    /// There is no user of this name.
    #[error("there is no user \"{0}\"")]
    Unknown(String),
    /// No thread was free to hash the password.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The database could not do it.
    #[error("the database could not do it: {0}")]
    Store(StoreError),
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Taken,
            error @ StoreError::Unavailable(_) => Self::Store(error),
        }
    }
}

/// A user to add.
#[derive(Clone, Debug)]
pub struct AddUser {
    /// The name, as it is to be shown.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// In the clear.
    pub password: SecretString,
    /// May log in.
    pub is_active: bool,
    /// May see the admin.
    pub is_staff: bool,
    /// May do everything.
    pub is_superuser: bool,
}

impl AddUser {
    /// What is put on record when all of it is good. Staff is whoever is a superuser.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub(super) async fn prepare(self, hasher: &Hasher) -> Result<NewUser, ChangeError> {
        check_username(&self.username)?;
        if !self.email.is_empty() {
            check_email(&self.email)?;
        }
        check_password(&self.password)?;
        Ok(NewUser {
            username: self.username,
            email: self.email,
            password: hasher.hash(self.password).await?,
            is_active: self.is_active,
            is_staff: self.is_staff || self.is_superuser,
            is_superuser: self.is_superuser,
        })
    }
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn add_user(
        &self,
        user: AddUser,
        hasher: &Hasher,
        clock: &Clock,
    ) -> Result<UserId, ChangeError> {
        let event = Event::new(Kind::UserCreated, clock.now()).by(COMMAND_LINE);
        self.add_user_and_note(user, hasher, event).await
    }

    /// Adds a user; the event, which names nobody yet, is kept of them.
    pub(super) async fn add_user_and_note(
        &self,
        user: AddUser,
        hasher: &Hasher,
        event: Event,
    ) -> Result<UserId, ChangeError> {
        let new = user.prepare(hasher).await?;
        let added = self.write(move |tx| {
            Box::pin(async move {
                let id = tx.add_user(&new, event.at).await?;
                tx.note(event.user(id, &new.username)).await?;
                Ok(id)
            })
        });
        added.await
    }

    /// The user of this name.
    ///
    /// # Errors
    /// [`ChangeError::Unknown`].
    pub async fn user_named(&self, username: &str) -> Result<User, ChangeError> {
        let found = self.user_with_password(username).await?;
        found
            .map(|(user, _)| user)
            .ok_or_else(|| ChangeError::Unknown(username.to_owned()))
    }

    /// Sets a user's password and ends all their sessions. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn change_password(
        &self,
        user: &User,
        password: SecretString,
        hasher: &Hasher,
        clock: &Clock,
    ) -> Result<usize, ChangeError> {
        check_password(&password)?;
        let hash = hasher.hash(password).await?;
        let change = Change::SetPassword { hash, keep: None };
        self.change(user, change, clock).await
    }

    /// Lets a user in again. Sessions that were ended stay ended.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn activate_user(&self, user: &User, clock: &Clock) -> Result<(), ChangeError> {
        self.change(user, Change::Activate, clock).await.map(drop)
    }

    /// Shuts a user out and ends all their sessions. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn deactivate_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        self.change(user, Change::Deactivate, clock).await
    }

    /// Ends all sessions of a user, who may log in again. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn log_out_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        self.change(user, Change::LogOut, clock).await
    }

    /// Deletes a user and ends all their sessions, which stay on record. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn delete_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        self.change(user, Change::Delete, clock).await
    }

    async fn change(
        &self,
        user: &User,
        change: Change,
        clock: &Clock,
    ) -> Result<usize, ChangeError> {
        let (user, clock) = (user.clone(), clock.clone());
        let changed = self.write(move |tx| {
            Box::pin(async move {
                let actor = Actor::command_line();
                let revoked = apply(tx, &user, change, &actor, &clock).await?;
                Ok(sessions_among(&revoked))
            })
        });
        changed.await
    }
}
