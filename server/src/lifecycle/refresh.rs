//! A refresh: read, decide, apply. The decision is taken over what was read without a lock, or is remembered from the
//! last time; it is applied by a compare-and-swap on the session's row, which is the lock. Whatever ends or rotates the session meanwhile makes
//! that fail, and the decision is taken again over what is true then.

use app::api::Refreshed;

use super::foreign::{Adopting, Found};
use super::issue::{AccessLifetime, Grant, told};
use super::watch::{Passed, Refreshing};
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::network::Network;
use crate::recall::Recalled;
use crate::session::{
    Decision, Device, EndReason, Phase, Policy, Presented, Refusal, Rotation, Session, decide,
};
use crate::state::Server;
use crate::store::{IssuedRow, Origin, Step, StoreError, Stride, TokenId};
use crate::token::{Claims, Expect, Jti, Recipe, TokenError, TokenType, UserId, Verified};

/// How often a decision is taken again when others were first. Each time at least one of them got through.
const ATTEMPTS: usize = 64;

/// From how many seconds on a rotation took long. In whole seconds, one may only be the tick of the clock.
const NOTED_LATE: i64 = 2;

/// Who is to get which tokens.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    user_id: UserId,
    password_mark: Option<&'a str>,
    access_lifetime: AccessLifetime,
    origin: &'a Origin,
}

impl Server {
    /// Exchanges a refresh token for a new access token and, with rotation, its successor.
    ///
    /// # Errors
    /// [`Error::Token`] and [`Error::NoActiveAccountForToken`] when it is refused; [`Error::Database`] when it is
    /// not known, and the same token may be presented again.
    pub async fn refresh(
        &self,
        compact: &str,
        access_lifetime: AccessLifetime,
        origin: &Origin,
    ) -> Result<Refreshed> {
        let expect = Expect::Only(TokenType::Refresh);
        let Verified { claims, token_type } = self.read_token(compact, expect).await?;
        let user_id = claims.user_id.ok_or(Error::NoUserId)?;
        let mark = self.mark_for(&claims, user_id, origin).await?;
        // A token that does not say what it is has to be looked up.
        let mut guess = token_type.and_then(|_| self.recall_session(&claims, origin));
        let burst = claims.session.and_then(|(id, _)| self.count_refresh(id));
        for _ in 0..ATTEMPTS {
            let found = if let Some(guess) = guess.take() {
                guess
            } else {
                let adopting = Adopting::ToGoOn(TokenType::Refresh);
                self.find_session(compact, &claims, origin, adopting)
                    .await?
            };
            let wanted = Wanted {
                user_id,
                password_mark: mark.as_deref(),
                access_lifetime,
                origin,
            };
            match self.try_refresh(found, wanted, burst).await {
                Ok(Some(refreshed)) => return Ok(refreshed),
                Ok(None) | Err(Error::Database(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::Busy)
    }

    /// The session as this node left it, if the presented token is the one it left it with. Only the swap can tell
    /// whether that is still true.
    fn recall_session(&self, claims: &Claims, origin: &Origin) -> Option<Found> {
        let (id, generation) = claims.session?;
        if self.registry.is_before_everyones_end(claims) {
            return None;
        }
        let left = self.recall.get(id)?;
        // What a move leads to is not decided over a guess.
        let moved = left.trail.network != Network::of(&origin.ip);
        if moved || left.generation != generation || Some(left.user_id) != claims.user_id {
            return None;
        }
        let device = Device::of(&origin.user_agent);
        Some(Found {
            session: Session {
                id,
                user_id: claims.user_id,
                phase: Phase::Live,
                generation,
                // Of interest only for a token that was spent, and this one was not.
                rotation: Rotation {
                    at: self.clock.now(),
                    by: device.clone(),
                    received: true,
                },
                expires_at: left.expires_at,
                trail: left.trail,
            },
            presented: Presented {
                generation,
                blacklisted: false,
                device,
            },
            user_is_active: Some(true),
            token: Some(left.token),
        })
    }

    /// One attempt; `None` when what was found is not true any more.
    async fn try_refresh(
        &self,
        found: Found,
        wanted: Wanted<'_>,
        burst: Option<Policy>,
    ) -> Result<Option<Refreshed>> {
        let Wanted {
            user_id,
            password_mark,
            access_lifetime,
            origin,
        } = wanted;
        self.check_user(&found)?;
        let custom = self.custom_claims_of(user_id).await?;
        let grant = Grant {
            user_id,
            session_id: found.session.id,
            generation: found.session.generation,
            now: self.clock.now(),
            origin,
            custom: &custom,
            password_mark,
            access_lifetime,
        };
        match decide(&found.session, &found.presented, grant.now, self.rules()) {
            Decision::Rotate { from } => {
                let grant = Grant {
                    generation: from.next(),
                    ..grant
                };
                self.rotate(&found, grant, burst).await
            }
            Decision::Renew => {
                let grant = Grant {
                    generation: found.presented.generation,
                    ..grant
                };
                self.renew(&found, grant, burst).await
            }
            Decision::Replay(_) => self.replay(&found, grant, burst).await,
            Decision::End(reuse) => {
                let ended = self.end_for_reuse(&found.session, reuse, origin).await?;
                ended.map_or(Ok(None), |refusal| Err(refused(refusal)))
            }
            Decision::Refuse(refusal) => Err(refused(refusal)),
        }
    }

    pub(super) fn check_user(&self, found: &Found) -> Result<()> {
        match (found.user_is_active, found.session.phase) {
            (Some(is_active), _) if self.may_log_in(is_active) => Ok(()),
            (_, Phase::Ended { reason, .. }) if reason != EndReason::UserDisabled => {
                Err(refused(Refusal::Ended(reason)))
            }
            _ => Err(Error::NoActiveAccountForToken),
        }
    }

    async fn rotate(
        &self,
        found: &Found,
        grant: Grant<'_>,
        burst: Option<Policy>,
    ) -> Result<Option<Refreshed>> {
        let session = &found.session;
        let Some(step) = self.step(found, &grant, Stride::Rotate, burst).await? else {
            return Ok(None);
        };
        let (refresh, refresh_row) = self.make(
            &grant,
            TokenType::Refresh,
            self.refresh_expiry(grant.now, session.expires_at),
            found.token,
        );
        let (access, access_row) = self.make(
            &grant,
            TokenType::Access,
            self.access_expiry(grant.now, session.expires_at, grant.access_lifetime),
            Some(refresh_row.id),
        );
        let left = Recalled {
            user_id: grant.user_id,
            generation: grant.generation,
            token: refresh_row.id,
            expires_at: session.expires_at,
            trail: step.trail,
        };
        let step = Step {
            tokens: vec![refresh_row, access_row],
            spent: found.token.filter(|_| self.rules().blacklist_spent),
            ..step
        };
        if !self.take(step, &grant).await? {
            return Ok(None);
        }
        self.recall.put(session.id, left);
        self.anchor(&grant).await;
        Ok(Some(Refreshed {
            access,
            refresh: Some(refresh),
        }))
    }

    /// The windows of a rotation begin at its commit; where that took long, it is noted again. What was committed is
    /// answered all the same: a window that is shorter is better than an answer that is lost.
    async fn anchor(&self, grant: &Grant<'_>) {
        let (id, generation, now) = (grant.session_id, grant.generation, self.clock.now());
        if now - grant.now < NOTED_LATE {
            return;
        }
        let anchored = self.store.write(move |tx| {
            Box::pin(async move { tx.anchor_rotation(id, generation, now).await })
        });
        if let Err(error) = anchored.await {
            tracing::warn!(%error, "a rotation that took long is dated from its beginning");
        }
    }

    async fn renew(
        &self,
        found: &Found,
        grant: Grant<'_>,
        burst: Option<Policy>,
    ) -> Result<Option<Refreshed>> {
        let Some(step) = self.step(found, &grant, Stride::Renew, burst).await? else {
            return Ok(None);
        };
        let access = self.issue_access(found, &grant, found.token, step).await?;
        Ok(access.map(|access| Refreshed {
            access,
            refresh: None,
        }))
    }

    /// The successor was issued before; made again from its row it says the same.
    async fn replay(
        &self,
        found: &Found,
        grant: Grant<'_>,
        burst: Option<Policy>,
    ) -> Result<Option<Refreshed>> {
        let Some(step) = self.step(found, &grant, Stride::Replay, burst).await? else {
            return Ok(None);
        };
        let (id, generation) = (grant.session_id, grant.generation);
        let issued = self.store.refresh_token_of(id, generation).await?;
        let issued = issued.ok_or(TokenError::Expired)?;
        let parent = Some(TokenId(issued.id));
        let refresh = self.make_again(&issued, TokenType::Refresh, &grant)?;
        let access = self.issue_access(found, &grant, parent, step).await?;
        Ok(access.map(|access| Refreshed {
            access,
            refresh: Some(refresh),
        }))
    }

    /// Signs a token again that was issued before.
    pub(super) fn make_again(
        &self,
        issued: &IssuedRow,
        token_type: TokenType,
        grant: &Grant<'_>,
    ) -> Result<String> {
        let jti = Jti::parse(&issued.jti).ok_or(TokenError::Invalid)?;
        let minted = self.keys.mint(Recipe {
            token_type,
            jti,
            iat: issued.created_at,
            exp: issued.expires_at,
            user_id: grant.user_id,
            session_id: grant.session_id,
            generation: grant.generation,
            refresh_exp: None,
            password_mark: grant.password_mark.map(str::to_owned),
            custom: grant.custom.clone(),
        });
        Ok(minted.compact)
    }

    async fn issue_access(
        &self,
        found: &Found,
        grant: &Grant<'_>,
        parent: Option<TokenId>,
        step: Step,
    ) -> Result<Option<String>> {
        let exp = self.access_expiry(grant.now, found.session.expires_at, grant.access_lifetime);
        let (access, row) = self.make(grant, TokenType::Access, exp, parent);
        let trail = step.trail;
        let step = Step {
            tokens: vec![row],
            ..step
        };
        if !self.take(step, grant).await? {
            return Ok(None);
        }
        if let Some(left) = self.recall.get(grant.session_id) {
            self.recall
                .put(grant.session_id, Recalled { trail, ..left });
        }
        Ok(Some(access))
    }

    /// Takes a step, and tells of it. False when the session is not where it begins any more.
    pub(super) async fn take(&self, mut step: Step, grant: &Grant<'_>) -> Result<bool> {
        step.events.extend(self.renewal(grant));
        let told = told(&step.tokens);
        let supersedes = match step.stride {
            Stride::Rotate | Stride::Renew => self.settings.token_expire_on_refresh,
            // Two tabs that raced hold an access token each, and both are good; a lone token is all its client has, and the
            // answer with its successor can get lost.
            Stride::Replay | Stride::Extend => false,
        };
        let taken = if supersedes {
            self.take_and_supersede(step).await?
        } else {
            self.store.step(step).await?
        };
        if taken {
            let ip = grant.origin.ip.parse().ok();
            let sightings = &self.watch.sightings;
            sightings.note(grant.session_id, ip, grant.now);
        }
        if taken {
            self.tell_refreshed(grant, &told);
        }
        Ok(taken)
    }

    /// Takes a step and, in its transaction, stops what was issued before in its session.
    async fn take_and_supersede(&self, step: Step) -> Result<bool> {
        let since = step.at - self.settings.leeway.get();
        let taken = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.step(step.clone()).await? {
                    return Ok(None);
                }
                let revoked = tx.supersede(&step, since).await?;
                tx.announce(&revoked).await?;
                Ok::<_, StoreError>(Some(revoked))
            })
        });
        let taken = taken.await?;
        for revocation in taken.iter().flatten() {
            self.registry.revoke(revocation, self.clock.now());
        }
        Ok(taken.is_some())
    }

    /// What webhooks are told of a refresh, where one asks for it.
    pub(super) fn renewal(&self, grant: &Grant<'_>) -> Option<Event> {
        let is_asked_for = self.store.outlet().sends(Kind::SessionRenewed);
        is_asked_for.then(|| renewed(grant))
    }

    /// A step that issues nothing yet, of a refresh that was let through. `None` when what was found is not true any more.
    async fn step(
        &self,
        found: &Found,
        grant: &Grant<'_>,
        stride: Stride,
        burst: Option<Policy>,
    ) -> Result<Option<Step>> {
        let refreshing = Refreshing {
            session: &found.session,
            user_id: grant.user_id,
            origin: grant.origin,
            burst,
            now: grant.now,
        };
        let Some(Passed { trail, notices }) = self.watch(&refreshing).await? else {
            return Ok(None);
        };
        Ok(Some(Step {
            session: found.session.id,
            from: found.session.generation,
            stride,
            at: grant.now,
            check_user_is_active: self.settings.check_user_is_active,
            device: found.presented.device.clone(),
            tokens: Vec::new(),
            spent: None,
            origin: grant.origin.clone(),
            trail,
            events: notices,
        }))
    }
}

/// A refresh as webhooks are told of it.
fn renewed(grant: &Grant<'_>) -> Event {
    Event {
        user: Some(grant.user_id),
        ..Event::new(Kind::SessionRenewed, grant.now)
    }
    .session(grant.session_id)
    .from(grant.origin)
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
