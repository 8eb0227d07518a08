//! Every row of the table of decisions.

use super::*;
use crate::token::{SessionId, UserId};

const NOW: UnixSeconds = 1_800_000_000;
const ROTATING: Rules = Rules {
    rotate: true,
    blacklist_spent: true,
};

/// A token of this generation that was not blacklisted.
fn token(generation: i64) -> Presented {
    Presented {
        generation: Generation(generation),
        blacklisted: false,
    }
}

fn session(phase: Phase, generation: i64) -> Session {
    Session {
        id: SessionId::at(NOW),
        user_id: Some(UserId(1)),
        phase,
        generation: Generation(generation),
        expires_at: NOW + 60,
    }
}

#[test]
fn the_current_token_rotates() {
    let session = session(Phase::Live, 4);
    assert_eq!(
        decide(&session, token(4), NOW, ROTATING),
        Decision::Rotate {
            from: Generation(4)
        }
    );
}

#[test]
fn without_rotation_the_token_stays() {
    let rules = Rules {
        rotate: false,
        ..ROTATING
    };
    assert_eq!(
        decide(&session(Phase::Live, 0), token(0), NOW, rules),
        Decision::Renew
    );
}

#[test]
fn a_spent_token_is_refused() {
    for presented in 0..4 {
        let decision = decide(&session(Phase::Live, 4), token(presented), NOW, ROTATING);
        assert_eq!(decision, Decision::Refuse(Refusal::Spent));
    }
}

#[test]
fn a_spent_token_stays_usable_when_it_is_not_blacklisted() {
    let rules = Rules {
        blacklist_spent: false,
        ..ROTATING
    };
    let decision = decide(&session(Phase::Live, 4), token(2), NOW, rules);
    assert_eq!(
        decision,
        Decision::Rotate {
            from: Generation(4)
        }
    );
}

#[test]
fn what_was_blacklisted_once_stays_so_under_other_settings() {
    let presented = Presented {
        blacklisted: true,
        ..token(3)
    };
    for (rotate, blacklist_spent) in [(true, true), (true, false), (false, true), (false, false)] {
        let rules = Rules {
            rotate,
            blacklist_spent,
        };
        let decision = decide(&session(Phase::Live, 4), presented, NOW, rules);
        assert_eq!(decision, Decision::Refuse(Refusal::Spent));
    }
}

#[test]
fn a_generation_from_the_future_is_unknown() {
    let decision = decide(&session(Phase::Live, 4), token(5), NOW, ROTATING);
    assert_eq!(decision, Decision::Refuse(Refusal::Unknown));
}

#[test]
fn an_ended_session_refuses_every_generation() {
    for reason in EndReason::ALL {
        let session = session(
            Phase::Ended {
                at: NOW - 1,
                reason,
            },
            4,
        );
        for presented in 0..6 {
            let decision = decide(&session, token(presented), NOW, ROTATING);
            assert_eq!(decision, Decision::Refuse(Refusal::Ended(reason)));
        }
    }
}

#[test]
fn a_session_ends_in_the_second_of_its_absolute_expiry() {
    let session = session(Phase::Live, 0);
    let last = session.expires_at - 1;
    assert!(matches!(
        decide(&session, token(0), last, ROTATING),
        Decision::Rotate { .. }
    ));
    let decision = decide(&session, token(0), session.expires_at, ROTATING);
    assert_eq!(
        decision,
        Decision::Refuse(Refusal::Ended(EndReason::Expired))
    );
}

#[test]
fn every_reason_reads_back() {
    for reason in EndReason::ALL {
        assert_eq!(EndReason::parse(reason.as_str()), Some(reason));
    }
    assert_eq!(EndReason::parse("whim"), None);
}
