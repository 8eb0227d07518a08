//! `POST /api/token/`: a name and a password open a session.

use axum::extract::State;
use axum::response::Response;
use axum::routing::MethodRouter;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only_with};
use super::transport::Transport;
use crate::error::Result;
use crate::state::AppState;
use crate::store::Origin;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Obtain Pair",
        description: "Opens a session for a username and password; answers its access and refresh token.",
        allow: POST_ONLY,
        fields: &["username", "password"],
    };
    post_only_with(obtain, &ABOUT, &[("access_lifetime", "integer")])
}

async fn obtain(
    State(state): State<AppState>,
    transport: Transport,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Response> {
    let (given, lifetime) = (fields.name_and_password(), fields.access_lifetime());
    let (Some((username, password)), Some(lifetime)) = (given, lifetime) else {
        return Err(fields.refusal());
    };
    let pair = state.log_in(&username, password, lifetime, &origin);
    Ok(transport.log_in(&state, pair.await?))
}
