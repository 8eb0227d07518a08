//! `POST /api/token/`: a name and a password open a session.

use app::api::TokenPair;
use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
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
    post_only(obtain, &ABOUT)
}

async fn obtain(
    State(state): State<AppState>,
    origin: Origin,
    Body(fields): Body,
) -> Result<Json<TokenPair>> {
    let (username, password) = fields.credentials()?;
    Ok(Json(state.log_in(&username, password, &origin).await?))
}
