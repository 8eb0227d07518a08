//! `POST /api/token/verify/`: says whether a token holds, revocation included.

use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;
use serde_json::{Map, Value};

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use super::fields::Spaces;
use crate::error::Result;
use crate::state::AppState;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Verify",
        description: "Says whether a token of any type is valid now and was not revoked.",
        allow: POST_ONLY,
        fields: &["token"],
    };
    post_only(verify, &ABOUT)
}

async fn verify(
    State(state): State<AppState>,
    Body(mut fields): Body,
) -> Result<Json<Map<String, Value>>> {
    let Some(token) = fields.text("token", Spaces::Trim) else {
        return Err(fields.refusal());
    };
    state.verify(&token).await?;
    Ok(Json(Map::new()))
}
