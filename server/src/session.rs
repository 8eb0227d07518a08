//! The rules of a session: what a presented refresh token leads to.
//! Pure decisions over rows: no I/O, no clock of its own. Who applies a decision does so in one transaction.

mod anomaly;
mod device;
mod refresh;
mod tree;

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::token::{Generation, SessionId, UserId};
pub use anomaly::{Binding, Country, Followed, Place, Policy, Trail, Travel, TravelRules};
pub use device::Device;
pub use refresh::{Decision, Grace, Presented, Refusal, Reuse, Rules, decide};
pub use tree::{Branch, TokenState, Tree, TreeToken};

/// Why a session ended. The word of each is part of the HTTP and database contracts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Its user logged out.
    Logout,
    /// An admin ended it.
    Admin,
    /// A spent refresh token was presented again: theft is assumed (RFC 9700, section 4.14.2).
    Reuse,
    /// The password was changed.
    Password,
    /// The user was deactivated or deleted.
    UserDisabled,
    /// Its user logged in elsewhere, and `SESSIONS_PER_USER` allows no more.
    Limit,
    /// It reached its absolute end.
    Expired,
    /// It behaved as its owner would not.
    Anomaly,
}

impl EndReason {
    /// Every reason there is.
    pub const ALL: [Self; 8] = [
        Self::Logout,
        Self::Admin,
        Self::Reuse,
        Self::Password,
        Self::UserDisabled,
        Self::Limit,
        Self::Expired,
        Self::Anomaly,
    ];

    /// The reason as one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Admin => "admin",
            Self::Reuse => "reuse",
            Self::Password => "password",
            Self::UserDisabled => "user_disabled",
            Self::Limit => "limit",
            Self::Expired => "expired",
            Self::Anomaly => "anomaly",
        }
    }

    /// The reason as people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Logout => "signed out",
            Self::Admin => "by an admin",
            Self::Reuse => "token used twice",
            Self::Password => "password changed",
            Self::UserDisabled => "user shut out",
            Self::Limit => "too many sessions",
            Self::Expired => "expired",
            Self::Anomaly => "unusual use",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Whether a session goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// Its current refresh token may be used.
    Live,
    /// Nothing of it may be used any more, and nothing brings it back.
    Ended {
        /// Since when.
        at: UnixSeconds,
        /// Why.
        reason: EndReason,
    },
}

/// What the rules need to know of a session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is; `None` when that user was deleted.
    pub user_id: Option<UserId>,
    /// Whether it goes on.
    pub phase: Phase,
    /// The generation of its current refresh token.
    pub generation: Generation,
    /// How that generation began.
    pub rotation: Rotation,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// Where it was refreshed from.
    pub trail: Trail,
}

/// How the current generation of a session began, and what became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rotation {
    /// When its rotation was committed.
    pub at: UnixSeconds,
    /// The device that asked for it.
    pub by: Device,
    /// An access token of this generation was seen in use: the answer arrived.
    pub received: bool,
}
