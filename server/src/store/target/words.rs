//! What is to be revoked, in words: for the trail, and for who is about to do it. A condition that is new has none until it
//! is given some here.

use std::fmt;

use time::OffsetDateTime;

use super::Target;
use crate::clock::UnixSeconds;
use crate::network::Block;
use crate::session::EndReason;
use crate::store::{NameEnd, SessionFilter, SessionStatus, TokenFilter, TokenStatus};
use crate::token::TokenType;

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token { jti, kind } => write!(f, "the {kind} token {jti}"),
            Self::Session { id, username } => {
                let whose = username.as_deref().unwrap_or("a deleted user");
                write!(f, "the session {id} of {whose}")
            }
            Self::User { username, .. } => write!(f, "all sessions of {username}"),
            Self::Device { name, .. } => write!(f, "all sessions on {name}"),
            Self::Filter(filter) if filter.is_chosen() => {
                let ids = filter.ids.as_deref().unwrap_or_default();
                write!(f, "{} chosen sessions", ids.len())
            }
            Self::Filter(filter) => write!(f, "sessions by filter ({})", list(&filter.words())),
            Self::Tokens(tokens) => {
                let words = tokens.filter.words();
                write!(f, "sessions of live tokens by filter ({})", list(&words))
            }
            Self::Everyone => f.write_str("everyone's sessions and API tokens"),
        }
    }
}

/// A condition: its name, and its value where there is one.
type Word = (&'static str, Option<String>);

impl SessionFilter {
    /// Several sessions that were chosen, and nothing else.
    fn is_chosen(&self) -> bool {
        let others = Self {
            ids: None,
            ..self.clone()
        };
        others.is_empty() && self.ids.as_ref().is_some_and(|ids| ids.len() > 1)
    }

    /// Its conditions, each a name and a value.
    #[must_use]
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let Self {
            ids,
            token,
            ending,
            users,
            device,
            address,
            status,
            reason,
            warrant,
            of_admin,
            from,
            until,
        } = self;
        let status = status.map(|status| match status {
            SessionStatus::Live => "live",
            SessionStatus::RunOut => "run out",
            SessionStatus::Ended => "ended",
        });
        let kind = of_admin.map(|of_admin| if of_admin { "admin" } else { "client" });
        said([
            ("chosen", ids.as_deref().map(chosen)),
            ("token", token.clone()),
            ("id ending in", ending.as_ref().map(end)),
            ("user", users.as_deref().map(numbers)),
            ("device", device.clone()),
            ("address", address.as_ref().map(Block::to_string)),
            ("status", status.map(str::to_owned)),
            ("ended because", reason.map(word)),
            ("ended by revocation", warrant.map(|id| id.to_string())),
            ("opened in", kind.map(str::to_owned)),
            ("opened from", from.map(day)),
            ("opened before", until.map(day)),
        ])
    }
}

impl TokenFilter {
    /// Its conditions, each a name and a value.
    #[must_use]
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let Self {
            jti,
            ending,
            session,
            users,
            device,
            address,
            token_type,
            status,
            reason,
            from,
            until,
        } = self;
        said([
            ("token", jti.clone()),
            ("token or session ending in", ending.as_ref().map(end)),
            ("session", session.clone()),
            ("user", users.as_deref().map(numbers)),
            ("device", device.clone()),
            ("address", address.as_ref().map(Block::to_string)),
            ("type", token_type.map(TokenType::as_str).map(str::to_owned)),
            ("status", status.map(TokenStatus::as_str).map(str::to_owned)),
            ("ended because", reason.map(word)),
            ("issued from", from.map(day)),
            ("issued before", until.map(day)),
        ])
    }
}

/// The conditions that are there.
fn said<const N: usize>(all: [Word; N]) -> Vec<(&'static str, String)> {
    let there = all
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    there.collect()
}

fn list(words: &[(&'static str, String)]) -> String {
    let words = words.iter().map(|(name, value)| format!("{name} {value}"));
    words.collect::<Vec<_>>().join(", ")
}

/// Sessions that were chosen one by one: up to five hundred, whose ids nobody reads in a sentence.
fn chosen(ids: &[String]) -> String {
    match ids {
        [id] => id.clone(),
        ids => format!("{} sessions", ids.len()),
    }
}

fn end(ending: &NameEnd) -> String {
    ending.as_str().to_owned()
}

fn word(reason: EndReason) -> String {
    reason.as_str().to_owned()
}

fn numbers(users: &[i64]) -> String {
    let users: Vec<_> = users.iter().map(ToString::to_string).collect();
    if users.is_empty() {
        "nobody".to_owned()
    } else {
        users.join(", ")
    }
}

fn day(at: UnixSeconds) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LiveTokens;

    #[test]
    fn a_filter_is_said_in_words() {
        let filter = SessionFilter {
            users: Some(vec![2, 5]),
            status: Some(SessionStatus::Live),
            from: Some(1_800_000_000),
            ..SessionFilter::default()
        };
        assert_eq!(
            Target::Filter(Box::new(filter)).to_string(),
            "sessions by filter (user 2, 5, status live, opened from 2027-01-15)"
        );
        let filter = TokenFilter {
            users: Some(Vec::new()),
            token_type: Some(TokenType::Refresh),
            until: Some(1_800_000_000),
            ..TokenFilter::default()
        };
        assert_eq!(
            Target::Tokens(Box::new(LiveTokens { filter, at: 0 })).to_string(),
            "sessions of live tokens by filter (user nobody, type refresh, issued before 2027-01-15)"
        );
    }

    #[test]
    fn chosen_sessions_are_counted() {
        let chosen = |count, status| {
            let ids = (0..count).map(|n| format!("s{n}")).collect();
            let filter = SessionFilter {
                ids: Some(ids),
                status,
                ..SessionFilter::default()
            };
            Target::Filter(Box::new(filter)).to_string()
        };
        assert_eq!(chosen(500, None), "500 chosen sessions");
        let live = Some(SessionStatus::Live);
        assert_eq!(
            chosen(2, live),
            "sessions by filter (chosen 2 sessions, status live)"
        );
        assert_eq!(chosen(1, None), "sessions by filter (chosen s0)");
    }
}
