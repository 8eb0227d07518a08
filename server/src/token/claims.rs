//! The words a token is made of, as types. A value of these types has been checked already.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::{Builder, NoContext, Timestamp, Uuid};

use crate::clock::UnixSeconds;

/// The claim `jti`: a token's own name. 32 lower-case hexadecimal digits when issued here; a foreign token's may
/// be any text of 1 to 255 characters without NUL.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Jti(String);

impl Jti {
    /// The longest name accepted, in characters (the width of SimpleJWT's column).
    pub const MAX_CHARS: usize = 255;

    /// A fresh name for a token issued at `now`: 74 random bits behind the second, so that names which are issued
    /// together stand together in the index of a large registry. Nobody has to guess one: it stands in the token.
    #[must_use]
    pub fn at(now: UnixSeconds) -> Self {
        Self(uuid_v7(now).simple().to_string())
    }

    /// The name of a token issued at `now`, with these bits where a fresh one has random ones.
    #[must_use]
    pub fn made_of(now: UnixSeconds, bits: [u8; 10]) -> Self {
        Self(uuid_v7_of(now, bits).simple().to_string())
    }

    /// Takes a name over from a token; `None` when no database column could hold it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            !text.is_empty() && !text.contains('\0') && text.chars().count() <= Self::MAX_CHARS;
        fits.then(|| Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The claim `sid`: the session a token descends from. A `UUIDv7`, so that sessions sort by the second of their opening.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SessionId(Uuid);

impl SessionId {
    /// A fresh id for a session opened at `now`.
    #[must_use]
    pub fn at(now: UnixSeconds) -> Self {
        Self(uuid_v7(now))
    }

    /// The id of a session opened at `now`, with these bits where a fresh one has random ones.
    #[must_use]
    pub fn made_of(now: UnixSeconds, bits: [u8; 10]) -> Self {
        Self(uuid_v7_of(now, bits))
    }

    /// The lowest id that a session opened at `at` could have: ids carry their time.
    #[must_use]
    pub fn since(at: UnixSeconds) -> Self {
        let millis = u128::from(
            u64::try_from(at)
                .unwrap_or_default()
                .saturating_mul(1000)
                .min((1 << 48) - 1),
        );
        Self(Uuid::from_u128(millis << 80))
    }

    /// Reads an id in its canonical form of 36 characters; `None` for every other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = Uuid::try_parse(text).ok()?;
        let is_canonical = *id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == *text;
        is_canonical.then_some(Self(id))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn uuid_v7(now: UnixSeconds) -> Uuid {
    let seconds = u64::try_from(now).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0))
}

fn uuid_v7_of(now: UnixSeconds, bits: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now).unwrap_or_default().saturating_mul(1000);
    Builder::from_unix_timestamp_millis(millis, &bits).into_uuid()
}

/// The claim `gen`: how often the session's refresh token had been rotated when the token was issued.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Generation(pub i64);

impl Generation {
    /// The generation of the tokens a login issues.
    pub const FIRST: Self = Self(0);

    /// The generation a rotation leads to.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The claim `user_id`. Written as a string, as SimpleJWT 5.5 does; read as a string or an integer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct UserId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The claim `token_type`: what a token may be used for. One kind is never accepted in place of another
/// (RFC 8725, section 3.11).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// Presented with every call of the API; short-lived.
    Access,
    /// Exchanged for new tokens; presented to the token endpoints only.
    Refresh,
    /// Both in one: presented with every call, and exchanged for itself with a later end.
    Sliding,
    /// Kept in the cookie of the admin's pages; the API refuses it.
    Admin,
}

impl TokenType {
    /// Every kind there is.
    pub const ALL: [Self; 4] = [Self::Access, Self::Refresh, Self::Sliding, Self::Admin];

    /// The value of the claim.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
            Self::Admin => "admin",
        }
    }

    /// Reads the value of the claim.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The name of SimpleJWT's class for it, which stands in refusals.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Access => "AccessToken",
            Self::Refresh => "RefreshToken",
            Self::Sliding => "SlidingToken",
            Self::Admin => "AdminToken",
        }
    }
}

/// What a verified token says: signature, times and type were found good.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// The token's name.
    pub jti: Jti,
    /// When the token stops being valid.
    pub exp: UnixSeconds,
    /// When it was issued, where it says so.
    pub iat: Option<UnixSeconds>,
    /// The user it speaks for; `None` when the claim is absent or names nobody in the form used here.
    pub user_id: Option<UserId>,
    /// Its session and generation; `None` for a token that was not issued here.
    pub session: Option<(SessionId, Generation)>,
    /// Until when a sliding token can be exchanged for itself.
    pub refresh_exp: Option<UnixSeconds>,
    /// The mark its user's password had (`CHECK_REVOKE_TOKEN`).
    pub password_mark: Option<String>,
}

impl Claims {
    /// Whether the token was issued at `cut_off` or before, or does not say when. A cut-off of 0 concerns nobody.
    #[must_use]
    pub fn is_older_than(&self, cut_off: UnixSeconds) -> bool {
        cut_off > 0 && self.iat.is_none_or(|iat| iat <= cut_off)
    }
}
