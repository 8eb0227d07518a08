//! `POST /api/users/login`: an e-mail address and a password open a session.

use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, post};
use serde_json::Value;

use super::refusal::Refusal;
use super::sent::Sent;
use super::{described, shown};
use crate::api::endpoint::{About, POST_ONLY};
use crate::error::Error;
use crate::state::AppState;
use crate::store::Origin;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "User Login",
        description: "Opens a session for an e-mail address and a password; answers the user with its token.",
        allow: POST_ONLY,
        fields: &[],
    };
    described(post(log_in), &ABOUT)
}

async fn log_in(
    State(state): State<AppState>,
    origin: Origin,
    mut sent: Sent,
) -> Result<Json<Value>, Refusal> {
    let (email, password) = (sent.trimmed("email"), sent.text("password"));
    let (Some(email), Some(password)) = (email, password) else {
        return Err(sent.refusal());
    };
    if email.contains('\0') {
        return Err(Refusal::Credentials);
    }
    let (user, token) = state.log_in_alone(&email, password.into(), &origin).await?;
    let profile = state.store.profile(user.user_id()).await?;
    let profile = profile.ok_or(Error::NoActiveAccount)?;
    Ok(Json(shown(&profile, &token)))
}
