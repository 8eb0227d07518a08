//! The user an access token speaks for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::origin::client_address;
use crate::error::{Error, Result};
use crate::lifecycle::AccessError;
use crate::state::AppState;
use crate::store::User;
use crate::token::{SessionId, TokenError};

/// Whoever calls presented valid credentials in the header `Authorization`; the user is there and active.
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

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let address = client_address(parts, &state.settings);
        if !state.is_listed(address) {
            return Err(Error::NetworkNotAllowed);
        }
        let token = bearer(&parts.headers, &state.settings.auth_header_types)?;
        let claims = match state.verify_access(&token).await {
            Ok(claims) => claims,
            Err(AccessError::Token(error)) => return Err(Error::AccessToken(error)),
            Err(AccessError::Database(error)) => return Err(error.into()),
        };
        if let Some((session, _)) = claims.session {
            let now = state.clock.now();
            state.watch.sightings.note(session, address, now);
        }
        let id = claims.user_id.ok_or(Error::NoUserId)?;
        let user = state.store.user(id).await?.ok_or(Error::UserNotFound)?;
        if !state.may_log_in(user.is_active) {
            return Err(Error::UserInactive);
        }
        // A foreign token has no session that could have been ended.
        if claims.session.is_none() && claims.is_older_than(user.tokens_valid_after) {
            return Err(Error::AccessToken(TokenError::Blacklisted));
        }
        Ok(Self {
            user,
            session: claims.session.map(|(session, _)| session),
            credential: Credential::AccessToken,
        })
    }
}

/// The token in the header `Authorization`, whose scheme is one of `schemes` in any case (RFC 9110, section
/// 11.1). Runs of spaces count as one.
fn bearer(headers: &HeaderMap, schemes: &[String]) -> Result<String> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = sent.next() else {
        return Err(Error::NotAuthenticated);
    };
    if sent.next().is_some() {
        return Err(Error::BadAuthorizationHeader);
    }
    let value = String::from_utf8_lossy(value.as_bytes());
    let mut words = value.split_whitespace();
    let ours = words.next().is_some_and(|word| {
        schemes
            .iter()
            .any(|scheme| scheme.eq_ignore_ascii_case(word))
    });
    if !ours {
        return Err(Error::NotAuthenticated);
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token.to_owned()),
        _ => Err(Error::BadAuthorizationHeader),
    }
}
