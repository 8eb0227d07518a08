//! What a change of a user does, in one transaction, whoever makes it: what shuts somebody out ends their sessions with it,
//! and each is an event that names who did it. Who may make it is not asked here.

use super::{ChangeError, Role};
use crate::clock::Clock;
use crate::event::{Event, Kind};
use crate::lifecycle::Actor;
use crate::session::EndReason;
use crate::store::{Ending, ProfileChange, Revocation, Revoked, Tx, User};
use crate::token::{SessionId, UserId};

/// A change of a user.
#[derive(Clone, Debug)]
pub enum Change {
    /// They may log in again. Sessions that were ended stay ended.
    Activate,
    /// They may not log in any more; their sessions end.
    Deactivate,
    /// Another password; their sessions end, but for the one to keep.
    SetPassword {
        /// The new password's hash.
        hash: String,
        /// The session of who changes their own password.
        keep: Option<SessionId>,
    },
    /// Their sessions end; they may log in again.
    LogOut,
    /// They are gone; their sessions end and stay on record.
    Delete,
    /// What they are called, and what they may do.
    Edit(Edit),
}

/// What of a user can be edited; all of it as it is to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edit {
    /// The name, as it is to be shown.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// What they may do in the admin, while they are active; `None` for who does not get in.
    pub role: Option<Role>,
}

/// Makes a change. Answers what it revoked, which is announced.
pub(super) async fn apply(
    tx: &mut Tx,
    user: &User,
    change: Change,
    actor: &Actor,
    clock: &Clock,
) -> Result<Vec<Revocation>, ChangeError> {
    let id = user.user_id();
    let event = |kind| {
        let event = Event::new(kind, clock.now()).of(user).by(&actor.name);
        event.from(&actor.origin)
    };
    let mut after = None;
    let (reason, keep) = match change {
        Change::Activate => {
            tx.set_active(id, true).await?;
            tx.note(event(Kind::UserUpdated).detail("activated"))
                .await?;
            return Ok(Vec::new());
        }
        Change::Edit(edit) => {
            edit_user(tx, user, &edit, event).await?;
            return Ok(Vec::new());
        }
        Change::Deactivate => {
            tx.set_active(id, false).await?;
            let detail = match actor.words() {
                Some(why) => format!("deactivated: {why}"),
                None => "deactivated".to_owned(),
            };
            tx.note(event(Kind::UserUpdated).detail(detail)).await?;
            (EndReason::UserDisabled, None)
        }
        Change::SetPassword { hash, keep } => {
            tx.set_password(id, &hash).await?;
            tx.note(told(event(Kind::PasswordChange), actor)).await?;
            (EndReason::Password, keep)
        }
        Change::LogOut => (EndReason::Admin, None),
        Change::Delete => {
            after = Some(told(event(Kind::UserDeleted), actor));
            (EndReason::UserDisabled, None)
        }
    };
    let revoked = end_all(tx, id, keep, reason, actor, clock).await?;
    if let Some(deleted) = after {
        tx.note(deleted).await?;
        tx.delete_user(id).await?;
    }
    tx.announce(&revoked).await?;
    Ok(revoked)
}

/// How many sessions ended.
pub(super) fn sessions_among(revoked: &[Revocation]) -> usize {
    let is_session = |revocation: &&Revocation| matches!(revocation.what, Revoked::Session(_));
    revoked.iter().filter(is_session).count()
}

/// The event with the words of who caused it.
fn told(event: Event, actor: &Actor) -> Event {
    Event {
        detail: actor.words().map(str::to_owned),
        ..event
    }
}

/// Changes what is different, and notes what that was; a change of what somebody may do is an event of its own.
async fn edit_user(
    tx: &mut Tx,
    user: &User,
    edit: &Edit,
    event: impl Fn(Kind) -> Event,
) -> Result<(), ChangeError> {
    let changed = |old: &str, new: &str| (old != new).then(|| new.to_owned());
    let profile = ProfileChange {
        username: changed(&user.username, &edit.username),
        email: changed(&user.email, &edit.email),
        ..ProfileChange::default()
    };
    if let Some(words) = profile.words() {
        tx.change_profile(user.user_id(), &profile).await?;
        let detail = match &profile.username {
            Some(name) => format!("{words}; now called {name}"),
            None => words,
        };
        tx.note(event(Kind::UserUpdated).detail(detail)).await?;
    }
    let had = Role::by_flags(user);
    if had != edit.role {
        tx.set_role(user.user_id(), edit.role).await?;
        let detail = format!("from {} to {}", Role::word(had), Role::word(edit.role));
        tx.note(event(Kind::AuthzChange).detail(detail)).await?;
    }
    Ok(())
}

/// Ends every session of a user but the one to keep, and refuses what other issuers gave them. Begins at the user's row,
/// as a login does. Answers what that revoked, to be announced when all else is done.
async fn end_all(
    tx: &mut Tx,
    user: UserId,
    keep: Option<SessionId>,
    reason: EndReason,
    actor: &Actor,
    clock: &Clock,
) -> Result<Vec<Revocation>, ChangeError> {
    tx.lock_user(user).await?;
    let ending = Ending {
        at: clock.now(),
        reason,
        by: Some(actor.name.clone()),
        note: actor.words().map(str::to_owned),
        origin: actor.origin.clone(),
    };
    tx.refuse_older_tokens(user, ending.at).await?;
    let mut revoked = match keep {
        None => tx.end_sessions_of(user, &ending).await?,
        Some(_) => tx.end_other_sessions_of(user, keep, &ending).await?,
    };
    revoked.push(Revocation {
        what: Revoked::User(user),
        value: ending.at,
    });
    Ok(revoked)
}
