//! Who calls: the user an access token or an API token speaks for.

use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use tokio::time::timeout;

use super::credentials::{Presented, is_like_jwt};
use super::origin::client_address;
use crate::error::{ApiTokenError, Error, Result};
use crate::state::{AppState, Server};
use crate::store::{PATIENCE, StoreError, User};
use crate::token::{SessionId, TokenError, TokenType, Verified};

/// Whoever calls presented valid credentials in the header of `AUTH_HEADER_NAME`; the user is there and active.
///
/// As an argument of a handler it refuses everybody else with a 401, and says 503 when the database could not be asked.
/// To answer refusals in another way, take a `Result<CurrentUser, Error>`.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    /// Who it is, as the database has them now.
    pub user: User,
    /// The session they are in; `None` for what belongs to no session here: a token of another issuer, an API token.
    pub session: Option<SessionId>,
    /// How they proved it.
    pub credential: Credential,
}

/// What kind of credentials somebody presented.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Credential {
    /// A short-lived access token.
    AccessToken,
    /// A sliding token: access and refresh in one.
    SlidingToken,
    /// An API token, which lasts until it is reset.
    ApiToken,
}

impl<S> FromRequestParts<S> for CurrentUser
where
    AppState: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        // A layer may have asked already.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        AppState::from_ref(state)
            .identify(&parts.headers, &parts.extensions)
            .await
    }
}

impl Server {
    /// Who calls, by the header of `AUTH_HEADER_NAME`; the extensions have the connection's address.
    ///
    /// # Errors
    /// Why they are refused, a 401; [`Error::NetworkNotAllowed`]; [`Error::Database`].
    pub async fn identify(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<CurrentUser> {
        let address = self.let_in(headers, extensions)?;
        // More than one question in a row may go unanswered, but who asks has patience for one.
        let found = timeout(PATIENCE, self.identify_by_header(headers)).await;
        let found = found.unwrap_or_else(|_| Err(StoreError::silent().into()))?;
        if let Some(session) = found.session {
            self.note_use(session, address);
        }
        Ok(found)
    }

    /// The address somebody calls from, as far as it is known, if `SESSION_NETWORK=allow-list` lets them in from there.
    /// To be asked before their credentials are looked at, wherever these are looked at.
    ///
    /// # Errors
    /// [`Error::NetworkNotAllowed`].
    pub(crate) fn let_in(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<Option<IpAddr>> {
        let address = client_address(headers, extensions, &self.settings);
        if self.is_listed(address) {
            Ok(address)
        } else {
            Err(Error::NetworkNotAllowed)
        }
    }

    /// Notes that a session is used from there, now that its token was found good.
    pub(crate) fn note_use(&self, session: SessionId, address: Option<IpAddr>) {
        let now = self.clock.now();
        self.watch.sightings.note(session, address, now);
    }

    async fn identify_by_header(&self, headers: &HeaderMap) -> Result<CurrentUser> {
        match Presented::read(headers, &self.settings)? {
            Presented::AccessToken(token) => self.identify_by_access_token(&token).await,
            Presented::Token(token) if is_like_jwt(&token) => {
                let found = self.identify_by_access_token(&token).await;
                found.map_err(|error| match error {
                    // No token of ours, so what the scheme is for.
                    Error::AccessToken(refusals) if refusals.first() == TokenError::Invalid => {
                        ApiTokenError::Invalid.into()
                    }
                    error => error,
                })
            }
            Presented::Token(token) => Ok(CurrentUser {
                user: self.verify_api_token(&token).await?,
                session: None,
                credential: Credential::ApiToken,
            }),
        }
    }

    async fn identify_by_access_token(&self, token: &str) -> Result<CurrentUser> {
        let verified = self.verify_access(token).await?;
        let id = verified.claims.user_id.ok_or(Error::NoUserId)?;
        let user = self.check_caller(&verified, self.store.user(id).await?)?;
        let Verified { claims, token_type } = verified;
        if self.is_password_changed(&claims).await? {
            return Err(Error::PasswordChanged);
        }
        Ok(CurrentUser {
            user,
            session: claims.session.map(|(session, _)| session),
            credential: match token_type {
                Some(TokenType::Sliding) => Credential::SlidingToken,
                _ => Credential::AccessToken,
            },
        })
    }

    /// The user an accepted token speaks for, as the database has them, if they may call.
    pub(crate) fn check_caller(&self, verified: &Verified, user: Option<User>) -> Result<User> {
        let Verified { claims, token_type } = verified;
        let user = user.ok_or(Error::UserNotFound)?;
        if !self.may_log_in(user.is_active) {
            return Err(Error::UserInactive);
        }
        // A foreign token has no session that could have been ended.
        if claims.session.is_none() && claims.is_older_than(user.tokens_valid_after) {
            let refusals = self.not_for_any(TokenError::Blacklisted, *token_type);
            return Err(Error::AccessToken(refusals));
        }
        Ok(user)
    }
}
