//! All that happened in a session as one list: tokens, events and the end, in their order, and refreshes that nothing came
//! between as one line. Pure.

use super::marks::{Mark, Marks, program};
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::network::Network;
use crate::store::{EventRow, ROTATED, SessionDetail, SessionToken};
use crate::token::TokenType;

/// Something that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// When.
    pub at: UnixSeconds,
    /// When it happened last, of something that happened several times.
    pub until: UnixSeconds,
    /// How much it is to be noticed.
    pub weight: Weight,
    /// What, in a sentence.
    pub text: String,
    /// What else is to be known; may be empty.
    pub more: String,
}

/// How much an entry is to be noticed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Weight {
    /// It happens all the time.
    Usual,
    /// It is worth a look.
    Notable,
    /// Somebody should look.
    Alarming,
    /// It was the end.
    End,
}

/// What an entry is made of, before neighbours are joined.
enum Piece {
    Refresh(Refreshes),
    Single(Entry),
}

/// Refreshes that follow each other, from one network.
struct Refreshes {
    count: usize,
    first: UnixSeconds,
    last: UnixSeconds,
    network: Network,
    ip: String,
    is_one_address: bool,
}

/// Within a second: the opening, then what happened in the order of its numbers, then the end.
type Place = (UnixSeconds, u8, i64);

/// The timeline of these tokens and events, which are in any order; the latest comes first.
#[must_use]
pub fn timeline(
    detail: &SessionDetail,
    tokens: &[SessionToken],
    marks: &Marks,
    events: &[EventRow],
) -> Vec<Entry> {
    let mut pieces: Vec<(Place, Piece)> = Vec::new();
    pieces.push(((detail.opened_at, 0, 0), opening(detail, tokens, events)));
    for token in tokens {
        let marks = marks.get(&token.id).map_or(&[][..], Vec::as_slice);
        let issued = issue(token, marks);
        pieces.extend(issued.map(|piece| ((token.created_at, 1, token.id), piece)));
        let revoked = revocation(token, detail);
        pieces.extend(revoked.map(|entry| ((entry.at, 1, i64::MAX), Piece::Single(entry))));
    }
    let is_told = |event: &&EventRow| is_told_otherwise(event, detail, tokens);
    for event in events.iter().filter(|event| !is_told(event)) {
        pieces.push(((event.at, 1, event.id), Piece::Single(of_event(event))));
    }
    pieces.extend(ending(detail).map(|entry| ((entry.at, 2, 0), Piece::Single(entry))));
    pieces.sort_by_key(|(place, _)| *place);
    let mut entries = joined(pieces.into_iter().map(|(_, piece)| piece));
    entries.reverse();
    entries
}

fn joined(pieces: impl Iterator<Item = Piece>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut run: Option<Refreshes> = None;
    for piece in pieces {
        match (piece, run.take()) {
            (Piece::Refresh(next), Some(known)) if next.network == known.network => {
                run = Some(known.and(&next));
            }
            (Piece::Refresh(next), known) => {
                entries.extend(known.map(Refreshes::entry));
                run = Some(next);
            }
            (Piece::Single(entry), known) => {
                entries.extend(known.map(Refreshes::entry));
                entries.push(entry);
            }
        }
    }
    entries.extend(run.map(Refreshes::entry));
    entries
}

impl Refreshes {
    fn one(token: &SessionToken) -> Self {
        Self {
            count: 1,
            first: token.created_at,
            last: token.created_at,
            network: Network::of(&token.ip),
            ip: token.ip.clone(),
            is_one_address: true,
        }
    }

    fn and(self, next: &Self) -> Self {
        Self {
            count: self.count + next.count,
            last: next.last,
            is_one_address: self.is_one_address && self.ip == next.ip,
            ..self
        }
    }

    fn entry(self) -> Entry {
        let place = if self.is_one_address {
            self.ip
        } else {
            self.network.to_string()
        };
        let text = match (self.count, place.as_str()) {
            (1, "") => "Refreshed".to_owned(),
            (1, place) => format!("Refreshed from {place}"),
            (n, "") => format!("{n} refreshes"),
            (n, place) => format!("{n} refreshes, all from {place}"),
        };
        Entry {
            until: self.last,
            ..Entry::new(self.first, Weight::Usual, text)
        }
    }
}

impl Entry {
    fn new(at: UnixSeconds, weight: Weight, text: impl Into<String>) -> Self {
        Self {
            at,
            until: at,
            weight,
            text: text.into(),
            more: String::new(),
        }
    }

    fn more(self, more: impl Into<String>) -> Self {
        Self {
            more: more.into(),
            ..self
        }
    }
}

fn opening(detail: &SessionDetail, tokens: &[SessionToken], events: &[EventRow]) -> Piece {
    let created = events.iter().find(|event| is(event, Kind::SessionCreated));
    let first = tokens.iter().find(|token| token.parent_id.is_none());
    let first = first.filter(|token| token.generation == 0);
    let (ip, agent) = match (created, first) {
        (Some(event), _) => (event.ip.as_str(), event.user_agent.as_str()),
        (None, Some(token)) => (token.ip.as_str(), token.user_agent.as_str()),
        (None, None) => ("", ""),
    };
    let text = match created.and_then(|event| event.detail.as_deref()) {
        Some(how) => format!("Opened: {how}"),
        None => "Opened by a login".to_owned(),
    };
    let entry = Entry::new(detail.opened_at, Weight::Notable, text);
    Piece::Single(entry.more(origin(ip, agent)))
}

/// What the issue of a token tells; nothing where another token of the same answer tells it.
fn issue(token: &SessionToken, marks: &[Mark]) -> Option<Piece> {
    let single = |weight, text: String, more: String| {
        Some(Piece::Single(
            Entry::new(token.created_at, weight, text).more(more),
        ))
    };
    let notable: Vec<_> = marks.iter().filter_map(change).collect();
    let is_program = |mark: &Mark| matches!(mark, Mark::OtherDevice { .. } | Mark::Updated { .. });
    let is_move = |mark: &Mark| matches!(mark, Mark::Moved { .. });
    let generation = token.generation;
    let here = || origin(&token.ip, &token.user_agent);
    // What the sentence does not say.
    let beside = || match (marks.iter().any(is_move), marks.iter().any(is_program)) {
        (true, true) => String::new(),
        (true, false) => origin("", &token.user_agent),
        (false, _) => origin(&token.ip, ""),
    };
    if token.token_type == TokenType::Access.as_str() {
        let told = if marks.contains(&Mark::AnsweredAgain) {
            format!("Answered again with the same tokens, of generation {generation}")
        } else if marks.contains(&Mark::IssuedAgain) {
            format!(
                "Issued another access token of generation {generation}: an answer again, or a renewal"
            )
        } else if !marks.contains(&Mark::Renewed) {
            return None;
        } else if notable.is_empty() {
            return Some(Piece::Refresh(Refreshes::one(token)));
        } else {
            return single(Weight::Notable, notable.join("; "), beside());
        };
        return single(Weight::Notable, told, here());
    }
    if generation == 0 {
        return None;
    }
    if notable.is_empty() {
        return Some(Piece::Refresh(Refreshes::one(token)));
    }
    single(Weight::Notable, notable.join("; "), beside())
}

fn change(mark: &Mark) -> Option<String> {
    match mark {
        Mark::Moved { from, to } => Some(format!(
            "Refreshed from another network: {to}, before that {from}"
        )),
        Mark::OtherDevice { from, to } => Some(format!(
            "Refreshed by another device: {to}, before that {from}"
        )),
        Mark::Updated { to } => Some(format!("Refreshed by an update of its program: {to}")),
        _ => None,
    }
}

/// A token that was revoked alone.
fn revocation(token: &SessionToken, detail: &SessionDetail) -> Option<Entry> {
    let (at, reason) = (token.blacklisted_at?, token.reason.as_deref()?);
    if reason == ROTATED || detail.ended_at == Some(at) {
        return None;
    }
    let kind = &token.token_type;
    let by = match &token.actor {
        Some(name) => format!(" by {name}"),
        None => String::new(),
    };
    let text = format!("The {kind} token {} was blacklisted{by}", token.jti);
    let note = token.note.clone().unwrap_or_default();
    Some(Entry::new(at, Weight::Notable, text).more(note))
}

/// The opening, the end and what tokens tell are not told twice.
fn is_told_otherwise(event: &EventRow, detail: &SessionDetail, tokens: &[SessionToken]) -> bool {
    match Kind::parse(&event.kind) {
        Some(Kind::SessionCreated | Kind::LoginSuccess | Kind::SessionRenewed) => true,
        Some(Kind::SessionExpired) => detail.ended_at.is_some(),
        Some(Kind::TokenRevoked) => {
            let words = event.detail.as_deref().unwrap_or_default();
            let mut told = tokens
                .iter()
                .filter(|token| revocation(token, detail).is_some());
            told.any(|token| {
                let token = format!("the {} token {}", token.token_type, token.jti);
                let rest = words.strip_prefix(&token);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
            })
        }
        _ => false,
    }
}

fn of_event(event: &EventRow) -> Entry {
    let kind = Kind::parse(&event.kind);
    let weight = match kind {
        Some(kind) if kind.is_alarming() => Weight::Alarming,
        _ => Weight::Notable,
    };
    let what = match kind {
        Some(kind) => said(kind),
        None => event.kind.as_str(),
    };
    let by = event.actor.as_ref().map(|name| format!(" by {name}"));
    let mut text = format!("{what}{}", by.unwrap_or_default());
    if let Some(detail) = &event.detail {
        text = format!("{text}: {detail}");
    }
    Entry::new(event.at, weight, text).more(origin(&event.ip, &event.user_agent))
}

/// What happened, for people.
fn said(kind: Kind) -> &'static str {
    match kind {
        Kind::LoginSuccess => "Signed in",
        Kind::LoginFail => "A sign-in failed",
        Kind::LoginFailMax => "Too many sign-ins",
        Kind::PasswordChange => "The password was changed",
        Kind::PasswordChangeFail => "The password was to be changed, and the old one was wrong",
        Kind::ImpossibleTravel => "Moved faster than anybody travels",
        Kind::NewDevice => "A device its user never used before",
        Kind::TokenCreated => "A token was made",
        Kind::TokenRevoked => "A token was blacklisted",
        Kind::TokenReuse => "A spent refresh token came back",
        Kind::AuthzFail => "Not allowed",
        Kind::AuthzChange => "What its user may do was changed",
        Kind::AuthzAdmin => "Gave the password again",
        Kind::ExcessRateLimitExceeded => "Far too many refreshes",
        Kind::SessionCreated => "Opened",
        Kind::SessionRenewed => "Refreshed",
        Kind::SessionExpired => "Ended",
        Kind::SessionsRevoked => "Sessions were revoked",
        Kind::UserCreated => "The user was added",
        Kind::UserUpdated => "The user was changed",
        Kind::UserDeleted => "The user was deleted",
    }
}

fn ending(detail: &SessionDetail) -> Option<Entry> {
    let at = detail.ended_at?;
    let why = crate::admin::show::words(detail.end_reason.as_deref().unwrap_or_default());
    let text = match &detail.ended_by {
        Some(name) => format!("Ended: {why} ({name})"),
        None => format!("Ended: {why}"),
    };
    let note = detail.end_note.clone().unwrap_or_default();
    Some(Entry::new(at, Weight::End, text).more(note))
}

fn origin(ip: &str, user_agent: &str) -> String {
    let program = if user_agent.is_empty() {
        String::new()
    } else {
        program(user_agent)
    };
    match (ip, program.as_str()) {
        ("", program) => program.to_owned(),
        (ip, "") => ip.to_owned(),
        (ip, program) => format!("{ip} · {program}"),
    }
}

fn is(event: &EventRow, kind: Kind) -> bool {
    Kind::parse(&event.kind) == Some(kind)
}

#[cfg(test)]
mod tests;
