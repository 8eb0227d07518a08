//! `GET /.well-known/jwks.json`: the public keys other services verify our tokens with (RFC 7517). Empty while tokens are
//! signed with a secret.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use serde_json::Value;

use crate::state::AppState;

/// Where it is.
pub const PATH: &str = "/.well-known/jwks.json";

/// Who caches it for five minutes sees a new key in time, because tokens of the old one go on for as long as that.
pub async fn publish(
    State(state): State<AppState>,
) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    let cached = (CACHE_CONTROL, "public, max-age=300");
    ([cached], Json(state.keys.key_set()))
}
