//! What a client says it wants, in the header of [`REFRESH_TRANSPORT`], and what the operator allows.

use app::api::REFRESH_TRANSPORT;
use axum::http::HeaderMap;

use crate::config::RefreshTransport;
use crate::cookie::Kept;
use crate::error::{Error, Result};

/// What a client says it wants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asked {
    /// Nothing, as a client of SimpleJWT's.
    Nothing,
    /// The token in the body.
    Body,
    /// The token in a cookie. No form can say so, and a page of another site not without being asked first (Fetch, CORS
    /// protocol), which the API denies.
    Cookie,
    /// The same, and the browser shall keep it until it is closed and no longer.
    SessionCookie,
}

impl Asked {
    /// Reads the header.
    ///
    /// # Errors
    /// [`Error::Malformed`] for what is no transport.
    pub fn read(headers: &HeaderMap) -> Result<Self> {
        let Some(value) = headers.get(REFRESH_TRANSPORT) else {
            return Ok(Self::Nothing);
        };
        match value.as_bytes() {
            b"body" => Ok(Self::Body),
            b"cookie" => Ok(Self::Cookie),
            b"session-cookie" => Ok(Self::SessionCookie),
            _ => Err(wrong(" says body, cookie or session-cookie.")),
        }
    }

    /// Whether a cookie is asked for in so many words.
    #[must_use]
    pub fn names_cookie(self) -> bool {
        match self {
            Self::Cookie | Self::SessionCookie => true,
            Self::Nothing | Self::Body => false,
        }
    }

    /// How long a browser shall keep the cookie of a token that lives for so many seconds.
    #[must_use]
    pub fn kept(self, life: i64) -> Kept {
        match self {
            Self::SessionCookie => Kept::UntilClosed,
            Self::Nothing | Self::Body | Self::Cookie => Kept::For(life),
        }
    }

    /// Whether the token travels in a cookie.
    ///
    /// # Errors
    /// [`Error::Malformed`] where that is asked for which the operator does not allow.
    pub fn is_cookie(self, allowed: RefreshTransport) -> Result<bool> {
        match (allowed, self) {
            (RefreshTransport::Body | RefreshTransport::Both, Self::Nothing | Self::Body) => {
                Ok(false)
            }
            (RefreshTransport::Both, Self::Cookie | Self::SessionCookie)
            | (RefreshTransport::Cookie, Self::Nothing | Self::Cookie | Self::SessionCookie) => {
                Ok(true)
            }
            (RefreshTransport::Body, Self::Cookie | Self::SessionCookie) => Err(wrong(
                ": refresh tokens are not handed out in a cookie here.",
            )),
            (RefreshTransport::Cookie, Self::Body) => Err(wrong(
                ": refresh tokens are handed out in a cookie only here.",
            )),
        }
    }
}

fn wrong(words: &str) -> Error {
    Error::Malformed(["The header ", REFRESH_TRANSPORT, words].concat())
}
