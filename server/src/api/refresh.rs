//! `POST /api/token/refresh/`: a refresh token gives a new access token, and its successor where it rotates.

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
        name: "Token Refresh",
        description: "Exchanges a valid refresh token for a new access token and, with rotation, its successor.",
        allow: POST_ONLY,
        fields: &["refresh"],
    };
    post_only_with(refresh, &ABOUT, &[("access_lifetime", "integer")])
}

async fn refresh(
    State(state): State<AppState>,
    transport: Transport,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Response> {
    let (token, lifetime) = (transport.presented(&mut fields)?, fields.access_lifetime());
    let (Some(token), Some(lifetime)) = (token, lifetime) else {
        return Err(fields.refusal());
    };
    let refreshed = state.refresh(&token, lifetime, &origin).await;
    transport.refresh(&state, token, refreshed)
}
