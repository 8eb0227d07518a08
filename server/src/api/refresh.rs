//! `POST /api/token/refresh/`: a refresh token gives a new access token, and its successor where it rotates.

use app::api::Refreshed;
use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use super::fields::Spaces;
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
    post_only(refresh, &ABOUT)
}

async fn refresh(
    State(state): State<AppState>,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Json<Refreshed>> {
    let Some(token) = fields.text("refresh", Spaces::Trim) else {
        return Err(fields.refusal());
    };
    Ok(Json(state.refresh(&token, &origin).await?))
}
