//! `POST /api/sessions/end-others/`: the caller is logged out everywhere else, for their password (OWASP ASVS 5.0, 7.5.2).

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, post};
use serde_json::{Value, json};

use super::wrong_password;
use crate::api::body::Body;
use crate::api::endpoint::{About, POST_ONLY, for_users};
use crate::api::fields::Spaces;
use crate::auth::CurrentUser;
use crate::error::Result;
use crate::state::AppState;
use crate::store::Origin;

const ABOUT: About = About {
    name: "End Other Sessions",
    description: "Ends all sessions of the caller but this one; answers how many that were.",
    allow: POST_ONLY,
    fields: &["password"],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(post(end_others), &ABOUT)
}

async fn end_others(
    caller: CurrentUser,
    State(state): State<AppState>,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Json<Value>> {
    let Some(password) = fields.text("password", Spaces::Keep) else {
        return Err(fields.refusal());
    };
    let ended = state
        .end_other_sessions(&caller.user, caller.session, password.into(), &origin)
        .await
        .map_err(|error| wrong_password(error, "password"))?;
    Ok(Json(json!({"ended": ended})))
}
