//! What the lab asks for beyond what every client does: the family of one's own session as it is on record, and what a
//! token in hand is good for. Times are unix seconds; a text that is not known is empty.

use serde::{Deserialize, Serialize};

use super::Notice;

/// What `GET /api/sessions/{id}/` answers: one of the caller's sessions, live or over, and every token that descends from
/// its login.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Family {
    /// The session's id.
    pub id: String,
    /// `live`, `ended` or `expired`.
    pub state: String,
    /// How often its refresh token was rotated.
    pub generation: i64,
    /// When it was opened.
    pub opened_at: i64,
    /// When its generation began.
    pub rotated_at: i64,
    /// How often a spent refresh token was answered with its successor again.
    pub replays: i64,
    /// When it is over however often it is refreshed.
    pub ends_at: i64,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// Why it was ended: a word of [`super::SESSION_ENDED`]; empty while it was not.
    pub end_reason: String,
    /// The server's clock when it answered.
    pub now: i64,
    /// Its tokens in the order of their issue; the newest two hundred.
    pub tokens: Vec<FamilyToken>,
    /// What happened in it, latest first.
    pub events: Vec<Notice>,
}

/// A token of a session, as it is on record. The token itself is not.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FamilyToken {
    /// Its name, the claim `jti`.
    pub jti: String,
    /// `access`, `refresh` or `sliding`.
    pub token_type: String,
    /// Its generation.
    pub generation: i64,
    /// The name of the refresh token it was issued for.
    pub parent: Option<String>,
    /// When it was issued.
    pub issued_at: i64,
    /// When it stops being valid.
    pub expires_at: i64,
    /// `live`, `rotated`, `blacklisted`, `ended` (its session is over) or `expired`.
    pub status: String,
    /// When it was blacklisted.
    pub blacklisted_at: Option<i64>,
    /// Why it was blacklisted; empty while it was not.
    pub reason: String,
}

/// What `POST /api/token/explain/` answers about the token in its body. Nothing is used up, ended or written down by asking.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TokenReport {
    /// The checks of verification in their order, up to and including the first that fails.
    pub checks: Vec<TokenCheck>,
    /// What `POST /api/token/verify/` would answer.
    pub verify: Foreseen,
    /// What a request would be answered that brings it as its bearer token.
    pub bearer: Foreseen,
    /// What `POST /api/token/refresh/` would answer.
    pub refresh: Foreseen,
    /// For how many more seconds a service that knows only the key would accept it as an access token, as every service does
    /// where `IMMEDIATE_REVOCATION` is off; zero if it would not.
    pub stateless: i64,
}

/// A check, and what came of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TokenCheck {
    /// What is looked at: `parts`, `header`, `signature`, `payload`, or the name of a claim.
    pub name: String,
    /// Whether it was passed.
    pub passed: bool,
    /// What is wrong, in a sentence; empty where nothing is.
    pub why: String,
}

/// An answer that was not given, but would be.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Foreseen {
    /// Its status.
    pub status: u16,
    /// Its `detail`; what it would do, where it would succeed or end the session.
    pub detail: String,
}
