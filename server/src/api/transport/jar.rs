//! The cookie of a request, and the one of its answer: put there, or taken back. Whether a request is to be believed is
//! decided before.

use app::api::Refreshed;
use axum::Json;
use axum::extract::NestedPath;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use secrecy::{ExposeSecret, SecretString};

use super::asked::Asked;
use crate::config::RefreshTransport;
use crate::cookie::{REFRESH, Reached};
use crate::error::{Error, Result};
use crate::state::Server;
use crate::token::SessionId;

/// The cookie of a request, and what the one of its answer needs.
pub struct Jar {
    /// The token that came in it.
    pub presented: Option<SecretString>,
    /// Whether a token in a body is refused.
    pub only: bool,
    asked: Asked,
    reached: Reached,
    /// Where the token endpoints are, below whatever fixed path an embedding application nests them.
    path: String,
}

impl Jar {
    /// That of a request which asked so, where the operator allows so much.
    pub fn of(parts: &Parts, asked: Asked, allowed: RefreshTransport) -> Self {
        let (headers, uri) = (&parts.headers, &parts.uri);
        let nested = parts.extensions.get::<NestedPath>();
        Self {
            presented: REFRESH.token(headers, uri).map(SecretString::from),
            only: !allowed.is_body_allowed(),
            asked,
            reached: Reached::of(headers, uri),
            path: [nested.map_or("", NestedPath::as_str), REFRESH.path()].concat(),
        }
    }

    /// An answer with this refresh token in its cookie, kept for as long as it lives, or as the client asked.
    pub fn keep(&self, state: &Server, refresh: String, access: String) -> Response {
        let kept = self.asked.kept(state.refresh_life(&refresh));
        let mut cookie = REFRESH.holding(self.reached, refresh, kept);
        cookie.set_path(self.path.clone());
        let cookies = CookieJar::new().add(cookie);
        let refresh = None;
        (cookies, Json(Refreshed { access, refresh })).into_response()
    }

    /// A refusal of `token`. That of a session that goes on leaves the cookie alone: another tab may have put a successor
    /// there meanwhile.
    ///
    /// # Errors
    /// That refusal, where there is no cookie to take back.
    pub fn refuse(&self, token: &str, error: Error) -> Result<Response> {
        let presented = self.presented.as_ref().map(ExposeSecret::expose_secret);
        if presented == Some(token) && error.is_of_session_over() {
            Ok((self.taken_back(), error).into_response())
        } else {
            Err(error)
        }
    }

    /// What takes the cookie back after `ended` has ended. A cookie that came along says itself whose it is; where a browser
    /// does not send it the page's word counts.
    pub fn taken_back_with(&self, state: &Server, ended: Option<SessionId>) -> CookieJar {
        let is_another = self.presented.as_ref().is_some_and(|token| {
            let session = state.session_of(token.expose_secret());
            session.is_some() && session != ended
        });
        if is_another {
            CookieJar::new()
        } else {
            self.taken_back()
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
