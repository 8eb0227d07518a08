//! `GET`, `PATCH` and `DELETE /api/sessions/{id}/`: one of the caller's sessions with its tokens, live or over; names its
//! device; signs out of the one that calls. Another one takes the password (`end.rs`).

use app::api::Family;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get};
use axum_extra::extract::CookieJar;
use serde_json::{Value, json};

use super::{Named, own};
use crate::api::body::Body;
use crate::api::endpoint::{About, for_users};
use crate::api::transport::CallersCookie;
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
    description: "One of the caller's sessions: GET shows its tokens, PATCH names its device, DELETE ends it, where it is the one that calls.",
    allow: "GET, HEAD, PATCH, DELETE, OPTIONS",
    fields: &[],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(get(show).delete(end).patch(name), &ABOUT)
}

/// A session that is over is shown, too: whoever asks is logged in by another one.
async fn show(
    caller: CurrentUser,
    Named(id): Named,
    State(state): State<AppState>,
) -> Result<Json<Family>> {
    match state.family(id).await? {
        Some((Some(owner), family)) if owner == caller.user.id => Ok(Json(family)),
        _ => Err(Error::NotFound),
    }
}

async fn end(
    caller: CurrentUser,
    Named(id): Named,
    State(state): State<AppState>,
    cookie: CallersCookie,
    origin: Origin,
) -> Result<(CookieJar, StatusCode)> {
    own(&state, &caller, id).await?;
    if caller.session != Some(id) {
        return Err(Error::field("password", TAKES_PASSWORD.to_owned()));
    }
    match state.end_own_session(id, &origin).await? {
        Ended::Now => {
            let cookies = cookie.taken_back_with(&state, Some(id));
            Ok((cookies, StatusCode::NO_CONTENT))
        }
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
