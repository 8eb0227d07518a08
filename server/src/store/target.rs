//! What somebody wants revoked, as it stays on record: with the names things had then. It says which sessions that are,
//! and itself in words; it does not look them up.

mod words;

use serde::{Deserialize, Serialize};

use super::{LiveTokens, Order, SessionFilter, SessionStatus};
use crate::token::{SessionId, TokenType};

/// What is to be revoked.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Target {
    /// One token. An access token falls alone; any other takes its session with it.
    Token {
        /// Its name.
        jti: String,
        /// A name of [`TokenType`].
        kind: String,
    },
    /// One session.
    Session {
        /// Its id.
        id: String,
        /// Its user's name; `None` when that user was deleted.
        username: Option<String>,
    },
    /// All sessions of a user.
    User {
        /// The user's number.
        id: i64,
        /// Their name.
        username: String,
    },
    /// All sessions on a device.
    Device {
        /// Its id.
        id: String,
        /// What it is, and whose.
        name: String,
    },
    /// All sessions that match.
    Filter(Box<SessionFilter>),
    /// The sessions of all live tokens that match.
    Tokens(Box<LiveTokens>),
    /// All sessions there are, and every API token.
    Everyone,
}

/// Which sessions end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Extent {
    /// Those that are meant.
    pub meant: Meant,
    /// But none with a greater id, which was opened later; an id need not be any session's.
    pub last_id: Option<String>,
    /// And not this one.
    pub spared: Option<SessionId>,
}

/// What tells sessions from others.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Meant {
    /// What they are.
    Sessions(SessionFilter),
    /// A token they have.
    Tokens(LiveTokens),
}

impl Meant {
    /// The order they are found in. Nobody changes place in it, so that whoever walks along it meets each.
    #[must_use]
    pub fn order(&self) -> Order {
        match self {
            Self::Sessions(filter) => filter.orders()[0],
            Self::Tokens(_) => LiveTokens::ORDER,
        }
    }
}

impl Target {
    /// The sessions it means. What nobody asked to end is left as it is: those that ran out or ended.
    #[must_use]
    pub fn meant(&self) -> Meant {
        let live = SessionFilter {
            status: Some(SessionStatus::Live),
            ..SessionFilter::default()
        };
        Meant::Sessions(match self {
            Self::Token { jti, .. } => SessionFilter {
                token: Some(jti.clone()),
                ..SessionFilter::default()
            },
            Self::Session { id, .. } => SessionFilter {
                ids: Some(vec![id.clone()]),
                ..SessionFilter::default()
            },
            Self::User { id, .. } => SessionFilter {
                users: Some(vec![*id]),
                ..live
            },
            Self::Device { id, .. } => SessionFilter {
                device: Some(id.clone()),
                ..live
            },
            Self::Filter(filter) => SessionFilter {
                status: filter.status.or(live.status),
                ..(**filter).clone()
            },
            Self::Tokens(tokens) => return Meant::Tokens((**tokens).clone()),
            Self::Everyone => live,
        })
    }

    /// Whether it is a token that falls without its session.
    #[must_use]
    pub fn is_access_token(&self) -> bool {
        matches!(self, Self::Token { kind, .. } if kind == TokenType::Access.as_str())
    }

    /// Whether it can mean several sessions: then it is told of as a whole, too.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        !matches!(self, Self::Token { .. } | Self::Session { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Block;
    use crate::store::TokenFilter;

    #[test]
    fn what_was_asked_for_is_read_back_as_it_was() {
        let address = Block::parse("203.0.113.0/24");
        let filter = SessionFilter {
            users: Some(vec![2, 5]),
            address,
            until: Some(1_800_057_600),
            ..SessionFilter::default()
        };
        let tokens = TokenFilter {
            token_type: Some(TokenType::Refresh),
            address,
            from: Some(1_800_057_600),
            ..TokenFilter::default()
        };
        for target in [
            Target::Token {
                jti: "a".into(),
                kind: "access".into(),
            },
            Target::User {
                id: 2,
                username: "alice".into(),
            },
            Target::Filter(Box::new(filter)),
            Target::Tokens(Box::new(LiveTokens {
                filter: tokens,
                at: 1_800_000_000,
            })),
            Target::Everyone,
        ] {
            let text = serde_json::to_string(&target).expect("JSON");
            assert_eq!(serde_json::from_str::<Target>(&text).ok(), Some(target));
        }
        for bad in [
            "{\"filter\":{\"uzers\":[2]}}",
            "{\"tokens\":{\"filter\":{\"uzers\":[2]},\"at\":1}}",
            "{\"tokens\":{\"filter\":{}}}",
            "\"all\"",
            "{\"user\":{\"id\":1}}",
        ] {
            assert!(serde_json::from_str::<Target>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_live_sessions_end_unless_others_are_asked_for() {
        let status = |target: &Target| match target.meant() {
            Meant::Sessions(filter) => filter.status,
            Meant::Tokens(_) => None,
        };
        let filter = |status| {
            Target::Filter(Box::new(SessionFilter {
                device: Some("d".into()),
                status,
                ..SessionFilter::default()
            }))
        };
        assert_eq!(status(&filter(None)), Some(SessionStatus::Live));
        let run_out = Some(SessionStatus::RunOut);
        assert_eq!(status(&filter(run_out)), run_out);
        assert_eq!(status(&Target::Everyone), Some(SessionStatus::Live));
    }
}
