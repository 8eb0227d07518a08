//! Changes to users on the word of a superuser, one at a time: whoever was demoted a moment ago changes nobody any more.
//!
//! The last superuser can not be removed, by two of them at once either: who is removed by somebody else leaves that other
//! one, who is looked at under the same lock, and nobody removes themselves.

use secrecy::SecretString;

use super::apply::{Change, Edit, apply, sessions_among};
use super::{AddUser, Busy, ChangeError, Role, check_email, check_password, check_username};
use crate::event::{Event, Kind};
use crate::lifecycle::Actor;
use crate::state::Server;
use crate::store::StoreError;
use crate::token::{SessionId, UserId};

/// A superuser who changes users.
#[derive(Clone, Debug)]
pub struct Manager {
    /// Their number.
    pub id: UserId,
    /// The session they work in.
    pub session: SessionId,
    /// Their name, their words and where they are.
    pub actor: Actor,
}

/// Why a superuser did not change a user. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// What was asked for can not be.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// They are no superuser any more.
    #[error("you are not a superuser any more; nothing was changed")]
    NotAllowed,
    /// They would shut themselves out.
    #[error("you can not shut yourself out; another superuser can")]
    Yourself,
}

impl From<StoreError> for ManageError {
    fn from(error: StoreError) -> Self {
        Self::Change(error.into())
    }
}

impl From<Busy> for ManageError {
    fn from(error: Busy) -> Self {
        Self::Change(error.into())
    }
}

impl Server {
    /// Adds a user.
    ///
    /// # Errors
    /// [`ManageError::NotAllowed`]; those of [`ChangeError`].
    pub async fn add_user(&self, user: AddUser, by: Manager) -> Result<UserId, ManageError> {
        let new = user.prepare(&self.hasher).await?;
        let event = Event::new(Kind::UserCreated, self.clock.now());
        let event = event.by(&by.actor.name).from(&by.actor.origin);
        let added = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.hold_users(by.id).await? {
                    return Err(ManageError::NotAllowed);
                }
                let id = tx.add_user(&new, event.at).await?;
                let role = Role::word(Role::by_flags_of(&new));
                tx.note(event.user(id, &new.username).detail(role)).await?;
                Ok(id)
            })
        });
        added.await
    }

    /// Sets a user's password and ends all their sessions; of who changes their own, all but the one they work in.
    /// Answers how many that were.
    ///
    /// # Errors
    /// Those of [`Server::change_user`].
    pub async fn set_password(
        &self,
        user: UserId,
        password: SecretString,
        by: Manager,
    ) -> Result<usize, ManageError> {
        check_password(&password).map_err(ChangeError::from)?;
        let hash = self.hasher.hash(password).await?;
        let keep = (by.id == user).then_some(by.session);
        self.change_user(user, Change::SetPassword { hash, keep }, by)
            .await
    }

    /// Changes a user. Answers how many sessions that ended; none of their tokens is accepted any more.
    ///
    /// # Errors
    /// [`ManageError::NotAllowed`], [`ManageError::Yourself`]; those of [`ChangeError`].
    pub async fn change_user(
        &self,
        user: UserId,
        change: Change,
        by: Manager,
    ) -> Result<usize, ManageError> {
        if let Change::Edit(edit) = &change {
            check(edit)?;
        }
        if by.id == user && shuts_out(&change) {
            return Err(ManageError::Yourself);
        }
        let clock = self.clock.clone();
        let changed = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.hold_users(by.id).await? {
                    return Err(ManageError::NotAllowed);
                }
                let unknown = || ChangeError::Unknown(user.to_string());
                let user = tx.hold_user(user).await?.ok_or_else(unknown)?;
                Ok(apply(tx, &user, change, &by.actor, &clock).await?)
            })
        });
        let revoked = changed.await?;
        self.refuse_from_now_on(&revoked);
        Ok(sessions_among(&revoked))
    }
}

fn check(edit: &Edit) -> Result<(), ChangeError> {
    check_username(&edit.username)?;
    if !edit.email.is_empty() {
        check_email(&edit.email)?;
    }
    Ok(())
}

/// Whether whoever does this to themselves can not take it back.
fn shuts_out(change: &Change) -> bool {
    match change {
        Change::Deactivate | Change::Delete | Change::LogOut => true,
        Change::Edit(edit) => edit.role != Some(Role::Superuser),
        Change::Activate | Change::SetPassword { .. } => false,
    }
}
