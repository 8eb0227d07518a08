//! A refresh: decide, then apply in one transaction. Whatever ends or rotates the session meanwhile makes the
//! compare-and-swap fail, and the decision is taken again over what is true then.

use app::api::Refreshed;

use super::foreign::Found;
use super::issue::Grant;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::session::{Decision, EndReason, Phase, Refusal, Session, decide};
use crate::state::Server;
use crate::store::{Origin, StoreError, Tx};
use crate::token::{Claims, Expect, Generation, TokenError, TokenType, UserId};

/// How often a decision is taken again when others were first. Each time at least one of them got through.
const ATTEMPTS: usize = 16;

impl Server {
    /// Exchanges a refresh token for a new access token and, with rotation, its successor.
    ///
    /// # Errors
    /// [`Error::Token`] and [`Error::NoActiveAccountForToken`] when it is refused; [`Error::Database`] when it is
    /// not known, and the same token may be presented again.
    pub async fn refresh(&self, compact: &str, origin: &Origin) -> Result<Refreshed> {
        let leeway = self.settings.leeway.get();
        let expect = Expect::Only(TokenType::Refresh);
        let claims = self
            .keys
            .verify(compact, expect, self.clock.now(), leeway)?
            .claims;
        let user_id = claims.user_id.ok_or(Error::NoUserId)?;
        for _ in 0..ATTEMPTS {
            match self.try_refresh(compact, &claims, user_id, origin).await {
                Ok(Some(refreshed)) => return Ok(refreshed),
                Ok(None) | Err(Error::Database(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Busy)
    }

    /// One attempt; `None` when another request changed the session first.
    async fn try_refresh(
        &self,
        compact: &str,
        claims: &Claims,
        user_id: UserId,
        origin: &Origin,
    ) -> Result<Option<Refreshed>> {
        let mut tx = self.store.begin().await?;
        // Read after the lock was taken: waiting for it is not free.
        let now = self.clock.now();
        let found = self
            .find_session(&mut tx, compact, claims, now, origin)
            .await?;
        self.check_user(&mut tx, &found.session, user_id).await?;
        let refreshed = match decide(&found.session, found.presented, now, self.rules()) {
            Decision::Refuse(refusal) => return Err(refused(refusal)),
            Decision::Rotate { from } => {
                self.rotate(&mut tx, &found, from, user_id, now, origin)
                    .await?
            }
            Decision::Renew => self.renew(&mut tx, &found, user_id, now, origin).await?,
        };
        if refreshed.is_some() {
            tx.commit().await?;
        }
        Ok(refreshed)
    }

    async fn check_user(&self, tx: &mut Tx, session: &Session, user_id: UserId) -> Result<()> {
        let is_active = tx.user_is_active(user_id).await?;
        match (is_active, session.phase) {
            (Some(is_active), _) if self.may_log_in(is_active) => Ok(()),
            (_, Phase::Ended { reason, .. }) if reason != EndReason::UserDisabled => {
                Err(refused(Refusal::Ended(reason)))
            }
            _ => Err(Error::NoActiveAccountForToken),
        }
    }

    async fn rotate(
        &self,
        tx: &mut Tx,
        found: &Found,
        from: Generation,
        user_id: UserId,
        now: UnixSeconds,
        origin: &Origin,
    ) -> Result<Option<Refreshed>> {
        let session = &found.session;
        let refresh_exp = self.refresh_expiry(now, session.expires_at);
        let access_exp = self.access_expiry(now, session.expires_at);
        if !tx
            .rotate_session(session.id, from, now, refresh_exp.max(access_exp))
            .await?
        {
            return Ok(None);
        }
        let grant = Grant {
            user_id,
            session_id: session.id,
            generation: from.next(),
            now,
            origin,
        };
        let (refresh, id) = self
            .issue(tx, &grant, TokenType::Refresh, refresh_exp, found.token)
            .await?;
        let (access, _) = self
            .issue(tx, &grant, TokenType::Access, access_exp, Some(id))
            .await?;
        if let (true, Some(spent)) = (self.rules().blacklist_spent, found.token) {
            tx.blacklist_spent(spent, now).await?;
        }
        Ok(Some(Refreshed {
            access,
            refresh: Some(refresh),
        }))
    }

    async fn renew(
        &self,
        tx: &mut Tx,
        found: &Found,
        user_id: UserId,
        now: UnixSeconds,
        origin: &Origin,
    ) -> Result<Option<Refreshed>> {
        let session = &found.session;
        let access_exp = self.access_expiry(now, session.expires_at);
        if !tx.renew_session(session.id, now, access_exp).await? {
            return Ok(None);
        }
        let grant = Grant {
            user_id,
            session_id: session.id,
            generation: found.presented.generation,
            now,
            origin,
        };
        let (access, _) = self
            .issue(tx, &grant, TokenType::Access, access_exp, found.token)
            .await?;
        Ok(Some(Refreshed {
            access,
            refresh: None,
        }))
    }
}

/// The refusal as the client sees it.
pub(super) fn refused(refusal: Refusal) -> Error {
    let (error, ended) = match refusal {
        Refusal::Ended(EndReason::Expired) => (TokenError::Expired, Some(EndReason::Expired)),
        Refusal::Ended(reason) => (TokenError::Blacklisted, Some(reason)),
        Refusal::Spent => (TokenError::Blacklisted, None),
        Refusal::Unknown => (TokenError::Invalid, None),
    };
    Error::Token { error, ended }
}
