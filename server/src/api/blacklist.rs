//! `POST /api/token/blacklist/`: logs out. Possession of the refresh token is the proof.

use axum::extract::State;
use axum::response::Response;
use axum::routing::MethodRouter;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use super::transport::Transport;
use crate::error::Result;
use crate::state::AppState;
use crate::store::Origin;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Blacklist",
        description: "Blacklists a refresh token and ends its session.",
        allow: POST_ONLY,
        fields: &["refresh"],
    };
    post_only(blacklist, &ABOUT)
}

async fn blacklist(
    State(state): State<AppState>,
    transport: Transport,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Response> {
    let Some(token) = transport.presented(&mut fields)? else {
        return Err(fields.refusal());
    };
    let ended = state.log_out(&token, &origin).await;
    transport.log_out(&state, &token, ended)
}
