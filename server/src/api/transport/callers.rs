//! The cookie of whoever calls with an access token, for the answers that end their session. It proves nothing and lets
//! nobody in.
//!
//! A browser sends the cookie to the endpoints of tokens alone, so elsewhere a page of this origin says that its refresh
//! token is in it: by the header, or by coming from here where there is no other way. At worst it costs a login that came
//! meanwhile in another tab its cookie.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use super::asked::Asked;
use super::jar::Jar;
use super::site::Site;
use crate::state::{AppState, Server};
use crate::token::SessionId;

/// The cookie that the caller's refresh token is in; that of a caller who has none is left alone.
pub struct CallersCookie(Option<Jar>);

impl FromRequestParts<AppState> for CallersCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let allowed = state.settings.refresh_transport;
        // A transport that is none, or not allowed, is none of a cookie's, and no reason not to end a session.
        let asked = Asked::read(&parts.headers).unwrap_or(Asked::Body);
        let is_told = match Site::of(&parts.headers, &parts.uri) {
            Site::This => true,
            Site::Unsaid => asked.names_cookie(),
            Site::Another => false,
        };
        let is_in_cookie = is_told && asked.is_cookie(allowed).unwrap_or(false);
        Ok(Self(is_in_cookie.then(|| Jar::of(parts, asked, allowed))))
    }
}

impl CallersCookie {
    /// What takes it back after the session `ended` has ended.
    pub fn taken_back_with(&self, state: &Server, ended: Option<SessionId>) -> CookieJar {
        let jar = self.0.as_ref().filter(|_| ended.is_some());
        jar.map_or_else(CookieJar::new, |jar| jar.taken_back_with(state, ended))
    }
}
