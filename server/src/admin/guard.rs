//! Who may see the admin: staff, in a session that goes on. Asked of the database at every page, because what an
//! admin may do weighs more than a query.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use super::cookie::Reached;
use super::refusal;
use crate::error::Result;
use crate::lifecycle::may_see_admin;
use crate::state::{AppState, Server};
use crate::store::User;
use crate::token::{Expect, SessionId, TokenType};

/// A member of staff, in the session they logged in to the admin with.
pub struct Admin {
    /// The user.
    pub user: User,
    /// The session.
    pub session: SessionId,
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> std::result::Result<Self, Response> {
        let address = state.let_in(&parts.headers, &parts.extensions);
        let address = address.map_err(|error| refusal::page(&error))?;
        let token = Reached::token(&parts.headers, &parts.uri);
        match state.admin(token.as_deref()).await {
            Ok(Some(admin)) => {
                state.note_use(admin.session, address);
                Ok(admin)
            }
            Ok(None) => Err(to_login(parts).into_response()),
            Err(error) => Err(refusal::page(&error)),
        }
    }
}

impl Server {
    /// The admin this token speaks for; `None` when it speaks for none, or not any more.
    ///
    /// # Errors
    /// [`crate::error::Error::Database`].
    pub async fn admin(&self, token: Option<&str>) -> Result<Option<Admin>> {
        let now = self.clock.now();
        let verified = token.and_then(|token| {
            self.keys
                .verify(
                    token,
                    Expect::Only(TokenType::Admin),
                    now,
                    self.settings.leeway.get(),
                )
                .ok()
        });
        let Some((session, _)) = verified.and_then(|verified| verified.claims.session) else {
            return Ok(None);
        };
        let Some(id) = self.store.live_session_user(session, now).await? else {
            return Ok(None);
        };
        let user = self.store.user(id).await?.filter(may_see_admin);
        Ok(user.map(|user| Admin { user, session }))
    }
}

/// To the login, and from there back to the page that was asked for.
fn to_login(parts: &Parts) -> Redirect {
    let asked = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    match parts.method {
        Method::GET => Redirect::to(&format!("/admin/login/?next={next}")),
        _ => Redirect::to("/admin/login/"),
    }
}
