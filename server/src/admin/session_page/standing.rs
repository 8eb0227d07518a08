//! What is left of a token: whether it may still be used, and until when. Pure. It asks the same rules a refresh is decided
//! by, so that the page can not promise what the server would not keep.

use crate::clock::UnixSeconds;
use crate::session::{
    Decision, Device, EndReason, Grace, Phase, Presented, Refusal, Rules, Session, decide,
};
use crate::store::{ROTATED, SessionToken};
use crate::token::{Generation, TokenType};

/// What is left of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It may be used.
    Works {
        /// The first second in which it may not.
        until: UnixSeconds,
    },
    /// It was spent; its device would be answered with the same successor again.
    Repeats {
        /// The first second in which it would not.
        until: UnixSeconds,
    },
    /// A rotation spent it, or a refresh superseded it.
    Spent,
    /// It was revoked alone.
    Revoked,
    /// It fell with its session.
    Ended,
    /// Its time is over.
    Expired,
}

/// The settings it depends on.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What a refresh is decided by.
    pub rules: Rules,
    /// `LEEWAY`, in seconds.
    pub leeway: i64,
    /// `IMMEDIATE_REVOCATION`.
    pub immediate: bool,
    /// `ACCESS_TOKEN_LIFETIME`, in seconds: an access token that lives longer stands alone, and ends with its session.
    pub access_lifetime: i64,
}

impl Standing {
    /// The standing at `now` of a token of `session`. `fell` says that memory knows it as revoked alone, which a row that
    /// was written with the session's end does not tell.
    #[must_use]
    pub fn of(
        token: &SessionToken,
        session: &Session,
        terms: Terms,
        fell: bool,
        now: UnixSeconds,
    ) -> Self {
        if token.token_type == TokenType::Access.as_str() {
            return access(token, session, terms, fell, now);
        }
        // The device that spent the predecessor is the only one that could be answered again.
        let presented = Presented {
            generation: Generation(token.generation),
            blacklisted: token.reason.is_some(),
            device: Device::from_mark(session.rotation.by.mark().to_owned()),
        };
        let until = until(token, terms).min(session.expires_at);
        let by_record = written(token, session);
        match decide(session, &presented, now, terms.rules) {
            Decision::Refuse(Refusal::Ended(_) | Refusal::Spent) => {
                by_record.unwrap_or(Self::Expired)
            }
            _ if until <= now => by_record.unwrap_or(Self::Expired),
            Decision::Rotate { .. } | Decision::Renew => Self::Works { until },
            Decision::Replay(grace) => Self::Repeats {
                until: until.min(repeats_until(session, terms.rules, grace)),
            },
            Decision::End(_) | Decision::Refuse(Refusal::Unknown) => Self::Spent,
        }
    }

    /// Until when it may be used.
    #[must_use]
    pub fn works_until(self) -> Option<UnixSeconds> {
        match self {
            Self::Works { until } => Some(until),
            _ => None,
        }
    }
}

fn access(
    token: &SessionToken,
    session: &Session,
    terms: Terms,
    fell: bool,
    now: UnixSeconds,
) -> Standing {
    let until = until(token, terms);
    let is_short = token.expires_at - token.created_at <= terms.access_lifetime;
    let outlives_end = !terms.immediate && is_short;
    match (session.phase, written(token, session)) {
        (Phase::Ended { .. }, _) if outlives_end && !fell && until > now => {
            Standing::Works { until }
        }
        (_, Some(written)) => written,
        (_, None) if fell => Standing::Revoked,
        (_, None) if until <= now => Standing::Expired,
        (Phase::Live, None) => Standing::Works { until },
        (Phase::Ended { .. }, None) => Standing::Ended,
    }
}

/// What stands beside it on record.
fn written(token: &SessionToken, session: &Session) -> Option<Standing> {
    let (at, reason) = (token.blacklisted_at?, token.reason.as_deref()?);
    Some(match (EndReason::parse(reason), session.phase) {
        _ if reason == ROTATED => Standing::Spent,
        (Some(why), Phase::Ended { at: end, reason }) if (at, why) == (end, reason) => {
            Standing::Ended
        }
        _ => Standing::Revoked,
    })
}

fn until(token: &SessionToken, terms: Terms) -> UnixSeconds {
    token.expires_at.saturating_add(terms.leeway)
}

/// Windows are in whole seconds and stay open through their last one.
fn repeats_until(session: &Session, rules: Rules, grace: Grace) -> UnixSeconds {
    let race = rules.reuse_interval;
    let lost_answer = rules.retry_window;
    let window = match grace {
        Grace::Race if session.rotation.received => race,
        Grace::Race | Grace::LostAnswer => race.max(lost_answer),
    };
    session.rotation.at + window + 1
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::network::Network;
    use crate::session::{Rotation, Trail};
    use crate::token::SessionId;

    pub const NOW: UnixSeconds = 1_800_000_000;

    pub fn terms() -> Terms {
        Terms {
            rules: Rules {
                rotate: true,
                blacklist_spent: true,
                reuse_interval: 10,
                retry_window: 60,
            },
            leeway: 0,
            immediate: true,
            access_lifetime: 300,
        }
    }

    pub fn session(phase: Phase) -> Session {
        Session {
            id: SessionId::at(NOW),
            user_id: None,
            phase,
            generation: Generation(3),
            rotation: Rotation {
                at: NOW - 5,
                by: Device::of("Firefox"),
                received: false,
            },
            expires_at: NOW + 1000,
            trail: Trail::begin(Network::of(""), NOW),
        }
    }

    pub fn token(token_type: TokenType, generation: i64, left: i64) -> SessionToken {
        SessionToken {
            generation,
            token_type: token_type.as_str().to_owned(),
            created_at: NOW + left - 300,
            expires_at: NOW + left,
            ..SessionToken::default()
        }
    }

    fn blacklisted(token: SessionToken, at: UnixSeconds, reason: &str) -> SessionToken {
        SessionToken {
            blacklisted_at: Some(at),
            reason: Some(reason.to_owned()),
            ..token
        }
    }

    const LIVE: Phase = Phase::Live;
    const ENDED: Phase = Phase::Ended {
        at: NOW - 1,
        reason: EndReason::Admin,
    };

    #[test]
    fn what_is_left_of_each() {
        use TokenType::{Access, Admin, Refresh, Sliding};
        let rotated = |token| blacklisted(token, NOW - 5, ROTATED);
        let ended = |token| blacklisted(token, NOW - 1, "admin");
        let alone = |token| blacklisted(token, NOW - 9, "admin");
        let works = |left| Standing::Works { until: NOW + left };
        for (phase, token, expected) in [
            (LIVE, token(Access, 3, 200), works(200)),
            (LIVE, token(Access, 0, 1), works(1)),
            (LIVE, token(Access, 3, 0), Standing::Expired),
            (LIVE, alone(token(Access, 3, 200)), Standing::Revoked),
            (LIVE, rotated(token(Access, 3, 200)), Standing::Spent),
            (LIVE, token(Refresh, 3, 200), works(200)),
            (LIVE, token(Refresh, 3, 2000), works(1000)),
            (LIVE, token(Refresh, 3, 0), Standing::Expired),
            (
                LIVE,
                rotated(token(Refresh, 2, 200)),
                Standing::Repeats { until: NOW + 56 },
            ),
            (LIVE, rotated(token(Refresh, 2, -1)), Standing::Spent),
            (LIVE, rotated(token(Refresh, 1, 200)), Standing::Spent),
            (LIVE, token(Admin, 3, 200), works(200)),
            (LIVE, token(Sliding, 3, 200), works(200)),
            (LIVE, alone(token(Refresh, 3, 200)), Standing::Revoked),
            (ENDED, ended(token(Refresh, 3, 200)), Standing::Ended),
            (ENDED, rotated(token(Refresh, 2, 200)), Standing::Spent),
            (ENDED, token(Refresh, 1, -200), Standing::Expired),
            (ENDED, ended(token(Access, 3, 200)), Standing::Ended),
            (ENDED, alone(token(Access, 3, 200)), Standing::Revoked),
            (ENDED, token(Access, 3, -1), Standing::Expired),
        ] {
            let standing = Standing::of(&token, &session(phase), terms(), false, NOW);
            assert_eq!(standing, expected, "{phase:?} {token:?}");
        }
    }

    #[test]
    fn what_is_said_is_what_a_refresh_would_be_told() {
        let old = blacklisted(token(TokenType::Refresh, 2, 200), NOW - 5, ROTATED);
        let at = |received, ago| {
            let mut session = session(LIVE);
            session.rotation.received = received;
            session.rotation.at = NOW - ago;
            Standing::of(&old, &session, terms(), false, NOW)
        };
        let repeats = |left| Standing::Repeats { until: NOW + left };
        assert_eq!(at(false, 60), repeats(1));
        assert_eq!(at(false, 61), Standing::Spent);
        assert_eq!(at(true, 10), repeats(1));
        assert_eq!(at(true, 11), Standing::Spent);
        let lenient = Terms {
            rules: Rules {
                blacklist_spent: false,
                ..terms().rules
            },
            ..terms()
        };
        let unspent = token(TokenType::Refresh, 0, 200);
        let standing = Standing::of(&unspent, &session(LIVE), lenient, false, NOW);
        assert_eq!(standing.works_until(), Some(NOW + 200));
    }

    #[test]
    fn an_access_token_may_outlive_its_session() {
        let terms = Terms {
            immediate: false,
            ..terms()
        };
        let ended = |token| blacklisted(token, NOW - 1, "admin");
        let short = ended(token(TokenType::Access, 3, 200));
        let of =
            |token: &SessionToken, fell| Standing::of(token, &session(ENDED), terms, fell, NOW);
        assert_eq!(of(&short, false), Standing::Works { until: NOW + 200 });
        assert_eq!(of(&short, true), Standing::Ended);
        let lone = SessionToken {
            created_at: NOW - 4000,
            ..short
        };
        assert_eq!(of(&lone, false), Standing::Ended);
        let refresh = ended(token(TokenType::Refresh, 3, 200));
        assert_eq!(of(&refresh, false), Standing::Ended);
    }

    #[test]
    fn leeway_counts() {
        let terms = Terms {
            leeway: 10,
            ..terms()
        };
        let late = token(TokenType::Access, 3, -9);
        let standing = Standing::of(&late, &session(LIVE), terms, false, NOW);
        assert_eq!(standing, Standing::Works { until: NOW + 1 });
    }
}
