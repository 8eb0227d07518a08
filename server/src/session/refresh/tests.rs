//! Every row of the table of decisions, and what must hold over all of its combinations.

use super::*;
use crate::session::Trail;
use crate::token::{SessionId, UserId};

const NOW: UnixSeconds = 1_800_000_000;
const ROTATING: Rules = Rules {
    rotate: true,
    blacklist_spent: true,
    reuse_interval: 10,
    retry_window: 60,
};

fn browser() -> Device {
    Device::of("a browser")
}

fn presented(generation: i64) -> Presented {
    Presented {
        generation: Generation(generation),
        blacklisted: false,
        device: browser(),
    }
}

/// A live session whose current generation began `ago` seconds ago.
fn rotated(generation: i64, ago: i64, received: bool) -> Session {
    Session {
        id: SessionId::at(NOW),
        user_id: Some(UserId(1)),
        phase: Phase::Live,
        generation: Generation(generation),
        rotation: Rotation {
            at: NOW - ago,
            by: browser(),
            received,
        },
        expires_at: NOW + 3600,
        trail: Trail::default(),
    }
}

fn with_rules(session: &Session, generation: i64, rules: Rules) -> Decision {
    decide(session, &presented(generation), NOW, rules)
}

fn of(session: &Session, generation: i64) -> Decision {
    with_rules(session, generation, ROTATING)
}

#[test]
fn the_current_token_rotates_at_any_age() {
    for ago in [-3600, 0, 10, 61, 86_400] {
        for received in [false, true] {
            let from = Generation(4);
            assert_eq!(of(&rotated(4, ago, received), 4), Decision::Rotate { from });
        }
    }
}

#[test]
fn without_rotation_the_token_stays() {
    let rules = Rules {
        rotate: false,
        ..ROTATING
    };
    assert_eq!(with_rules(&rotated(0, 0, false), 0, rules), Decision::Renew);
}

#[test]
fn two_tabs_that_race_get_the_same_successor() {
    for ago in [0, 1, 9, 10] {
        for received in [false, true] {
            let decision = of(&rotated(4, ago, received), 3);
            assert_eq!(decision, Decision::Replay(Grace::Race), "{ago} s");
        }
    }
}

#[test]
fn a_lost_answer_can_be_asked_for_again() {
    for ago in [11, 59, 60] {
        let decision = of(&rotated(4, ago, false), 3);
        assert_eq!(decision, Decision::Replay(Grace::LostAnswer), "{ago} s");
    }
}

#[test]
fn an_answer_that_arrived_was_not_lost() {
    for ago in [11, 60, 3600] {
        assert_eq!(
            of(&rotated(4, ago, true), 3),
            Decision::End(Reuse::AfterReceipt)
        );
    }
}

#[test]
fn a_window_ends_and_does_not_slide() {
    for ago in [61, 3600] {
        assert_eq!(
            of(&rotated(4, ago, false), 3),
            Decision::End(Reuse::TooLate)
        );
    }
}

#[test]
fn another_device_has_no_grace() {
    let thief = Presented {
        device: Device::of("curl"),
        ..presented(3)
    };
    for ago in [-3600, 0, 30, 3600] {
        for received in [false, true] {
            let session = rotated(4, ago, received);
            let decision = decide(&session, &thief, NOW, ROTATING);
            assert_eq!(decision, Decision::End(Reuse::OtherDevice));
        }
    }
}

#[test]
fn a_device_that_is_not_known_is_another_device() {
    let mut session = rotated(4, 0, false);
    session.rotation.by = Device::from_mark(String::new());
    assert_eq!(of(&session, 3), Decision::End(Reuse::OtherDevice));
}

#[test]
fn what_is_older_than_the_predecessor_has_no_grace() {
    for generation in 0..3 {
        for ago in [0, 30, 3600] {
            let session = rotated(4, ago, false);
            assert_eq!(of(&session, generation), Decision::End(Reuse::Ancestor));
        }
    }
}

#[test]
fn a_clock_that_was_set_back_keeps_the_window_open_and_betrays_no_one() {
    assert_eq!(
        of(&rotated(4, -3600, false), 3),
        Decision::Replay(Grace::Race)
    );
    assert_eq!(
        of(&rotated(4, -3600, false), 2),
        Decision::End(Reuse::Ancestor)
    );
}

#[test]
fn a_window_of_no_seconds_is_never_open() {
    let strict = Rules {
        reuse_interval: 0,
        retry_window: 0,
        ..ROTATING
    };
    let decision = with_rules(&rotated(4, 0, false), 3, strict);
    assert_eq!(decision, Decision::End(Reuse::TooLate));
    let no_race = Rules {
        reuse_interval: 0,
        ..ROTATING
    };
    let decision = with_rules(&rotated(4, 0, false), 3, no_race);
    assert_eq!(decision, Decision::Replay(Grace::LostAnswer));
}

#[test]
fn a_generation_that_was_never_reached_is_unknown() {
    let decision = of(&rotated(4, 0, false), 5);
    assert_eq!(decision, Decision::Refuse(Refusal::Unknown));
}

#[test]
fn without_blacklisting_any_generation_goes_on() {
    let rules = Rules {
        blacklist_spent: false,
        ..ROTATING
    };
    for generation in [0, 3, 4] {
        let decision = with_rules(&rotated(4, 3600, true), generation, rules);
        let from = Generation(4);
        assert_eq!(decision, Decision::Rotate { from });
    }
    let blacklisted = Presented {
        blacklisted: true,
        ..presented(3)
    };
    let decision = decide(&rotated(4, 0, false), &blacklisted, NOW, rules);
    assert_eq!(decision, Decision::Refuse(Refusal::Spent));
}

#[test]
fn an_ended_session_says_why_and_nothing_else() {
    for reason in EndReason::ALL {
        for generation in 0..6 {
            let mut session = rotated(4, 0, false);
            session.phase = Phase::Ended { at: NOW, reason };
            let refused = Decision::Refuse(Refusal::Ended(reason));
            assert_eq!(of(&session, generation), refused);
        }
    }
}

#[test]
fn a_session_past_its_absolute_end_has_expired() {
    for generation in 0..6 {
        let mut session = rotated(4, 0, false);
        session.expires_at = NOW;
        let refused = Decision::Refuse(Refusal::Ended(EndReason::Expired));
        assert_eq!(of(&session, generation), refused);
    }
}

/// Calls `check` with every combination of what a decision depends on.
fn for_all(mut check: impl FnMut(&Session, &Presented, Rules, Decision)) {
    let yes_and_no = [false, true];
    for generation in 0..4 {
        for session_generation in 0..4 {
            for ago in [-7200, -1, 0, 9, 10, 11, 60, 61, 90_000] {
                for received in yes_and_no {
                    for blacklisted in yes_and_no {
                        for same_device in yes_and_no {
                            for rotate in yes_and_no {
                                for blacklist_spent in yes_and_no {
                                    let session = rotated(session_generation, ago, received);
                                    let agent = if same_device { "a browser" } else { "curl" };
                                    let presented = Presented {
                                        generation: Generation(generation),
                                        blacklisted,
                                        device: Device::of(agent),
                                    };
                                    let rules = Rules {
                                        rotate,
                                        blacklist_spent,
                                        ..ROTATING
                                    };
                                    let decision = decide(&session, &presented, NOW, rules);
                                    check(&session, &presented, rules, decision);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn over_all_combinations_a_spent_token_never_makes_a_successor_of_its_own() {
    for_all(|session, presented, rules, decision| {
        let spent = presented.generation < session.generation && rules.blacklist_spent;
        if spent {
            assert!(
                matches!(decision, Decision::Replay(_) | Decision::End(_)),
                "{decision:?}"
            );
        } else {
            assert!(
                !matches!(decision, Decision::Replay(_) | Decision::End(_)),
                "{decision:?}"
            );
        }
    });
}

#[test]
fn over_all_combinations_only_the_predecessor_from_its_device_is_replayed() {
    for_all(|session, presented, _, decision| {
        if let Decision::Replay(grace) = decision {
            assert_eq!(presented.generation.next(), session.generation);
            assert_eq!(presented.device, session.rotation.by);
            let elapsed = NOW - session.rotation.at;
            match grace {
                Grace::Race => assert!(elapsed <= 10),
                Grace::LostAnswer => assert!(elapsed <= 60 && !session.rotation.received),
            }
        }
    });
}

#[test]
fn over_all_combinations_a_rotation_starts_at_the_current_generation() {
    for_all(|session, presented, rules, decision| match decision {
        Decision::Rotate { from } => {
            assert_eq!(from, session.generation);
            assert!(rules.rotate && !presented.blacklisted);
        }
        Decision::Renew => assert!(!rules.rotate && !presented.blacklisted),
        _ => {}
    });
}
