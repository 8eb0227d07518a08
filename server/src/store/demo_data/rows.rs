//! The rows of each table, cell by cell, in the order of the columns beside them.

use super::super::users::fold;
use super::{PastBlacklisting, PastDevice, PastSession, PastToken, PastUser};
use crate::clock::UnixSeconds;
use crate::event::Event;
use crate::network::Network;
use crate::store::{ApiTokenRow, Revocation, Seen};
use crate::token::UserId;

/// What stands in one column of one row.
pub enum Cell {
    Nothing,
    Number(i64),
    Truth(bool),
    Text(String),
    Word(&'static str),
}

/// A row of a table.
pub trait Row {
    /// The table and its columns.
    const INTO: &'static str;

    /// What stands in them.
    fn cells(self) -> Vec<Cell>;
}

impl Cell {
    /// Writes it as `copy` reads it.
    pub fn write(&self, line: &mut String) {
        match self {
            Self::Nothing => line.push_str(r"\N"),
            Self::Number(number) => line.push_str(&number.to_string()),
            Self::Truth(truth) => line.push(if *truth { 't' } else { 'f' }),
            Self::Word(word) => escape(word, line),
            Self::Text(text) => escape(text, line),
        }
    }
}

fn escape(text: &str, line: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str(r"\\"),
            '\t' => line.push_str(r"\t"),
            '\n' => line.push_str(r"\n"),
            '\r' => line.push_str(r"\r"),
            c => line.push(c),
        }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&'static str> for Cell {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// Cells of whatever can be one.
macro_rules! cells {
    ($($value:expr),+ $(,)?) => { vec![$(Cell::from($value)),+] };
}

impl Row for PastUser {
    const INTO: &'static str = "users (id, username, username_folded, email, email_folded, password, password_mark, \
                                is_active, is_staff, is_superuser, date_joined, tokens_valid_after)";

    fn cells(self) -> Vec<Cell> {
        cells![
            self.id.0,
            self.username.clone(),
            fold(&self.username),
            self.email.clone(),
            fold(&self.email),
            self.password,
            self.password_mark,
            self.is_active,
            self.is_staff,
            false,
            self.date_joined,
            self.tokens_valid_after,
        ]
    }
}

impl Row for PastDevice {
    const INTO: &'static str = "devices (id, user_id, mark, name, browser, browser_version, os, os_version, model, kind, \
                                first_seen_at, last_seen_at)";

    fn cells(self) -> Vec<Cell> {
        let device = self.description;
        cells![
            self.id,
            self.user.0,
            device.mark().to_owned(),
            self.name,
            device.browser,
            device.browser_version,
            device.os,
            device.os_version,
            device.model,
            device.kind.as_str(),
            self.first_seen_at,
            self.last_seen_at,
        ]
    }
}

impl Row for (UserId, String, UnixSeconds, UnixSeconds) {
    const INTO: &'static str = "known_devices (user_id, mark, first_seen_at, last_seen_at)";

    fn cells(self) -> Vec<Cell> {
        cells![self.0.0, self.1, self.2, self.3]
    }
}

impl Row for (UserId, ApiTokenRow, UnixSeconds, Option<UnixSeconds>) {
    const INTO: &'static str = "api_tokens (user_id, salt, sha256, created_at, last_used_at)";

    fn cells(self) -> Vec<Cell> {
        let (user, kept, created_at, last_used_at) = self;
        cells![user.0, kept.salt, kept.sha256, created_at, last_used_at]
    }
}

impl Row for PastSession {
    const INTO: &'static str = "sessions (id, user_id, device_id, opened_at, last_seen_at, generation, rotated_at, \
                                rotated_by, received_generation, replays, expires_at, tokens_expire_at, \
                                access_expires_at, confirmed_at, ip, network, network_at, moved_from, moved_at, moves, \
                                ended_at, end_reason, ended_by, end_note)";

    fn cells(self) -> Vec<Cell> {
        let (ended_at, reason, by, note) = match self.end {
            Some((at, reason, by, note)) => (Some(at), Some(reason.as_str()), by, note),
            None => (None, None, None, None),
        };
        cells![
            self.id.to_string(),
            self.user.map(|user| user.0),
            self.device,
            self.opened_at,
            self.last_seen_at,
            self.generation.0,
            self.rotated_at,
            self.rotated_by,
            self.received.0,
            self.replays,
            self.expires_at,
            self.tokens_expire_at,
            self.access_expires_at,
            self.confirmed_at,
            self.ip,
            self.trail.network.to_string(),
            self.trail.at,
            self.trail.moved_from.to_string(),
            self.trail.moved_at,
            self.trail.moves,
            ended_at,
            reason,
            by,
            note,
        ]
    }
}

impl Row for (Seen, UnixSeconds) {
    const INTO: &'static str = "session_addresses (session_id, network, network_number, ip, country, first_seen_at, \
                                last_seen_at)";

    fn cells(self) -> Vec<Cell> {
        let (seen, first_seen_at) = self;
        let number = Network::parse(&seen.network).number();
        cells![
            seen.session.to_string(),
            seen.network,
            number,
            seen.ip,
            seen.country,
            first_seen_at,
            seen.at,
        ]
    }
}

impl Row for PastToken {
    const INTO: &'static str = "outstanding_tokens (id, jti, sha256, token_type, user_id, session_id, parent_id, \
                                generation, created_at, expires_at, ip, user_agent)";

    fn cells(self) -> Vec<Cell> {
        let token = self.token;
        cells![
            token.id.0,
            token.jti.as_str().to_owned(),
            token.sha256,
            token.token_type.as_str(),
            token.user_id.map(|id| id.0),
            token.session_id.to_string(),
            token.parent.map(|id| id.0),
            token.generation.0,
            token.created_at,
            token.expires_at,
            self.origin.ip,
            self.origin.user_agent,
        ]
    }
}

impl Row for PastBlacklisting {
    const INTO: &'static str = "blacklisted_tokens (token_id, blacklisted_at, reason, actor, note)";

    fn cells(self) -> Vec<Cell> {
        cells![self.token, self.at, self.reason, self.actor, self.note]
    }
}

impl Row for (i64, Event) {
    const INTO: &'static str = "events (id, at, kind, user_id, username, session_id, actor, ip, network, \
                                network_number, user_agent, detail, notice)";

    fn cells(self) -> Vec<Cell> {
        let (id, event) = self;
        let network = Network::of(&event.origin.ip);
        cells![
            id,
            event.at,
            event.kind.as_str(),
            event.user.map(|id| id.0),
            event.username,
            event.session.map(|id| id.to_string()),
            event.actor,
            event.origin.ip,
            network.to_string(),
            network.number(),
            event.origin.user_agent,
            event.detail,
            event.notice,
        ]
    }
}

impl Row for (i64, Revocation) {
    const INTO: &'static str = "revocations (seq, kind, subject, value)";

    fn cells(self) -> Vec<Cell> {
        let (seq, revocation) = self;
        cells![
            seq,
            revocation.what.kind(),
            revocation.what.subject(),
            revocation.value
        ]
    }
}
