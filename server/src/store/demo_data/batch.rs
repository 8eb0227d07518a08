//! What a made-up past consists of. A row is what the server would have left behind, not what it was given.

use crate::clock::UnixSeconds;
use crate::device::Description;
use crate::event::Event;
use crate::session::{EndReason, Trail};
use crate::store::{ApiTokenRow, NewToken, Origin, Revocation, Seen};
use crate::token::{Generation, SessionId, UserId};

/// Rows that are put on record together.
#[derive(Debug, Default)]
pub struct Batch {
    /// Users, in the order of their numbers.
    pub users: Vec<PastUser>,
    /// What they open sessions on.
    pub devices: Vec<PastDevice>,
    /// From where they logged in: whose, a mark of the throttle, the first and the last login.
    pub known_devices: Vec<(UserId, String, UnixSeconds, UnixSeconds)>,
    /// API tokens: whose, what is kept of it, when it was made and last used.
    pub api_tokens: Vec<(UserId, ApiTokenRow, UnixSeconds, Option<UnixSeconds>)>,
    /// Sessions.
    pub sessions: Vec<PastSession>,
    /// From where they were used, and since when.
    pub addresses: Vec<(Seen, UnixSeconds)>,
    /// Tokens.
    pub tokens: Vec<PastToken>,
    /// Which of them must not be used again.
    pub blacklisted: Vec<PastBlacklisting>,
    /// Events, each with its number.
    pub events: Vec<(i64, Event)>,
    /// What verification must refuse.
    pub revocations: Vec<Revocation>,
}

/// A user.
#[derive(Debug)]
pub struct PastUser {
    /// Their number.
    pub id: UserId,
    /// Their name.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// A hash, or what no hash can be.
    pub password: String,
    /// A mark of their password, empty until it is first changed.
    pub password_mark: String,
    /// May log in.
    pub is_active: bool,
    /// May see the admin.
    pub is_staff: bool,
    /// When they were added.
    pub date_joined: UnixSeconds,
    /// When all their sessions were last ended; nought for never.
    pub tokens_valid_after: UnixSeconds,
}

/// A device.
#[derive(Debug)]
pub struct PastDevice {
    /// A `UUIDv7`.
    pub id: String,
    /// Whose.
    pub user: UserId,
    /// As it was last seen.
    pub description: Description,
    /// What its user calls it; empty where they do not.
    pub name: String,
    /// The first login on it.
    pub first_seen_at: UnixSeconds,
    /// The last.
    pub last_seen_at: UnixSeconds,
}

/// A session, as all that happened to it left it.
#[derive(Debug)]
pub struct PastSession {
    /// Its id.
    pub id: SessionId,
    /// Whose; `None` when that user was deleted.
    pub user: Option<UserId>,
    /// On which device; `None` likewise.
    pub device: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// When it was last used.
    pub last_seen_at: UnixSeconds,
    /// The current generation.
    pub generation: Generation,
    /// When that began.
    pub rotated_at: UnixSeconds,
    /// The mark of the device that began it; empty at the first.
    pub rotated_by: String,
    /// The latest generation that was seen in use.
    pub received: Generation,
    /// How often a spent token was answered again.
    pub replays: i64,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// The latest expiry among its tokens.
    pub tokens_expire_at: UnixSeconds,
    /// The latest expiry among its access tokens; nought in a session of the admin.
    pub access_expires_at: UnixSeconds,
    /// When who is in it last gave their password, in a session of the admin; else nought.
    pub confirmed_at: UnixSeconds,
    /// The address of the last refresh.
    pub ip: String,
    /// The way it came there.
    pub trail: Trail,
    /// When and why it ended, by whom, and their words for it.
    pub end: Option<(UnixSeconds, EndReason, Option<String>, Option<String>)>,
}

/// A token, and where the request came from that it was issued to.
#[derive(Debug)]
pub struct PastToken {
    /// The token.
    pub token: NewToken,
    /// From where.
    pub origin: Origin,
}

/// A token that must not be used again.
#[derive(Debug)]
pub struct PastBlacklisting {
    /// Which.
    pub token: i64,
    /// Since when.
    pub at: UnixSeconds,
    /// Why.
    pub reason: &'static str,
    /// By whom.
    pub actor: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
}
