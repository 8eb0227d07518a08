//! Changes to users. A change that shuts someone out ends their sessions in the same transaction.

use secrecy::SecretString;

use super::{Busy, Hasher, InvalidName, WeakPassword, check_email, check_password, check_username};
use crate::clock::Clock;
use crate::event::{Event, Kind};
use crate::session::EndReason;
use crate::store::{Ending, NewUser, Origin, Revocation, Revoked, Store, StoreError, Tx, User};
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
        check_username(&user.username)?;
        if !user.email.is_empty() {
            check_email(&user.email)?;
        }
        check_password(&user.password)?;
        let new = NewUser {
            username: user.username,
            email: user.email,
            password: hasher.hash(user.password).await?,
            is_active: user.is_active,
            is_staff: user.is_staff || user.is_superuser,
            is_superuser: user.is_superuser,
        };
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
        let (id, clock) = (user.user_id(), clock.clone());
        let event = change(Kind::PasswordChange, user, &clock);
        let changed = self.write(move |tx| {
            Box::pin(async move {
                tx.set_password(id, &hash).await?;
                tx.note(event).await?;
                let ended = end_all(tx, id, EndReason::Password, None, &clock).await?;
                announce(tx, ended).await
            })
        });
        changed.await
    }

    /// Lets a user in again. Sessions that were ended stay ended.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn activate_user(&self, user: &User, clock: &Clock) -> Result<(), ChangeError> {
        let id = user.user_id();
        let event = change(Kind::UserUpdated, user, clock).detail("activated");
        let activated = self.write(move |tx| {
            Box::pin(async move {
                tx.set_active(id, true).await?;
                Ok(tx.note(event).await?)
            })
        });
        activated.await
    }

    /// Shuts a user out and ends all their sessions. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn deactivate_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        let (id, clock) = (user.user_id(), clock.clone());
        let event = change(Kind::UserUpdated, user, &clock).detail("deactivated");
        let changed = self.write(move |tx| {
            Box::pin(async move {
                tx.set_active(id, false).await?;
                tx.note(event).await?;
                let ended = end_all(tx, id, EndReason::UserDisabled, None, &clock).await?;
                announce(tx, ended).await
            })
        });
        changed.await
    }

    /// Ends all sessions of a user, who may log in again. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn log_out_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        let (id, clock) = (user.user_id(), clock.clone());
        let changed = self.write(move |tx| {
            Box::pin(async move {
                let by = Some(COMMAND_LINE);
                let ended = end_all(tx, id, EndReason::Admin, by, &clock).await?;
                announce(tx, ended).await
            })
        });
        changed.await
    }

    /// Deletes a user and ends all their sessions, which stay on record. Answers how many that were.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn delete_user(&self, user: &User, clock: &Clock) -> Result<usize, ChangeError> {
        let (id, clock) = (user.user_id(), clock.clone());
        let event = change(Kind::UserDeleted, user, &clock);
        let changed = self.write(move |tx| {
            Box::pin(async move {
                let ended = end_all(tx, id, EndReason::UserDisabled, None, &clock).await?;
                tx.note(event).await?;
                tx.delete_user(id).await?;
                announce(tx, ended).await
            })
        });
        changed.await
    }
}

fn change(kind: Kind, user: &User, clock: &Clock) -> Event {
    Event::new(kind, clock.now()).of(user).by(COMMAND_LINE)
}

/// Ends every session of a user, and refuses what other issuers gave them. Begins at the user's row, as a login
/// does. Answers what that revoked.
async fn end_all(
    tx: &mut Tx,
    user: UserId,
    reason: EndReason,
    by: Option<&str>,
    clock: &Clock,
) -> Result<Vec<Revocation>, ChangeError> {
    tx.lock_user(user).await?;
    let ending = Ending {
        at: clock.now(),
        reason,
        by: by.map(str::to_owned),
        note: None,
        origin: Origin::default(),
    };
    tx.refuse_older_tokens(user, ending.at).await?;
    let mut revoked = tx.end_sessions_of(user, &ending).await?;
    revoked.push(Revocation {
        what: Revoked::User(user),
        value: ending.at,
    });
    Ok(revoked)
}

/// The last thing such a transaction does. Answers how many sessions ended.
async fn announce(tx: &mut Tx, revoked: Vec<Revocation>) -> Result<usize, ChangeError> {
    tx.announce(&revoked).await?;
    let is_session = |revocation: &&Revocation| matches!(revocation.what, Revoked::Session(_));
    Ok(revoked.iter().filter(is_session).count())
}
