//! How a refresh token travels: in the body, as SimpleJWT's does, or in a cookie that no script can read, so that script in
//! a page can use it while it runs, and not carry it away (OWASP Session Management Cheat Sheet;
//! draft-ietf-oauth-browser-based-apps, its cookies and their protection from forged requests).
//!
//! A cookie counts for pages of this very origin alone. A request that another site made a browser send is refused, and so
//! is one with a cookie that says neither where it comes from nor, in a header no form can set, what it wants.

mod asked;
mod site;

use app::api::{Refreshed, TokenPair};
use axum::Json;
use axum::extract::{FromRequestParts, NestedPath};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Map;

use super::fields::{Fields, Spaces};
use crate::cookie::{REFRESH, Reached};
use crate::error::{Error, Result};
use crate::state::{AppState, Server};
use asked::Asked;
use site::Site;

/// How the refresh token of a request, and of its answer, travels.
pub enum Transport {
    /// In the body, both ways.
    Body,
    /// In a cookie.
    Cookie(Jar),
}

/// The cookie of a request, and what the one of its answer needs.
pub struct Jar {
    presented: Option<SecretString>,
    reached: Reached,
    /// Where the token endpoints are, below whatever fixed path an embedding application nests them.
    path: String,
    /// Whether a token in a body is refused.
    only: bool,
}

impl FromRequestParts<AppState> for Transport {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let allowed = state.settings.refresh_transport;
        let asked = Asked::read(&parts.headers)?;
        if !asked.is_cookie(allowed)? {
            return Ok(Self::Body);
        }
        let (headers, uri) = (&parts.headers, &parts.uri);
        let presented = REFRESH.token(headers, uri).map(SecretString::from);
        match Site::of(headers, uri) {
            Site::This => {}
            Site::Unsaid if asked == Asked::Cookie || presented.is_none() => {}
            Site::Unsaid | Site::Another => return Err(Error::CrossSite),
        }
        let reached = Reached::of(headers, uri);
        let nested = parts.extensions.get::<NestedPath>();
        let path = [nested.map_or("", NestedPath::as_str), REFRESH.path()].concat();
        Ok(Self::Cookie(Jar {
            presented,
            reached,
            path,
            only: !allowed.is_body_allowed(),
        }))
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

    /// The answer to a logout for which `token` was presented.
    ///
    /// # Errors
    /// Why it was refused, where there is no cookie to take back.
    pub fn log_out(&self, token: &str, done: Result<()>) -> Result<Response> {
        let nothing = Json(Map::new());
        match (self, done) {
            (Self::Body, done) => done.map(|()| nothing.into_response()),
            (Self::Cookie(jar), Ok(())) => Ok((jar.taken_back(), nothing).into_response()),
            (Self::Cookie(jar), Err(error)) => jar.refuse(token, error),
        }
    }
}

impl Jar {
    /// An answer with this refresh token in its cookie, for as long as it lives.
    fn keep(&self, state: &Server, refresh: String, access: String) -> Response {
        let life = state.refresh_life(&refresh);
        let mut cookie = REFRESH.holding(self.reached, refresh, life);
        cookie.set_path(self.path.clone());
        let cookies = CookieJar::new().add(cookie);
        let refresh = None;
        (cookies, Json(Refreshed { access, refresh })).into_response()
    }

    /// A refusal of `token`. That of a session that goes on leaves the cookie alone: another tab may have put a successor
    /// there meanwhile.
    fn refuse(&self, token: &str, error: Error) -> Result<Response> {
        let presented = self.presented.as_ref().map(ExposeSecret::expose_secret);
        if presented == Some(token) && error.is_of_session_over() {
            Ok((self.taken_back(), error).into_response())
        } else {
            Err(error)
        }
    }

    fn taken_back(&self) -> CookieJar {
        let mut cookies = REFRESH.taken_back();
        for cookie in &mut cookies {
            cookie.set_path(self.path.clone());
        }
        cookies.into_iter().fold(CookieJar::new(), CookieJar::add)
    }
}
