//! Every 401 says how to do better (RFC 9110, section 11.6.1).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::config::Settings;

/// The header `WWW-Authenticate` of refusals.
#[derive(Clone, Debug)]
pub struct Challenge(HeaderValue);

impl Challenge {
    /// Names the first of the schemes in `AUTH_HEADER_TYPES`, as SimpleJWT does.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let scheme = settings.auth_header_types.first();
        let named = scheme
            .and_then(|scheme| HeaderValue::from_str(&format!("{scheme} realm=\"api\"")).ok());
        Self(named.unwrap_or(HeaderValue::from_static("Bearer realm=\"api\"")))
    }

    /// Adds it to an answer that is a 401.
    #[must_use]
    pub fn add_to(&self, mut response: Response) -> Response {
        if response.status() == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, self.0.clone());
        }
        response
    }
}
