//! What this client needs of SimpleJWT's API: four addresses, the shapes of their bodies, and three names.
//! Shapes only; what an answer means is said in `answer.rs`.

use serde::Serialize;

use super::json::Json;

/// Opens a session for a name and a password.
pub const OBTAIN: &str = "/api/token/";
/// Exchanges the refresh token.
pub const REFRESH: &str = "/api/token/refresh/";
/// Ends the session of a refresh token.
pub const BLACKLIST: &str = "/api/token/blacklist/";

/// The `code` of every answer that refuses a token.
pub const TOKEN_NOT_VALID: &str = "token_not_valid";
/// The response header that says why a session is over. A server that does not send it is understood all the same.
pub const SESSION_ENDED: &str = "jotward-session-ended";
/// The request header that asks for the refresh token to travel in a cookie.
pub const REFRESH_TRANSPORT: &str = "jotward-refresh-transport";
/// The value of [`REFRESH_TRANSPORT`] for a cookie that is kept for as long as the token lives.
pub const COOKIE: &str = "cookie";
/// The value for one that is kept until the browser is closed.
pub const SESSION_COOKIE: &str = "session-cookie";

/// What a login or a refresh answers. It has no `Debug`: tokens belong into no log.
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token; none where it comes in a cookie, or where a refresh does not rotate it.
    pub refresh: Option<String>,
}

impl Tokens {
    /// Those in the body of an answer; `None` if there is no access token in it.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        let json = Json::read(body);
        Some(Self {
            access: json.text("access")?.to_owned(),
            refresh: json.text("refresh").map(str::to_owned),
        })
    }
}

/// The body of a login.
#[derive(Serialize)]
pub struct Credentials<'a> {
    /// Who.
    pub username: &'a str,
    /// The proof of it.
    pub password: &'a str,
    /// How long access tokens shall live at most, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_lifetime: Option<u32>,
    /// What the client calls itself, for its user to find its sessions by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<&'a str>,
}

/// The body of a refresh and of a logout. An empty object means the token in the cookie.
#[derive(Serialize)]
pub struct Presented<'a> {
    /// The refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<&'a str>,
    /// See [`Credentials::access_lifetime`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_lifetime: Option<u32>,
}
