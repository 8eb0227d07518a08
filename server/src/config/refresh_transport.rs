//! How refresh tokens may travel.

/// How refresh tokens are handed out, and taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum RefreshTransport {
    /// In bodies only, as SimpleJWT does.
    Body,
    /// In a cookie only.
    Cookie,
    /// As each client asks; in bodies for who does not.
    Both,
}

impl RefreshTransport {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Cookie => "cookie",
            Self::Both => "both",
        }
    }

    /// Whether a refresh token may be in a body.
    #[must_use]
    pub fn is_body_allowed(self) -> bool {
        match self {
            Self::Body | Self::Both => true,
            Self::Cookie => false,
        }
    }
}
