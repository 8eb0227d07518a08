//! `GET /api/sessions/current/`: the session that asks, and in how many seconds it is over however often it is refreshed.
//! Seconds and no time of day: the clock of whoever asks may be wrong.

use app::api::CurrentSession;
use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};

use crate::api::endpoint::{About, for_users};
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::state::AppState;

const ABOUT: About = About {
    name: "Current Session",
    description: "The caller's session, and the seconds to its end.",
    allow: "GET, HEAD, OPTIONS",
    fields: &[],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(get(current), &ABOUT)
}

/// Who is in no session, as an API token is, is told that there is none.
async fn current(
    caller: CurrentUser,
    State(state): State<AppState>,
) -> Result<Json<CurrentSession>> {
    let id = caller.session.ok_or(Error::NotFound)?;
    let now = state.clock.now();
    let end = state.store.end_of_live_session(id, now).await?;
    let end = end.ok_or(Error::NotFound)?;
    Ok(Json(CurrentSession {
        id: id.to_string(),
        ends_in: end - now,
    }))
}
