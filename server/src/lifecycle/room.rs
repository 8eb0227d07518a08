//! How many sessions a user may have (`SESSIONS_PER_USER`): who logs in once more ends the session that was not used
//! for longest. Only a login makes room; a token of another issuer that is taken over does not.

use crate::error::Result;
use crate::session::EndReason;
use crate::state::Server;
use crate::store::{Ending, NewSession, Origin, Revocation, Tx};
use crate::token::UserId;

/// The room that a login needs among the sessions of its user.
pub(super) enum Room {
    /// There is enough.
    Enough,
    /// So many others may live on.
    Beside {
        /// Whose sessions they are.
        user: UserId,
        /// How many.
        others: u32,
        /// How the rest is ended.
        ending: Ending,
    },
}

impl Server {
    /// The room `session` needs. One of the admin needs none: whoever puts things right there is not to lose a phone
    /// over it, nor the admin over a phone.
    pub(super) fn room(&self, session: &NewSession, origin: &Origin) -> Room {
        let others = self.settings.sessions_per_user.checked_sub(1);
        let is_of_admin = session.access_expires_at == 0;
        match (others, session.user_id) {
            (Some(others), Some(user)) if !is_of_admin => Room::Beside {
                user,
                others,
                ending: Ending {
                    at: session.opened_at,
                    reason: EndReason::Limit,
                    by: None,
                    note: None,
                    origin: origin.clone(),
                },
            },
            _ => Room::Enough,
        }
    }
}

impl Room {
    /// Makes it, in a transaction that holds the user's row. Answers what that revoked, to be announced when all else is
    /// done.
    ///
    /// # Errors
    /// [`crate::error::Error::Database`].
    pub async fn make(&self, tx: &mut Tx) -> Result<Vec<Revocation>> {
        match self {
            Self::Enough => Ok(Vec::new()),
            Self::Beside {
                user,
                others,
                ending,
            } => Ok(tx.end_sessions_beyond(*user, *others, ending).await?),
        }
    }
}
