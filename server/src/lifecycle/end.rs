//! Ends sessions and blacklists tokens. Nothing brings either back. The database knows first, then memory, then
//! whoever asked for it.

use super::foreign::Adopting;
use super::refresh::refused;
use crate::account::COMMAND_LINE;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::session::{Decision, EndReason, Refusal, Reuse, Session, decide};
use crate::state::Server;
use crate::store::{Ending, Origin, Revocation, Revoked, TokenId, TokenRow, Warrant};
use crate::token::{Expect, Generation, Jti, SessionId, TokenError, TokenType, UserId};

/// How often a logout is decided again when the session moved on meanwhile.
const ATTEMPTS: usize = 16;

/// Who revokes, and their words for it.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The username.
    pub name: String,
    /// Why, in their words; may be empty.
    pub note: String,
    /// Where they did it.
    pub origin: Origin,
}

impl Actor {
    /// Whoever works on the command line, without words for it.
    #[must_use]
    pub fn command_line() -> Self {
        Self {
            name: COMMAND_LINE.to_owned(),
            note: String::new(),
            origin: Origin::default(),
        }
    }

    /// Their words, if they gave any.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        Some(self.note.as_str()).filter(|note| !note.is_empty())
    }
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
    /// Logs out: ends the session of a refresh token, so that its access tokens die too. A token that could be
    /// refreshed is good for it; a spent one without grace ends the session as a copy, and is refused. Answers which
    /// session that was.
    ///
    /// # Errors
    /// [`Error::Token`] when the token does not hold; [`Error::Database`].
    pub async fn log_out(&self, compact: &str, origin: &Origin) -> Result<SessionId> {
        let expect = Expect::Only(TokenType::Refresh);
        let claims = self.read_token(compact, expect).await?.claims;
        for _ in 0..ATTEMPTS {
            let found = self
                .find_session(
                    compact,
                    &claims,
                    origin,
                    Adopting::ToEnd(TokenType::Refresh),
                )
                .await?;
            let now = self.clock.now();
            match decide(&found.session, &found.presented, now, self.rules()) {
                Decision::Rotate { .. } | Decision::Renew | Decision::Replay(_) => {
                    let id = found.session.id;
                    return match self.end(id, logout(now, origin), None).await? {
                        Ended::Now => Ok(id),
                        Ended::Before => Err(TokenError::Blacklisted.into()),
                    };
                }
                Decision::End(reuse) => {
                    if let Some(refusal) = self
                        .end_for_reuse(&found.session, found.presented.generation, reuse, origin)
                        .await?
                    {
                        return Err(refused(refusal));
                    }
                }
                Decision::Refuse(refusal) => return Err(refused(refusal)),
            }
        }
        Err(Error::Busy)
    }

    /// Ends a session one of whose spent tokens came back, that of generation `presented`. Answers how to refuse it once that is committed, or
    /// `None` when somebody else ended the session first.
    pub(super) async fn end_for_reuse(
        &self,
        session: &Session,
        presented: Generation,
        reuse: Reuse,
        origin: &Origin,
    ) -> Result<Option<Refusal>> {
        let ending = Ending {
            at: self.clock.now(),
            reason: EndReason::Reuse,
            by: None,
            note: Some(reuse.words().to_owned()),
            origin: origin.clone(),
        };
        let generation = session.generation.0;
        let theft = Event {
            user: session.user_id,
            ..Event::new(Kind::TokenReuse, ending.at)
        }
        .session(session.id)
        .from(origin)
        .detail(format!(
            "{}; generation {} came back, generation {generation} is current",
            reuse.words(),
            presented.0
        ))
        .noticed();
        match self.end(session.id, ending, Some(theft)).await? {
            Ended::Before => Ok(None),
            Ended::Now => Ok(Some(Refusal::Ended(EndReason::Reuse))),
        }
    }

    /// Ends a session that is used as its owner would not use it, as this event says. Answers how to refuse it once that is
    /// committed, or `None` when somebody else ended the session first.
    pub(super) async fn end_for_anomaly(
        &self,
        id: SessionId,
        anomaly: Event,
    ) -> Result<Option<Refusal>> {
        let ending = Ending {
            at: self.clock.now(),
            reason: EndReason::Anomaly,
            by: None,
            note: anomaly.detail.clone(),
            origin: anomaly.origin.clone(),
        };
        match self.end(id, ending, Some(anomaly)).await? {
            Ended::Before => Ok(None),
            Ended::Now => Ok(Some(Refusal::Ended(EndReason::Anomaly))),
        }
    }

    /// Ends a session on an admin's word.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_session(&self, id: SessionId, actor: &Actor) -> Result<Ended> {
        self.end(id, by_admin(actor, self.clock.now()), None).await
    }

    /// Ends the session its own user is in.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn end_own_session(&self, id: SessionId, origin: &Origin) -> Result<Ended> {
        self.end(id, logout(self.clock.now(), origin), None).await
    }

    /// Tells memory what the database knows already.
    pub(crate) fn refuse_from_now_on(&self, revoked: &[Revocation]) {
        let now = self.clock.now();
        for revocation in revoked {
            self.registry.revoke(revocation, now);
        }
    }

    /// Ends a session; `because` is kept before its end.
    pub(super) async fn end(
        &self,
        id: SessionId,
        ending: Ending,
        because: Option<Event>,
    ) -> Result<Ended> {
        let revoked = self.store.write(move |tx| {
            Box::pin(async move {
                let because = because.into_iter().collect();
                let revoked = tx.end_session_because(id, &ending, because).await;
                revoked.map_err(Error::from)
            })
        });
        Ok(match revoked.await? {
            Some(revocation) => {
                self.registry.revoke(&revocation, self.clock.now());
                Ended::Now
            }
            None => Ended::Before,
        })
    }

    /// Blacklists one token on an admin's word. A session whose refresh or admin token is blacklisted can not go
    /// on, so it ends; an access token falls alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such token; [`Error::Database`].
    pub async fn blacklist(&self, id: TokenId, actor: &Actor) -> Result<Ended> {
        let token = self.store.token(id).await?.ok_or(Error::NotFound)?;
        if token.token_type == TokenType::Access.as_str() {
            return self
                .blacklist_access(&token, by_admin(actor, self.clock.now()), None)
                .await;
        }
        if token.blacklisted_at.is_some() {
            return Ok(Ended::Before);
        }
        let session = SessionId::parse(&token.session_id).ok_or(Error::NotFound)?;
        self.end_session(session, actor).await
    }

    /// Blacklists an access token, and leaves its session alone. The warrant, if there is one, is kept with it.
    pub(super) async fn blacklist_access(
        &self,
        token: &TokenRow,
        ending: Ending,
        warrant: Option<Warrant>,
    ) -> Result<Ended> {
        // Where an ended session leaves its access tokens, one of them can still be made to fall.
        let outlived = token.ended_at.is_some() && !self.settings.immediate_revocation;
        if token.blacklisted_at.is_some() && !outlived {
            return Ok(Ended::Before);
        }
        let revocation = Revocation {
            what: Revoked::Token(Jti::parse(&token.jti).ok_or(Error::NotFound)?),
            value: token.expires_at,
        };
        let (id, announced) = (TokenId(token.id), revocation.clone());
        let event = revoked_token(token, &ending);
        let blacklisted = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.blacklist(id, &ending).await? && !outlived {
                    return Ok(Ended::Before);
                }
                tx.note(event).await?;
                if let Some(warrant) = &warrant {
                    tx.add_warrant(warrant).await?;
                }
                tx.announce(&[announced]).await?;
                Ok::<_, Error>(Ended::Now)
            })
        });
        let ended = blacklisted.await?;
        self.registry.revoke(&revocation, self.clock.now());
        Ok(ended)
    }
}

fn revoked_token(token: &TokenRow, ending: &Ending) -> Event {
    let mut words = format!("the {} token {}", token.token_type, token.jti);
    if let Some(note) = &ending.note {
        words = format!("{words}: {note}");
    }
    Event {
        user: token.user_id.map(UserId),
        username: token.username.clone(),
        session: SessionId::parse(&token.session_id),
        actor: ending.by.clone(),
        ..Event::new(Kind::TokenRevoked, ending.at)
    }
    .from(&ending.origin)
    .detail(words)
}

pub(super) fn logout(now: UnixSeconds, origin: &Origin) -> Ending {
    Ending {
        at: now,
        reason: EndReason::Logout,
        by: None,
        note: None,
        origin: origin.clone(),
    }
}

pub(super) fn by_admin(actor: &Actor, now: UnixSeconds) -> Ending {
    Ending {
        at: now,
        reason: EndReason::Admin,
        by: Some(actor.name.clone()),
        note: actor.words().map(str::to_owned),
        origin: actor.origin.clone(),
    }
}
