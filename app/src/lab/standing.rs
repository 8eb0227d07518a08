//! What became of a token by now, as the registry has it: one word, and how it looks.

use crate::api::FamilyToken;

/// What became of a token.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum Standing {
    /// It counts.
    Live,
    /// It was exchanged for its successor.
    Spent,
    /// It alone was revoked.
    Blacklisted,
    /// Its session has ended.
    Ended,
    /// Its time is over.
    Expired,
}

/// What became of `token` by `now`, in unix seconds of the server's clock.
pub fn standing(token: &FamilyToken, now: i64) -> Standing {
    match token.status.as_str() {
        "rotated" => Standing::Spent,
        "blacklisted" => Standing::Blacklisted,
        "ended" => Standing::Ended,
        "live" if token.expires_at > now => Standing::Live,
        _ => Standing::Expired,
    }
}

impl Standing {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Spent => "spent",
            Self::Blacklisted => "blacklisted",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }

    /// The class of its badge.
    pub fn badge(self) -> &'static str {
        match self {
            Self::Live => "badge badge--live",
            Self::Spent => "badge badge--rotated",
            Self::Blacklisted | Self::Ended => "badge badge--blacklisted",
            Self::Expired => "badge badge--expired",
        }
    }
}
