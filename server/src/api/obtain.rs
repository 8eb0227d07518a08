//! `POST /api/token/`: a name and a password open a session.

use axum::extract::State;
use axum::response::Response;
use axum::routing::MethodRouter;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only_with};
use super::transport::Transport;
use crate::error::Result;
use crate::lifecycle::Wishes;
use crate::state::AppState;
use crate::store::Origin;

/// The longest name a client may give itself, in characters.
const MAX_NAME: usize = 64;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Obtain Pair",
        description: "Opens a session for a username and password; answers its access and refresh token.",
        allow: POST_ONLY,
        fields: &["username", "password"],
    };
    let optional = &[("access_lifetime", "integer"), ("client", "string")];
    post_only_with(obtain, &ABOUT, optional)
}

async fn obtain(
    State(state): State<AppState>,
    transport: Transport,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Response> {
    let (given, access_lifetime) = (fields.name_and_password(), fields.access_lifetime());
    let client = fields.label_or_none("client", MAX_NAME);
    let (Some((username, password)), Some(access_lifetime), Some(client)) =
        (given, access_lifetime, client)
    else {
        return Err(fields.refusal());
    };
    let wishes = Wishes {
        access_lifetime,
        client,
    };
    let pair = state.log_in(&username, password, wishes, &origin);
    Ok(transport.log_in(&state, pair.await?))
}
