//! `/api/auth/`: says to a proxy, for each request it is to let through, whether it may, and who it is
//! (`docs/forward-auth.md`). Proxies ask with the method and the headers of the request they were sent, so every method
//! is answered, whatever the client accepts.

use std::fmt::Write;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use tower::util::MapResponseLayer;

use crate::auth::{Challenge, CurrentUser};
use crate::state::{AppState, Server};

/// The user's number.
const USER_ID: HeaderName = HeaderName::from_static("x-user-id");

/// The user's name, see [`encode`].
const USERNAME: HeaderName = HeaderName::from_static("x-username");

/// The session, where the credential belongs to one.
const SESSION_ID: HeaderName = HeaderName::from_static("x-session-id");

/// The endpoint.
pub fn endpoint(state: &Server) -> MethodRouter<AppState> {
    let challenge = Challenge::of(&state.settings);
    any(answer).layer(MapResponseLayer::new(move |answer| {
        challenge.add_to(answer)
    }))
}

async fn answer(caller: CurrentUser) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let session = caller.session.map(|id| id.to_string());
    let said = [
        (USER_ID, Some(caller.user.id.to_string())),
        (USERNAME, Some(encode(&caller.user.username))),
        (SESSION_ID, session),
    ];
    for (name, value) in said {
        let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
        response
            .headers_mut()
            .extend(value.map(|value| (name, value)));
    }
    response
}

/// A name as a header can carry it: UTF-8 in which each byte that is not a visible character of ASCII, and the percent
/// sign, is written as `%XX` (RFC 3986, section 2.1). Most names stay as they are, and two names never become one.
fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'%' => encoded.push_str("%25"),
            b'!'..=b'~' => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn names_in_a_header() {
        for (name, encoded) in [
            ("alice", "alice"),
            ("a@example.com", "a@example.com"),
            ("a b", "a%20b"),
            ("100%", "100%25"),
            ("Ålice", "%C3%85lice"),
            ("%41", "%2541"),
        ] {
            assert_eq!(encode(name), encoded);
        }
    }
}
