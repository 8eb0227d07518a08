//! The JSON API: one endpoint a file, each with and without the trailing slash.

mod accept;
mod authtoken;
mod blacklist;
mod body;
mod cors;
mod endpoint;
mod expire;
mod explain;
mod fields;
mod forward;
mod health;
mod jwks;
mod obtain;
mod password;
mod realworld;
mod refresh;
mod register;
mod sessions;
mod sliding;
mod transport;
mod users;
mod verify;

use axum::Router;
use axum::routing::{MethodRouter, get};
use tower::ServiceBuilder;

use crate::auth::Challenge;
use crate::state::AppState;
use accept::JsonOnly;
pub use body::Body;
pub(crate) use body::form_of;
pub use fields::{Fields, Spaces};

/// The longest body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Every route of the API.
pub fn router(state: &AppState) -> Router<AppState> {
    let mut api = Router::new();
    for (path, endpoint) in [
        ("/api/token", obtain::endpoint()),
        ("/api/token/refresh", refresh::endpoint()),
        ("/api/token/sliding", sliding::obtain_endpoint()),
        ("/api/token/sliding/refresh", sliding::refresh_endpoint()),
        ("/api/token/verify", verify::endpoint()),
        ("/api/token/blacklist", blacklist::endpoint()),
        ("/api/token/expire", expire::endpoint()),
        ("/api/token/explain", explain::endpoint()),
        ("/api/get-auth-token", authtoken::endpoint()),
        ("/api/password", password::endpoint()),
        ("/api/register", register::endpoint()),
    ] {
        api = with_and_without_slash(api, path, endpoint);
    }
    api = api
        .route("/api/users", users::endpoint(&users::LIST_AND_REGISTER))
        .route("/api/users/", users::endpoint(&users::LIST))
        .merge(sessions::router());
    let challenge = Challenge::of(&state.settings);
    let layers = ServiceBuilder::new()
        .map_response(move |response| challenge.add_to(response))
        .layer_fn(JsonOnly::new);
    let mut api = api
        .layer(layers)
        // What RealWorld's clients accept and how they are challenged is told in their own way.
        .merge(realworld::router());
    let origins = state.settings.cors_allowed_origins.as_ref();
    if let Some(cors) =
        origins.and_then(|origins| cors::layer(origins, &state.settings.auth_header_name))
    {
        api = api.layer(cors);
    }
    with_and_without_slash(api, "/api/auth", forward::endpoint(state))
        .route(jwks::PATH, get(jwks::publish))
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
