//! `POST /api/token/sliding/` and `POST /api/token/sliding/refresh/`: one token that is access and refresh in one.

use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;
use serde::Serialize;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use super::fields::Spaces;
use crate::error::Result;
use crate::state::AppState;
use crate::store::Origin;

/// What both answer.
#[derive(Serialize)]
struct SlidingToken {
    token: String,
}

/// The endpoint that issues one.
pub fn obtain_endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Obtain Sliding",
        description: "Opens a session for a username and password; answers its sliding token.",
        allow: POST_ONLY,
        fields: &["username", "password"],
    };
    post_only(obtain, &ABOUT)
}

/// The endpoint that exchanges one for itself, with a later end.
pub fn refresh_endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Refresh Sliding",
        description: "Answers a sliding token with a later end, while its refresh period lasts.",
        allow: POST_ONLY,
        fields: &["token"],
    };
    post_only(refresh, &ABOUT)
}

async fn obtain(
    State(state): State<AppState>,
    origin: Origin,
    Body(fields): Body,
) -> Result<Json<SlidingToken>> {
    let (username, password) = fields.credentials()?;
    let login = state.log_in_sliding(&username, password, &origin);
    let token = login.await?;
    Ok(Json(SlidingToken { token }))
}

async fn refresh(
    State(state): State<AppState>,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Json<SlidingToken>> {
    let Some(token) = fields.text("token", Spaces::Trim) else {
        return Err(fields.refusal());
    };
    let token = state.refresh_sliding(&token, &origin).await?;
    Ok(Json(SlidingToken { token }))
}
