//! `CHECK_REVOKE_TOKEN`: a token carries the mark its user's password had, and is refused once that is another. A change
//! of the password ends sessions by itself; this also reaches what outlives them. Where the setting is off, nothing is
//! asked. Tokens of other issuers have no mark of ours; they fall by the time they were issued at.

use crate::error::{Error, Result};
use crate::session::{EndReason, Phase};
use crate::state::Server;
use crate::store::{self, Ending, Origin};
use crate::token::{Claims, SessionId, TokenError, UserId};

use super::end::Ended;
use super::refresh::refused;
use crate::session::Refusal;

impl Server {
    /// The mark a user's new tokens are to carry; `None` where they carry none.
    pub(super) async fn mark_of(&self, user: UserId) -> store::Result<Option<String>> {
        if !self.settings.check_revoke_token {
            return Ok(None);
        }
        self.store.password_mark(user).await
    }

    /// Whether the password was changed since this access token was issued.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn is_password_changed(&self, claims: &Claims) -> store::Result<bool> {
        let (Some(user), Some(_)) = (claims.user_id, claims.session) else {
            return Ok(false);
        };
        let mark = self.mark_of(user).await?;
        Ok(mark.is_some() && mark != claims.password_mark)
    }

    /// The mark the tokens are to carry that this one is exchanged for. If the password was changed since, its session
    /// ends, and whoever presents it is told why.
    pub(super) async fn mark_for(
        &self,
        claims: &Claims,
        user: UserId,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let mark = self.mark_of(user).await?;
        match claims.session {
            Some((session, _)) if mark.is_some() && mark != claims.password_mark => {
                Err(self.end_for_password(session, claims, origin).await?)
            }
            _ => Ok(mark),
        }
    }

    async fn end_for_password(
        &self,
        session: SessionId,
        claims: &Claims,
        origin: &Origin,
    ) -> Result<Error> {
        let ending = Ending {
            at: self.clock.now(),
            reason: EndReason::Password,
            by: None,
            note: None,
            origin: origin.clone(),
        };
        if self.end(session, ending, None).await? == Ended::Now {
            return Ok(Error::PasswordChangedForToken);
        }
        let row = self.store.session(session, &claims.jti).await?;
        Ok(match row.map(|row| row.session.phase) {
            Some(Phase::Ended { reason, .. }) if reason != EndReason::Password => {
                refused(Refusal::Ended(reason))
            }
            Some(_) => Error::PasswordChangedForToken,
            None => TokenError::Invalid.into(),
        })
    }
}
