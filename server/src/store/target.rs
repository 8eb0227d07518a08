//! What somebody wants revoked, as it stays on record: with the names things had then. It says which sessions that are,
//! and itself in words; it does not look them up.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{SessionFilter, SessionStatus};
use crate::clock::UnixSeconds;
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
    /// All sessions there are, and every API token.
    Everyone,
}

/// Which sessions end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Extent {
    /// Those that match.
    pub filter: SessionFilter,
    /// But none with a greater id, which was opened later; an id need not be any session's.
    pub last_id: Option<String>,
    /// And not this one.
    pub spared: Option<SessionId>,
}

impl Target {
    /// The sessions it means. What nobody asked to end is left as it is: those that ran out or ended.
    #[must_use]
    pub fn sessions(&self) -> SessionFilter {
        let live = SessionFilter {
            status: Some(SessionStatus::Live),
            ..SessionFilter::default()
        };
        match self {
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
            Self::Everyone => live,
        }
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
            Self::Filter(filter) => {
                let words = filter.words();
                let words = words.iter().map(|(name, value)| format!("{name} {value}"));
                let words: Vec<_> = words.collect();
                write!(f, "sessions by filter ({})", words.join(", "))
            }
            Self::Everyone => f.write_str("everyone's sessions and API tokens"),
        }
    }
}

impl SessionFilter {
    /// Nothing is asked that tells one live session from another.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        let asked = Self {
            status: None,
            ..self.clone()
        };
        asked.is_empty() && matches!(self.status, None | Some(SessionStatus::Live))
    }

    /// Several sessions that were chosen, and nothing else.
    fn is_chosen(&self) -> bool {
        let others = Self {
            ids: None,
            ..self.clone()
        };
        others.is_empty() && self.ids.as_ref().is_some_and(|ids| ids.len() > 1)
    }

    /// The same without what every session fulfils that is live at `now`: an end that is still to come, a beginning before
    /// the `oldest` of them, and a block that has all addresses.
    #[must_use]
    pub fn without_idle(self, now: UnixSeconds, oldest: Option<&str>) -> Self {
        let leaves_some_out = |from: &UnixSeconds| {
            oldest.is_none_or(|oldest| SessionId::since(*from).to_string().as_str() > oldest)
        };
        Self {
            from: self.from.filter(leaves_some_out),
            until: self.until.filter(|until| *until <= now),
            address: self.address.filter(|block| !block.is_everywhere()),
            ..self
        }
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
        let users = users.as_ref().map(|users| {
            let users: Vec<_> = users.iter().map(ToString::to_string).collect();
            if users.is_empty() {
                "nobody".to_owned()
            } else {
                users.join(", ")
            }
        });
        let all = [
            ("chosen", ids.as_deref().map(chosen)),
            ("token", token.clone()),
            ("id ending in", ending.clone()),
            ("user", users),
            ("device", device.clone()),
            ("address", address.map(|block| block.to_string())),
            ("status", status.map(str::to_owned)),
            ("ended because", reason.clone()),
            ("opened in", kind.map(str::to_owned)),
            ("opened from", from.map(day)),
            ("opened before", until.map(day)),
        ];
        let there = all
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        there.collect()
    }
}

/// Sessions that were chosen one by one: up to five hundred, whose ids nobody reads in a sentence.
fn chosen(ids: &[String]) -> String {
    match ids {
        [id] => id.clone(),
        ids => format!("{} sessions", ids.len()),
    }
}

fn day(at: UnixSeconds) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Block;

    #[test]
    fn what_was_asked_for_is_read_back_as_it_was() {
        let filter = SessionFilter {
            users: Some(vec![2, 5]),
            address: Block::parse("203.0.113.0/24"),
            until: Some(1_800_057_600),
            ..SessionFilter::default()
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
            Target::Everyone,
        ] {
            let text = serde_json::to_string(&target).expect("JSON");
            assert_eq!(serde_json::from_str::<Target>(&text).ok(), Some(target));
        }
        for bad in [
            "{\"filter\":{\"uzers\":[2]}}",
            "\"all\"",
            "{\"user\":{\"id\":1}}",
        ] {
            assert!(serde_json::from_str::<Target>(bad).is_err(), "{bad}");
        }
    }

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

    #[test]
    fn only_live_sessions_end_unless_others_are_asked_for() {
        let filter = |status| {
            Target::Filter(Box::new(SessionFilter {
                device: Some("d".into()),
                status,
                ..SessionFilter::default()
            }))
        };
        assert_eq!(filter(None).sessions().status, Some(SessionStatus::Live));
        let run_out = Some(SessionStatus::RunOut);
        assert_eq!(filter(run_out).sessions().status, run_out);
        assert_eq!(
            Target::Everyone.sessions().status,
            Some(SessionStatus::Live)
        );
    }

    #[test]
    fn a_filter_that_leaves_nobody_out_is_everyone() {
        let live = SessionFilter {
            status: Some(SessionStatus::Live),
            ..SessionFilter::default()
        };
        assert!(live.is_everyone() && SessionFilter::default().is_everyone());
        let nobody = SessionFilter {
            users: Some(Vec::new()),
            ..live.clone()
        };
        assert!(!nobody.is_everyone());
        let now = 1_800_000_000;
        let oldest = SessionId::at(now - 100).to_string();
        let is_everyone = |filter: SessionFilter| {
            let meant = SessionFilter {
                status: live.status,
                ..filter
            };
            meant.without_idle(now, Some(&oldest)).is_everyone()
        };
        let from = |from| SessionFilter {
            from: Some(from),
            ..SessionFilter::default()
        };
        let until = |until| SessionFilter {
            until: Some(until),
            ..SessionFilter::default()
        };
        let address = |block| SessionFilter {
            address: Block::parse(block),
            ..SessionFilter::default()
        };
        for idle in [from(0), from(now - 100), until(now + 1), address("::/0")] {
            assert!(is_everyone(idle.clone()), "{idle:?}");
        }
        for narrow in [from(now - 98), until(now), address("10.0.0.0/8")] {
            assert!(!is_everyone(narrow.clone()), "{narrow:?}");
        }
    }
}
