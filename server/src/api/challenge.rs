//! Every 401 of the API says how to do better (RFC 9110, section 11.6.1).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::config::Settings;

/// Names the first of the schemes in `AUTH_HEADER_TYPES`, as SimpleJWT does.
pub fn naming_scheme(settings: &Settings) -> impl Fn(Response) -> Response + Clone + use<> {
    let scheme = settings.auth_header_types.first();
    let scheme = scheme.map_or("Bearer", String::as_str);
    let challenge = HeaderValue::from_str(&format!("{scheme} realm=\"api\"")).ok();
    move |mut response| {
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(challenge) = &challenge
        {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, challenge.clone());
        }
        response
    }
}
