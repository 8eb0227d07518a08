//! Every 401 of the API says how to do better (RFC 9110, section 11.6.1).

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::state::AppState;

/// Names the first of the schemes in `AUTH_HEADER_TYPES`, as SimpleJWT does.
pub async fn name_scheme(State(state): State<AppState>, mut response: Response) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let scheme = state
            .settings
            .auth_header_types
            .first()
            .map_or("Bearer", String::as_str);
        if let Ok(challenge) = HeaderValue::from_str(&format!("{scheme} realm=\"api\"")) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    response
}
