//! The JSON API: one endpoint a file, each with and without the trailing slash.

mod accept;
mod blacklist;
mod body;
mod challenge;
mod endpoint;
mod expire;
mod fields;
mod health;
mod obtain;
mod refresh;
mod users;
mod verify;

use axum::Router;
use axum::routing::{MethodRouter, get};
use tower::ServiceBuilder;

use crate::state::AppState;
use accept::JsonOnly;
pub use body::Body;
pub use fields::{Fields, Spaces};

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Every route of the API.
pub fn router(state: &AppState) -> Router<AppState> {
    let mut api = Router::new();
    for (path, endpoint) in [
        ("/api/token", obtain::endpoint()),
        ("/api/token/refresh", refresh::endpoint()),
        ("/api/token/verify", verify::endpoint()),
        ("/api/token/blacklist", blacklist::endpoint()),
        ("/api/token/expire", expire::endpoint()),
        ("/api/users", users::endpoint()),
    ] {
        api = with_and_without_slash(api, path, endpoint);
    }
    let layers = ServiceBuilder::new()
        .map_response(challenge::naming_scheme(&state.settings))
        .layer_fn(JsonOnly::new);
    api.layer(layers)
        .route("/healthz", get(health::alive))
        .route("/healthz/", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/readyz/", get(health::ready))
}

fn with_and_without_slash(
    router: Router<AppState>,
    path: &str,
    endpoint: MethodRouter<AppState>,
) -> Router<AppState> {
    router
        .route(path, endpoint.clone())
        .route(&format!("{path}/"), endpoint)
}
