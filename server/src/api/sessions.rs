//! `/api/sessions/`: the caller's own sessions. Times are unix seconds, as in the tokens.

mod current;
mod end;
mod end_others;
mod family;
mod list;
mod one;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;

use super::with_and_without_slash;
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::state::{AppState, Server};
use crate::token::SessionId;

/// The routes.
pub fn router() -> Router<AppState> {
    let router = with_and_without_slash(Router::new(), "/api/sessions", list::endpoint());
    let router = with_and_without_slash(router, "/api/sessions/current", current::endpoint());
    let router = with_and_without_slash(router, "/api/sessions/end", end::endpoint());
    let router = with_and_without_slash(router, "/api/sessions/end-others", end_others::endpoint());
    with_and_without_slash(router, "/api/sessions/{id}", one::endpoint())
}

/// The session a path names; whatever is no id is the id of nothing.
struct Named(SessionId);

impl FromRequestParts<AppState> for Named {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(id)| SessionId::parse(&id));
        id.map(Self).ok_or(Error::NotFound)
    }
}

/// Somebody else's session is not told from one that is not there.
async fn own(state: &Server, caller: &CurrentUser, id: SessionId) -> Result<()> {
    let whose = state.store.live_session_user(id, state.clock.now()).await?;
    if whose == Some(caller.user.user_id()) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// A wrong password of somebody who is logged in is a wrong field: a 401 would log their client out.
pub(super) fn wrong_password(error: Error, field: &'static str) -> Error {
    match error {
        Error::NoActiveAccount => Error::field(field, "This is not your password.".to_owned()),
        error => error,
    }
}
