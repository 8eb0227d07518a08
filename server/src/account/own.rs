//! What users change of themselves. Whatever shuts somebody out of their account ends their other sessions in the same
//! transaction, and leaves the one it was done in.

use secrecy::SecretString;

use super::{
    AddUser, Authenticated, ChangeError, Whose, check_chosen_username, check_email, check_password,
};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::session::EndReason;
use crate::state::Server;
use crate::store::{self, Ending, Origin, ProfileChange, Revocation, Revoked, Tx, User};
use crate::token::{SessionId, UserId};

/// Somebody who wants to become a user.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// The name, as it is to be shown.
    pub username: String,
    /// The address they log in with.
    pub email: String,
    /// In the clear.
    pub password: SecretString,
}

/// What becomes of the sessions a user is in elsewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Others {
    /// They end.
    End,
    /// They go on.
    Stay,
}

/// What somebody who knows their password does to themselves.
struct OwnStep {
    within: Option<SessionId>,
    ending: Ending,
    fresh_hash: Option<String>,
    others: Others,
}

impl Server {
    /// Adds a user who may log in and nothing else. Worth a login, because they chose the password just now.
    ///
    /// # Errors
    /// See [`ChangeError`].
    pub async fn register(
        &self,
        new: NewProfile,
        origin: &Origin,
    ) -> std::result::Result<UserId, ChangeError> {
        check_chosen_username(&new.username)?;
        let user = AddUser {
            username: new.username,
            email: new.email,
            password: new.password,
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        let event = Event::new(Kind::UserCreated, self.clock.now()).from(origin);
        let added = self.store.add_user_and_note(user, &self.hasher, event);
        added.await
    }

    /// Changes what a user says of themselves and, where one is given, their password; that ends every session of theirs
    /// but the one it is done in. The rules for the name are those for names that strangers choose.
    ///
    /// # Errors
    /// See [`ChangeError`]; [`ChangeError::Unknown`] when the user is gone.
    pub async fn edit_profile(
        &self,
        user: &User,
        change: ProfileChange,
        password: Option<SecretString>,
        within: SessionId,
        origin: &Origin,
    ) -> std::result::Result<(), ChangeError> {
        let chosen = change.username.as_deref();
        chosen.map_or(Ok(()), check_chosen_username)?;
        change.email.as_deref().map_or(Ok(()), check_email)?;
        let hash = match password {
            Some(password) => {
                check_password(&password)?;
                Some(self.hasher.hash(password).await?)
            }
            None => None,
        };
        let ending = because(EndReason::Password, self.clock.now(), origin);
        let event = |kind| event_of(kind, user, &ending).session(within);
        let edit = Event {
            // What they say of themselves they can see.
            notice: change.username.is_some() || change.email.is_some(),
            ..event(Kind::UserUpdated)
        };
        let change_of_password = event(Kind::PasswordChange);
        let (id, name) = (user.user_id(), user.username.clone());
        let edited = self.store.write(move |tx| {
            Box::pin(async move {
                if tx.lock_user(id).await?.is_none() {
                    return Err(ChangeError::Unknown(name));
                }
                let mut ended = Vec::new();
                if let Some(hash) = hash {
                    tx.set_password(id, &hash).await?;
                    tx.note(change_of_password).await?;
                    ended = end_others(tx, id, Some(within), &ending).await?;
                }
                // After the sessions: PostgreSQL holds the row of who is renamed against everybody who refers to it, and a
                // refresh that waits for that holds its session.
                if let Some(words) = change.words() {
                    tx.change_profile(id, &change).await?;
                    tx.note(edit.detail(words)).await?;
                }
                tx.announce(&ended).await?;
                Ok(ended)
            })
        });
        self.refuse_from_now_on(&edited.await?);
        Ok(())
    }

    /// Sets a user's password for somebody who knows the old one, and ends every session of theirs but the one it is done
    /// in, where `others` says so. Answers how many that were.
    ///
    /// # Errors
    /// [`Error::WeakPassword`]; those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn change_own_password(
        &self,
        user: &User,
        within: Option<SessionId>,
        old: SecretString,
        new: SecretString,
        others: Others,
        origin: &Origin,
    ) -> Result<usize> {
        check_password(&new)?;
        let change = async |found| {
            let hash = self.hasher.hash(new.clone()).await?;
            let ending = because(EndReason::Password, self.clock.now(), origin);
            let step = OwnStep {
                within,
                ending,
                fresh_hash: Some(hash),
                others,
            };
            self.take_own_step(found, step).await
        };
        let whose = Whose::Again(user, Kind::PasswordChangeFail);
        self.with_password(whose, old, origin, change).await
    }

    /// Ends every session of a user but the one it is done in, for somebody who knows the password. Answers how many that
    /// were.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn end_other_sessions(
        &self,
        user: &User,
        within: Option<SessionId>,
        password: SecretString,
        origin: &Origin,
    ) -> Result<usize> {
        let end = async |found| {
            let ending = because(EndReason::Logout, self.clock.now(), origin);
            let step = OwnStep {
                within,
                ending,
                fresh_hash: None,
                others: Others::End,
            };
            self.take_own_step(found, step).await
        };
        let whose = Whose::Again(user, Kind::LoginFail);
        self.with_password(whose, password, origin, end).await
    }

    /// `None` when the password was changed meanwhile.
    async fn take_own_step(&self, found: Authenticated, step: OwnStep) -> Result<Option<usize>> {
        let OwnStep {
            within,
            ending,
            fresh_hash,
            others,
        } = step;
        let mut event = event_of(Kind::PasswordChange, &found.user, &ending);
        event.session = within;
        let claim = self.claim(&found, ending.at).of_no_login();
        let id = found.user.user_id();
        let ended = self.store.write(move |tx| {
            Box::pin(async move {
                if !claim.confirm(tx).await? {
                    return Ok(None);
                }
                if let Some(hash) = fresh_hash {
                    tx.set_password(id, &hash).await?;
                    tx.note(event).await?;
                }
                let ended = match others {
                    Others::End => end_others(tx, id, within, &ending).await?,
                    Others::Stay => Vec::new(),
                };
                tx.announce(&ended).await?;
                Ok::<_, Error>(Some(ended))
            })
        });
        let Some(ended) = ended.await? else {
            return Ok(None);
        };
        self.refuse_from_now_on(&ended);
        let is_session = |revoked: &&Revocation| matches!(revoked.what, Revoked::Session(_));
        Ok(Some(ended.iter().filter(is_session).count()))
    }
}

/// What the user is to see later, in case it was somebody else.
fn event_of(kind: Kind, user: &User, ending: &Ending) -> Event {
    let event = Event::new(kind, ending.at).of(user);
    event.from(&ending.origin).noticed()
}

pub(super) fn because(reason: EndReason, now: UnixSeconds, origin: &Origin) -> Ending {
    Ending {
        at: now,
        reason,
        by: None,
        note: None,
        origin: origin.clone(),
    }
}

/// Ends what a user is in elsewhere, tokens of other issuers included, in a transaction that holds the user's row.
/// Answers what is to be announced when all else is done.
async fn end_others(
    tx: &mut Tx,
    user: UserId,
    within: Option<SessionId>,
    ending: &Ending,
) -> store::Result<Vec<Revocation>> {
    tx.refuse_older_tokens(user, ending.at).await?;
    let mut revoked = tx.end_other_sessions_of(user, within, ending).await?;
    revoked.push(Revocation {
        what: Revoked::User(user),
        value: ending.at,
    });
    Ok(revoked)
}
