//! What users see of their own sessions. Times are unix seconds; a text that is not known is empty.

mod read;

use serde::{Deserialize, Serialize};

/// What `GET /api/sessions/` answers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct OwnSessions {
    /// The live ones: the one that asks first, then by when they were last seen.
    pub sessions: Vec<OwnSession>,
    /// What happened in none of them, latest first: in one that is over, or to the account.
    pub notices: Vec<Notice>,
}

/// What `GET /api/sessions/current/` answers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CurrentSession {
    /// Its id.
    pub id: String,
    /// In how many seconds it is over however often it is refreshed.
    pub ends_in: i64,
}

/// One of the caller's live sessions.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct OwnSession {
    /// Its id.
    pub id: String,
    /// It is the one that asks.
    pub current: bool,
    /// What it was opened on.
    pub device: SessionDevice,
    /// When it was opened.
    pub opened_at: i64,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: i64,
    /// The address its latest token was issued to.
    pub ip: String,
    /// That address's network.
    pub network: String,
    /// The program its latest token was issued to.
    pub user_agent: String,
    /// What the client that opened it calls itself: the optional `client` of `POST /api/token/`.
    pub client: String,
    /// When it is over unless it is refreshed before.
    pub expires_at: i64,
    /// When it is over however often it is refreshed.
    pub ends_at: i64,
    /// From where it was used, latest first: one entry a network.
    pub addresses: Vec<SessionAddress>,
    /// What happened in it, latest first.
    pub notices: Vec<Notice>,
}

/// A device.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SessionDevice {
    /// Its id; none where no device could be told.
    pub id: Option<String>,
    /// The user's own word for it.
    pub name: String,
    /// Its browser.
    pub browser: String,
    /// The browser's version, as it was told at the latest login.
    pub browser_version: String,
    /// Its operating system.
    pub os: String,
    /// `desktop`, `phone`, `tablet`, `tv`, `bot`, `program` or `unknown`.
    pub kind: String,
}

/// A network a session was used from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SessionAddress {
    /// The network.
    pub network: String,
    /// The latest address in it.
    pub ip: String,
    /// Two letters (ISO 3166-1).
    pub country: String,
    /// Since when.
    pub first_seen_at: i64,
    /// Until when.
    pub last_seen_at: i64,
}

/// Something a user is to know.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Notice {
    /// When it happened.
    pub at: i64,
    /// What: a name of the OWASP logging vocabulary, or one in its manner.
    pub kind: String,
    /// The session it concerns.
    pub session: Option<String>,
    /// Where it came from.
    pub ip: String,
    /// The program it came from.
    pub user_agent: String,
    /// What else there is to say.
    pub detail: String,
    /// What the client of that session calls itself; empty where it does not say, and where that is not known any more.
    pub client: String,
}
