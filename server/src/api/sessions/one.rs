//! `PATCH` and `DELETE /api/sessions/{id}/`: names the device of one of the caller's sessions; signs out of the one
//! that calls. Another one takes the password (`end.rs`).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, delete};
use serde_json::{Value, json};

use super::{Named, own};
use crate::api::body::Body;
use crate::api::endpoint::{About, for_users};
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::lifecycle::Ended;
use crate::state::AppState;
use crate::store::Origin;

/// The longest name of a device, in characters.
const MAX_NAME: usize = 64;

const TAKES_PASSWORD: &str =
    "Another session is ended for your password: POST both to /api/sessions/end/.";

const ABOUT: About = About {
    name: "Session",
    description: "One of the caller's sessions: PATCH names its device, DELETE ends it, where it is the one that calls.",
    allow: "PATCH, DELETE, OPTIONS",
    fields: &[],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(delete(end).patch(name), &ABOUT)
}

async fn end(
    caller: CurrentUser,
    Named(id): Named,
    State(state): State<AppState>,
    origin: Origin,
) -> Result<StatusCode> {
    own(&state, &caller, id).await?;
    if caller.session != Some(id) {
        return Err(Error::field("password", TAKES_PASSWORD.to_owned()));
    }
    match state.end_own_session(id, &origin).await? {
        Ended::Now => Ok(StatusCode::NO_CONTENT),
        Ended::Before => Err(Error::NotFound),
    }
}

async fn name(
    caller: CurrentUser,
    Named(id): Named,
    State(state): State<AppState>,
    Body(mut fields): Body,
) -> Result<Json<Value>> {
    own(&state, &caller, id).await?;
    let Some(name) = fields.label("device_name", MAX_NAME) else {
        return Err(fields.refusal());
    };
    let (user, given) = (caller.user.user_id(), name.clone());
    let named = state
        .store
        .write(move |tx| Box::pin(async move { tx.name_device(user, id, &given).await }));
    if named.await.map_err(Error::from)? {
        Ok(Json(json!({"device_name": name})))
    } else {
        let sentence = "The device of this session is not known.";
        Err(Error::field("device_name", sentence.to_owned()))
    }
}
