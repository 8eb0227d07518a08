//! How a refresh token travels: in the body, as SimpleJWT's does, or in a cookie that no script can read, so that script in
//! a page can use it while it runs, and not carry it away (OWASP Session Management Cheat Sheet;
//! draft-ietf-oauth-browser-based-apps, its cookies and their protection from forged requests).
//!
//! A cookie counts for pages of this very origin alone. A request that another site made a browser send is refused, and so
//! is one with a cookie that says neither where it comes from nor, in a header no form can set, what it wants.

mod asked;
mod callers;
mod jar;
mod site;

use app::api::{Refreshed, TokenPair};
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde_json::Map;

use super::fields::{Fields, Spaces};
use crate::error::{Error, Result};
use crate::state::{AppState, Server};
use crate::token::SessionId;
use asked::Asked;
pub use callers::CallersCookie;
use jar::Jar;
use site::Site;

/// How the refresh token of a request, and of its answer, travels.
pub enum Transport {
    /// In the body, both ways.
    Body,
    /// In a cookie.
    Cookie(Jar),
}

impl FromRequestParts<AppState> for Transport {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let allowed = state.settings.refresh_transport;
        let asked = Asked::read(&parts.headers)?;
        if !asked.is_cookie(allowed)? {
            return Ok(Self::Body);
        }
        let jar = Jar::of(parts, asked, allowed);
        match Site::of(&parts.headers, &parts.uri) {
            Site::This => {}
            Site::Unsaid if asked.names_cookie() || jar.presented.is_none() => {}
            Site::Unsaid | Site::Another => return Err(Error::CrossSite),
        }
        Ok(Self::Cookie(jar))
    }
}

impl Transport {
    /// The refresh token of a request: from its body if it is there, else from the cookie. `None` when something is wrong
    /// with the field, which [`Fields::refusal`] will say.
    ///
    /// # Errors
    /// [`Error::NoRefreshCookie`].
    pub fn presented(&self, fields: &mut Fields) -> Result<Option<String>> {
        const NAME: &str = "refresh";
        match self {
            Self::Cookie(jar) if jar.only && fields.has(NAME) => {
                fields.refuse(NAME, "Refresh tokens come in a cookie here, not in a body.");
                Ok(None)
            }
            Self::Cookie(jar) if !fields.has(NAME) => {
                let token = jar.presented.as_ref().ok_or(Error::NoRefreshCookie)?;
                Ok(Some(token.expose_secret().to_owned()))
            }
            Self::Body | Self::Cookie(_) => Ok(fields.text(NAME, Spaces::Trim)),
        }
    }

    /// The answer to a login.
    pub fn log_in(&self, state: &Server, pair: TokenPair) -> Response {
        match self {
            Self::Body => Json(pair).into_response(),
            Self::Cookie(jar) => jar.keep(state, pair.refresh, pair.access),
        }
    }

    /// The answer to a refresh for which `token` was presented. A cookie whose session is over goes with it; one that could
    /// not be looked at now stays.
    ///
    /// # Errors
    /// Why it was refused, where there is no cookie to take back.
    pub fn refresh(
        &self,
        state: &Server,
        token: String,
        refreshed: Result<Refreshed>,
    ) -> Result<Response> {
        match (self, refreshed) {
            (Self::Body, refreshed) => Ok(Json(refreshed?).into_response()),
            (Self::Cookie(jar), Ok(Refreshed { access, refresh })) => {
                Ok(jar.keep(state, refresh.unwrap_or(token), access))
            }
            (Self::Cookie(jar), Err(error)) => jar.refuse(&token, error),
        }
    }

    /// The answer to a logout for which `token` was presented. The cookie goes with it, unless it is another session's.
    ///
    /// # Errors
    /// Why it was refused, where there is no cookie to take back.
    pub fn log_out(
        &self,
        state: &Server,
        token: &str,
        ended: Result<SessionId>,
    ) -> Result<Response> {
        let nothing = Json(Map::new());
        match (self, ended) {
            (Self::Body, ended) => ended.map(|_| nothing.into_response()),
            (Self::Cookie(jar), Ok(ended)) => {
                Ok((jar.taken_back_with(state, Some(ended)), nothing).into_response())
            }
            (Self::Cookie(jar), Err(error)) => jar.refuse(token, error),
        }
    }
}
