//! Ends sessions and blacklists tokens. Nothing brings either back.

use super::refresh::refused;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::session::{Decision, EndReason, decide};
use crate::state::Server;
use crate::store::{Ending, Origin, StoreError, TokenId};
use crate::token::{Claims, Expect, Jti, SessionId, TokenError, TokenType};

/// Who revokes, and their words for it.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The username.
    pub name: String,
    /// Why, in their words; may be empty.
    pub note: String,
}

/// What a revocation found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended {
    /// It is revoked now.
    Now,
    /// It had been revoked before; the first reason stays.
    Before,
}

impl Server {
    /// Logs out: blacklists a refresh token and ends its session, so that the session's access tokens die too.
    ///
    /// # Errors
    /// [`Error::Token`] when the token does not hold; [`Error::Database`].
    pub async fn log_out(&self, compact: &str, origin: &Origin) -> Result<()> {
        let leeway = self.settings.leeway.get();
        let expect = Expect::Only(TokenType::Refresh);
        let claims = self
            .keys
            .verify(compact, expect, self.clock.now(), leeway)?
            .claims;
        match self.try_log_out(compact, &claims, origin).await {
            // Another request adopted the same foreign token first; now it is on record.
            Err(Error::Database(StoreError::Conflict)) => {
                self.try_log_out(compact, &claims, origin).await
            }
            done => done,
        }
    }

    async fn try_log_out(&self, compact: &str, claims: &Claims, origin: &Origin) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let found = self
            .find_session(&mut tx, compact, claims, now, origin)
            .await?;
        if let Decision::Refuse(refusal) =
            decide(&found.session, found.presented, now, self.rules())
        {
            return Err(refused(refusal));
        }
        let ending = logout(now);
        let Some(until) = tx.end_session(found.session.id, &ending).await? else {
            return Err(TokenError::Blacklisted.into());
        };
        tx.blacklist_session(found.session.id, &ending).await?;
        tx.commit().await?;
        self.registry.revoke_session(found.session.id, until, now);
        Ok(())
    }

    /// Ends a session on an admin's word.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_session(&self, id: SessionId, actor: &Actor) -> Result<Ended> {
        self.end(id, |now| by_admin(actor, now)).await
    }

    /// Ends the session its own user is in.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_own_session(&self, id: SessionId) -> Result<Ended> {
        self.end(id, logout).await
    }

    async fn end(&self, id: SessionId, ending: impl Fn(UnixSeconds) -> Ending) -> Result<Ended> {
        let mut tx = self.store.begin().await?;
        let ending = ending(self.clock.now());
        let Some(until) = tx.end_session(id, &ending).await? else {
            return Ok(Ended::Before);
        };
        tx.blacklist_session(id, &ending).await?;
        tx.commit().await?;
        self.registry.revoke_session(id, until, ending.at);
        Ok(Ended::Now)
    }

    /// Blacklists one token on an admin's word. A session whose refresh or admin token is blacklisted can not go
    /// on, so it ends; an access token falls alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such token; [`Error::Database`].
    pub async fn blacklist(&self, id: TokenId, actor: &Actor) -> Result<Ended> {
        let token = self.store.token(id).await?.ok_or(Error::NotFound)?;
        if token.blacklisted_at.is_some() {
            return Ok(Ended::Before);
        }
        if token.token_type != TokenType::Access.as_str() {
            let session = SessionId::parse(&token.session_id).ok_or(Error::NotFound)?;
            return self.end_session(session, actor).await;
        }
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        if !tx.blacklist(id, &by_admin(actor, now)).await? {
            return Ok(Ended::Before);
        }
        tx.commit().await?;
        if let Some(jti) = Jti::parse(&token.jti) {
            self.registry.revoke_token(jti, token.expires_at, now);
        }
        Ok(Ended::Now)
    }
}

fn logout(now: UnixSeconds) -> Ending {
    Ending {
        at: now,
        reason: EndReason::Logout,
        by: None,
        note: None,
    }
}

fn by_admin(actor: &Actor, now: UnixSeconds) -> Ending {
    let note = Some(actor.note.clone()).filter(|note| !note.is_empty());
    Ending {
        at: now,
        reason: EndReason::Admin,
        by: Some(actor.name.clone()),
        note,
    }
}
