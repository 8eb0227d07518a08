//! `POST /api/token/blacklist/`: logs out. Possession of the refresh token is the proof.

use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;
use serde_json::{Map, Value};

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use super::fields::Spaces;
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
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Json<Map<String, Value>>> {
    let Some(token) = fields.text("refresh", Spaces::Trim) else {
        return Err(fields.refusal());
    };
    state.log_out(&token, &origin).await?;
    Ok(Json(Map::new()))
}
