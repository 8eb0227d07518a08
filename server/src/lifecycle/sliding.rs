//! Sliding tokens: access and refresh in one, which is exchanged for itself with a later end. A login opens a session as
//! usual. The token keeps its name, so that the one row on record blacklists every form of it; that row lives as long as
//! any of them could. Nothing is spent, so a copy can not be told from the original.

use secrecy::SecretString;

use super::foreign::{Adopting, Found};
use super::issue::{AccessLifetime, Grant, row};
use super::open::first_grant;
use super::refresh::refused;
use super::watch::{Passed, Refreshing};
use crate::account::{Authenticated, Whose};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::session::{Decision, Policy, Refusal, decide};
use crate::state::Server;
use crate::store::{NewSession, NewToken, Origin, Slide, TokenId};
use crate::token::{Claims, Expect, Generation, Jti, Minted, Recipe, SessionId, TokenType};

/// How often a refresh is decided anew because its session changed meanwhile.
const ATTEMPTS: usize = 4;

/// Until when a sliding token is valid, and until when it can be refreshed.
#[derive(Clone, Copy)]
struct Span {
    exp: UnixSeconds,
    refresh_exp: UnixSeconds,
}

impl Server {
    /// Opens a session for the user of this name and password and issues its sliding token.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn log_in_sliding(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<String> {
        let open = async |found| self.open_sliding(&found, origin).await;
        self.with_password(Whose::Named(username), password, origin, open)
            .await
    }

    /// `None` when the password was changed meanwhile.
    async fn open_sliding(&self, found: &Authenticated, origin: &Origin) -> Result<Option<String>> {
        let now = self.clock.now();
        let ends = now + self.settings.session_lifetime.get();
        let span = Span {
            exp: ends.min(now + self.settings.sliding_token_lifetime.get()),
            refresh_exp: ends.min(now + self.settings.sliding_token_refresh_lifetime.get()),
        };
        let last = self.last_moment(span, ends);
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: ends,
            tokens_expire_at: last,
            access_expires_at: last,
            confirmed_at: 0,
            client: String::new(),
        };
        let custom = self.custom_claims(&found.user).await?;
        let mark = self.mark_of(found.user.user_id()).await?;
        let grant = Grant {
            password_mark: mark.as_deref(),
            ..first_grant(&session, &found.user, origin, &custom)
        };
        let minted = self.mint_sliding(&grant, Jti::at(now), span);
        let row = NewToken {
            expires_at: last,
            ..row(&minted, TokenId::next(), None)
        };
        let opened = self.open(found, session, vec![row], origin).await?;
        if opened {
            self.tell_issued(&grant, &[(TokenType::Sliding, span.exp)]);
        }
        Ok(opened.then_some(minted.compact))
    }

    /// Exchanges a sliding token for itself with a later end. It must still be valid, as with SimpleJWT.
    ///
    /// # Errors
    /// [`Error::Token`], [`Error::NoRefreshExp`], [`Error::RefreshExpired`] and [`Error::NoActiveAccountForToken`] when it
    /// is refused; [`Error::Database`] when it is not known.
    pub async fn refresh_sliding(&self, compact: &str, origin: &Origin) -> Result<String> {
        let expect = Expect::Only(TokenType::Sliding);
        let claims = self.read_token(compact, expect).await?.claims;
        // A stranger's token that could not be refreshed is not adopted either.
        if claims.session.is_none() && self.store.session_of_token(&claims.jti).await?.is_none() {
            self.refresh_end(&claims)?;
        }
        let user_id = claims.user_id.ok_or(Error::NoUserId)?;
        let mark = self.mark_for(&claims, user_id, origin).await?;
        let burst = claims.session.and_then(|(id, _)| self.count_refresh(id));
        for _ in 0..ATTEMPTS {
            let adopting = Adopting::ToGoOn(TokenType::Sliding);
            let found = self
                .find_session(compact, &claims, origin, adopting)
                .await?;
            let refreshed = self
                .try_slide(&found, &claims, mark.as_deref(), origin, burst)
                .await?;
            if let Some(token) = refreshed {
                return Ok(token);
            }
        }
        Err(Error::Busy)
    }

    /// One attempt; `None` when what was found is not true any more.
    async fn try_slide(
        &self,
        found: &Found,
        claims: &Claims,
        password_mark: Option<&str>,
        origin: &Origin,
        burst: Option<Policy>,
    ) -> Result<Option<String>> {
        self.check_user(found)?;
        let now = self.clock.now();
        match decide(&found.session, &found.presented, now, self.rules()) {
            Decision::Rotate { .. } | Decision::Renew => {}
            Decision::Refuse(refusal) => return Err(refused(refusal)),
            Decision::Replay(_) | Decision::End(_) => return Err(refused(Refusal::Spent)),
        }
        let refresh_exp = self.refresh_end(claims)?;
        let user_id = claims.user_id.ok_or(Error::NoUserId)?;
        let refreshing = Refreshing {
            session: &found.session,
            user_id,
            origin,
            burst,
            now,
        };
        let Some(passed) = self.watch(&refreshing).await? else {
            return Ok(None);
        };
        let ends = found.session.expires_at;
        let span = Span {
            exp: ends.min(now + self.settings.sliding_token_lifetime.get()),
            refresh_exp,
        };
        let slide = Slide {
            session: found.session.id,
            token: found.token,
            at: now,
            check_user_is_active: self.settings.check_user_is_active,
            last: self.last_moment(span, ends),
        };
        let custom = self.custom_claims_of(user_id).await?;
        let grant = Grant {
            user_id,
            session_id: found.session.id,
            generation: Generation::FIRST,
            now,
            origin,
            custom: &custom,
            password_mark,
            access_lifetime: AccessLifetime::FULL,
        };
        let minted = self.mint_sliding(&grant, claims.jti.clone(), span);
        Ok(self
            .slide(slide, &grant, span, passed)
            .await?
            .then_some(minted.compact))
    }

    /// Takes the step, and tells of it. False when the session is over, or its user is shut out.
    async fn slide(
        &self,
        slide: Slide,
        grant: &Grant<'_>,
        span: Span,
        passed: Passed,
    ) -> Result<bool> {
        let Passed { trail, mut notices } = passed;
        notices.extend(self.renewal(grant));
        let (id, ip) = (grant.session_id, grant.origin.ip.clone());
        let address = ip.parse().ok();
        let moved = self.store.write(move |tx| {
            Box::pin(async move {
                let moved = tx.slide(slide).await?;
                if moved {
                    tx.move_session(id, &ip, &trail).await?;
                    tx.note_all(notices).await?;
                }
                Ok::<_, Error>(moved)
            })
        });
        let moved = moved.await?;
        if moved {
            self.watch.sightings.note(id, address, grant.now);
        }
        if moved {
            self.tell_refreshed(grant, &[(TokenType::Sliding, span.exp)]);
        }
        Ok(moved)
    }

    fn mint_sliding(&self, grant: &Grant<'_>, jti: Jti, span: Span) -> Minted {
        self.keys.mint(Recipe {
            token_type: TokenType::Sliding,
            jti,
            iat: grant.now,
            exp: span.exp,
            user_id: grant.user_id,
            session_id: grant.session_id,
            generation: grant.generation,
            refresh_exp: Some(span.refresh_exp),
            password_mark: grant.password_mark.map(str::to_owned),
            custom: grant.custom.clone(),
        })
    }

    /// Until when the token can be refreshed, if that is not over.
    pub(super) fn refresh_end(&self, claims: &Claims) -> Result<UnixSeconds> {
        let claim = || self.settings.sliding_token_refresh_exp_claim.clone();
        let refresh_exp = claims
            .refresh_exp
            .ok_or_else(|| Error::NoRefreshExp(claim()))?;
        if refresh_exp <= self.clock.now() - self.settings.leeway.get() {
            return Err(Error::RefreshExpired(claim()));
        }
        Ok(refresh_exp)
    }

    /// The last moment any form of a token can be valid: it may be refreshed in the last second it can be.
    fn last_moment(&self, span: Span, ends: UnixSeconds) -> UnixSeconds {
        let latest = span.refresh_exp + self.settings.sliding_token_lifetime.get();
        ends.min(latest).max(span.exp)
    }

    /// The same for a token of another issuer, in a session that ends at `ends`.
    pub(super) fn sliding_last(&self, claims: &Claims, ends: UnixSeconds) -> UnixSeconds {
        let refresh_exp = claims.refresh_exp.unwrap_or(claims.exp);
        let exp = claims.exp;
        self.last_moment(Span { exp, refresh_exp }, ends)
    }
}
