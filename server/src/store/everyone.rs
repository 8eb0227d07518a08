//! Filters that mean everyone in other words. A date before the first session or after today narrows nothing, nor does a
//! block that has all addresses, or one that has the rest of them after what the same person revoked within a day. Whoever
//! ends everyone's sessions is asked for more than who ends some.

mod known;

use super::{SessionFilter, SessionStatus, Target, TokenFilter, TokenStatus};
use crate::clock::UnixSeconds;
use crate::network::{Block, leave_nobody_out};
use crate::token::{SessionId, TokenType};

pub use known::{Known, TokenLives};

/// The conditions of a filter that need not narrow anything.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Loose {
    of: Of,
    from: Option<UnixSeconds>,
    until: Option<UnixSeconds>,
    address: Option<Block>,
}

/// Whose dates they are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Of {
    /// Of sessions: when they were opened.
    #[default]
    Sessions,
    /// Of tokens of this type, or of any: when they were issued.
    Tokens(Option<TokenType>),
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
}

impl TokenFilter {
    /// Nothing is asked that tells one live token from another.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        let asked = Self {
            status: None,
            ..self.clone()
        };
        asked == Self::default() && matches!(self.status, None | Some(TokenStatus::Live))
    }
}

impl Target {
    /// The conditions of a filter that has no others; `None` where others do narrow it. `but_clients` says that a filter
    /// for all but the admin's is none: clients' sessions are nearly all there are.
    #[must_use]
    pub fn loose(&self, but_clients: bool) -> Option<Loose> {
        match self {
            Self::Filter(filter) => {
                let rest = SessionFilter {
                    from: None,
                    until: None,
                    address: None,
                    of_admin: filter.of_admin.filter(|of_admin| *of_admin || !but_clients),
                    ..(**filter).clone()
                };
                let loose = Loose {
                    of: Of::Sessions,
                    from: filter.from,
                    until: filter.until,
                    address: filter.address,
                };
                rest.is_everyone().then_some(loose)
            }
            Self::Tokens(tokens) => {
                let filter = &tokens.filter;
                let is_of_some = |kind: &TokenType| *kind == TokenType::Admin || !but_clients;
                let rest = TokenFilter {
                    from: None,
                    until: None,
                    address: None,
                    token_type: filter.token_type.filter(is_of_some),
                    ..filter.clone()
                };
                let loose = Loose {
                    of: Of::Tokens(filter.token_type),
                    from: filter.from,
                    until: filter.until,
                    address: filter.address,
                };
                rest.is_everyone().then_some(loose)
            }
            Self::Everyone => Some(Loose::default()),
            Self::Token { .. } | Self::Session { .. } | Self::User { .. } | Self::Device { .. } => {
                None
            }
        }
    }
}

impl Loose {
    /// Whether it has to be held against what is on record: without any condition it narrows nothing as it stands.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let Self {
            of: _,
            from,
            until,
            address,
        } = self;
        from.is_none() && until.is_none() && address.is_none()
    }

    /// Whether it leaves nobody out at `now`. `but_clients` is that of [`Target::loose`].
    #[must_use]
    pub fn leaves_nobody_out(&self, known: &Known, but_clients: bool, now: UnixSeconds) -> bool {
        self.has_every_day(known, now)
            && self.address.is_none_or(|block| {
                let before = known.before.iter().filter_map(|(at, target)| {
                    let loose = target.loose(but_clients)?;
                    loose.address.filter(|_| loose.has_every_day(known, *at))
                });
                leave_nobody_out(before.chain([block]))
            })
    }

    fn has_every_day(&self, known: &Known, now: UnixSeconds) -> bool {
        let is_before_the_first = |from: UnixSeconds| {
            let oldest = known.oldest.as_deref();
            oldest.is_some_and(|oldest| SessionId::since(from).to_string().as_str() <= oldest)
        };
        // A session lives on by tokens that are younger than it.
        let is_before_all_tokens = |from: UnixSeconds| match self.of {
            Of::Sessions => false,
            Of::Tokens(kind) => from <= now - known.lives.longest(kind),
        };
        self.from
            .is_none_or(|from| is_before_the_first(from) || is_before_all_tokens(from))
            && self.until.is_none_or(|until| until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LiveTokens;

    const NOW: UnixSeconds = 1_800_000_000;

    const LIVES: TokenLives = TokenLives {
        access: 10,
        refresh: 200,
        sliding: 150,
        admin: 300,
    };

    fn by_session(filter: SessionFilter) -> Target {
        Target::Filter(Box::new(filter))
    }

    fn by_token(filter: TokenFilter) -> Target {
        Target::Tokens(Box::new(LiveTokens { filter, at: NOW }))
    }

    /// Both kinds of filter, with the conditions they have in common.
    fn both(
        from: Option<UnixSeconds>,
        until: Option<UnixSeconds>,
        block: Option<&str>,
    ) -> [Target; 2] {
        let address = block.and_then(Block::parse);
        [
            by_session(SessionFilter {
                from,
                until,
                address,
                status: Some(SessionStatus::Live),
                ..SessionFilter::default()
            }),
            by_token(TokenFilter {
                from,
                until,
                address,
                status: Some(TokenStatus::Live),
                ..TokenFilter::default()
            }),
        ]
    }

    fn is_everyone(target: &Target, before: &[Target]) -> bool {
        let known = Known {
            oldest: Some(SessionId::at(NOW - 100).to_string()),
            lives: LIVES,
            before: before.iter().map(|target| (NOW, target.clone())).collect(),
        };
        let loose = target.loose(true);
        loose.is_some_and(|loose| loose.leaves_nobody_out(&known, true, NOW))
    }

    #[test]
    fn a_filter_that_leaves_nobody_out_is_everyone() {
        for (from, until, block) in [
            (None, None, None),
            (Some(0), None, None),
            (Some(NOW - 100), None, None),
            (None, Some(NOW + 1), None),
            (None, None, Some("::/0")),
            (Some(0), Some(NOW + 1), Some("0.0.0.0/0")),
        ] {
            for target in both(from, until, block) {
                assert!(is_everyone(&target, &[]), "{target}");
            }
        }
        for (from, until, block) in [
            (Some(NOW - 98), None, None),
            (None, Some(NOW), None),
            (None, None, Some("10.0.0.0/8")),
            (Some(NOW - 98), None, Some("::/0")),
        ] {
            for target in both(from, until, block) {
                assert!(!is_everyone(&target, &[]), "{target}");
            }
        }
    }

    #[test]
    fn a_date_before_all_live_tokens_leaves_nobody_out_however_old_their_sessions_are() {
        let known = Known {
            oldest: Some(SessionId::at(NOW - 10_000).to_string()),
            lives: LIVES,
            before: Vec::new(),
        };
        let is_everyone = |target: &Target| {
            let loose = target.loose(true);
            loose.is_some_and(|loose| loose.leaves_nobody_out(&known, true, NOW))
        };
        for (token_type, life) in [
            (None, 300),
            (Some(TokenType::Access), 10),
            (Some(TokenType::Refresh), 200),
            (Some(TokenType::Sliding), 150),
        ] {
            let issued_from = |from| {
                by_token(TokenFilter {
                    token_type,
                    from: Some(from),
                    ..TokenFilter::default()
                })
            };
            assert!(is_everyone(&issued_from(NOW - life)), "{token_type:?}");
            assert!(!is_everyone(&issued_from(NOW - life + 1)), "{token_type:?}");
        }
        let opened_from = |from| {
            by_session(SessionFilter {
                from: Some(from),
                ..SessionFilter::default()
            })
        };
        assert!(is_everyone(&opened_from(NOW - 10_000)));
        assert!(!is_everyone(&opened_from(NOW - 300)));
    }

    #[test]
    fn what_narrows_is_not_everyone() {
        let ended = SessionFilter {
            status: Some(SessionStatus::Ended),
            ..SessionFilter::default()
        };
        let nobody = SessionFilter {
            users: Some(Vec::new()),
            ..SessionFilter::default()
        };
        let of_admin = TokenFilter {
            token_type: Some(TokenType::Admin),
            ..TokenFilter::default()
        };
        for target in [by_session(ended), by_session(nobody), by_token(of_admin)] {
            assert!(!is_everyone(&target, &[]), "{target}");
        }
        let clients = by_session(SessionFilter {
            of_admin: Some(false),
            ..SessionFilter::default()
        });
        let refresh = by_token(TokenFilter {
            token_type: Some(TokenType::Refresh),
            ..TokenFilter::default()
        });
        for target in [clients, refresh] {
            assert!(is_everyone(&target, &[]), "{target}");
            assert_eq!(target.loose(false), None, "{target}");
        }
    }

    #[test]
    fn the_rest_of_all_addresses_is_everyone() {
        let blocks = |text| both(None, None, Some(text));
        let halves = [("0.0.0.0/1", "128.0.0.0/1"), ("2000::/4", "3000::/4")];
        for (one, other) in halves {
            for before in blocks(one) {
                for target in blocks(other) {
                    assert!(
                        is_everyone(&target, std::slice::from_ref(&before)),
                        "{target}"
                    );
                    assert!(
                        !is_everyone(&target, std::slice::from_ref(&target)),
                        "{target}"
                    );
                }
            }
        }
        let [narrow, _] = both(Some(NOW - 98), None, Some("0.0.0.0/1"));
        for target in blocks("128.0.0.0/1") {
            assert!(
                !is_everyone(&target, std::slice::from_ref(&narrow)),
                "{target}"
            );
        }
    }
}
