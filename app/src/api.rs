//! Request and response bodies of the JSON API, shared by the server, the browser and tests.
//! Shapes only: no rule, no I/O.

mod lab;
mod sessions;

use serde::{Deserialize, Serialize};

pub use lab::{Family, FamilyToken, Foreseen, TokenCheck, TokenReport};
pub use sessions::{
    CurrentSession, Notice, OwnSession, OwnSessions, SessionAddress, SessionDevice,
};

/// What `POST /api/token/` answers: the first two tokens of a new session.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TokenPair {
    /// The refresh token, in compact form (RFC 7515, section 3.1).
    pub refresh: String,
    /// The access token, in compact form.
    pub access: String,
}

/// What `POST /api/token/refresh/` answers.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Refreshed {
    /// The new access token.
    pub access: String,
    /// The successor of the presented refresh token; absent when tokens are not rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
}

/// What `POST /api/get-auth-token/` answers.
#[derive(Clone, Deserialize, Serialize)]
pub struct ApiToken {
    /// The user's API token: 40 lower-case hexadecimal digits.
    pub token: String,
}

/// One entry of `GET /api/users/`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ListedUser {
    /// The user's number.
    pub id: i64,
    /// The name the user logs in with.
    pub username: String,
    /// The e-mail address, empty where none is known.
    pub email: String,
}

/// The body of an error that concerns the whole request.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ErrorBody {
    /// A sentence for people.
    pub detail: String,
    /// A word for programs, such as [`TOKEN_NOT_VALID`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// The `code` of every answer that refuses a token.
pub const TOKEN_NOT_VALID: &str = "token_not_valid";

/// The response header that says why a session is over, on a `401` to a refresh: one of `logout`, `admin`,
/// `reuse`, `password`, `user_disabled`, `limit`, `expired`, `anomaly`. Only whoever holds a token of that session,
/// signed here, is told.
pub const SESSION_ENDED: &str = "jotward-session-ended";

/// The request header by which a client says where it wants its refresh token: `body`, `cookie`, or `session-cookie` for one that
/// the browser forgets when it is closed. A page of another site can not send it without being asked first (CORS), which is what keeps the cookie out of forged requests.
pub const REFRESH_TRANSPORT: &str = "jotward-refresh-transport";

/// The cookie of a refresh token over plain HTTP on one's own machine; elsewhere it has `__Secure-` before it.
pub const REFRESH_COOKIE: &str = "jotward-refresh";

/// What the lab calls itself when it opens a session (`client`), so that its user tells those from their own.
pub const LAB: &str = "The lab";

#[cfg(test)]
mod tests {
    use crate::client;

    #[test]
    fn the_client_and_the_api_use_the_same_names() {
        assert_eq!(client::TOKEN_NOT_VALID, super::TOKEN_NOT_VALID);
        assert_eq!(client::SESSION_ENDED, super::SESSION_ENDED);
        assert_eq!(client::REFRESH_TRANSPORT, super::REFRESH_TRANSPORT);
    }
}
