//! Rotation, replay and reuse.

use super::{Rule, Story};

#[test]
fn a_replay_is_the_same_token() {
    let replayed = || {
        let mut story = Story::new();
        story.refresh(100, 0);
        story.refresh(150, 0);
        story
    };
    assert_eq!(replayed().broken(), []);
    assert_eq!(replayed().with_jti("other").broken(), [Rule::OneSuccessor]);
    assert_eq!(replayed().with_other_bytes().broken(), [Rule::OneSuccessor]);
}

#[test]
fn the_session_moves_forward_only() {
    let mut story = Story::new();
    story.refresh(100, 0).with_generation(2);
    assert_eq!(story.broken(), [Rule::RotationKept]);

    let mut story = Story::new();
    story.refresh(100, 0).with_access_of(0);
    assert_eq!(story.broken(), [Rule::RotationKept]);

    // Generation 2 was answered; a kill later only generation 0 is remembered.
    let mut story = Story::new();
    story.refresh(100, 0);
    story.refresh(200, 1);
    story.kill(300);
    story.refresh(400, 0);
    assert_eq!(story.broken(), [Rule::RotationKept, Rule::ReuseEndsSession]);
}

#[test]
fn a_session_that_was_answered_is_not_forgotten() {
    let mut story = Story::new();
    story.refresh(100, 0);
    story.kill(200);
    story.refresh(400, 1).refuse("");
    assert_eq!(story.broken(), [Rule::HonestStaysIn]);
}

#[test]
fn tabs_may_race_for_one_token_within_the_reuse_interval() {
    let raced = |at| {
        let mut story = Story::new();
        story.refresh(100, 0);
        story.users(200, 1);
        story.refresh(at, 0).refuse("reuse");
        story.broken()
    };
    assert_eq!(raced(5_000), [Rule::HonestStaysIn]);
    // Just at the edge both answers are right, and after it this is the right one.
    for at in [9_500, 10_900, 12_000] {
        assert_eq!(raced(at), [], "{at}");
    }
}

#[test]
fn a_lost_answer_can_be_had_again_within_the_retry_window() {
    let lost = |at| {
        let mut story = Story::new();
        story.refresh(100, 0).lose();
        story.refresh(at, 0);
        story
    };
    assert_eq!(lost(30_000).broken(), []);
    assert_eq!(
        lost(30_000).refuse("reuse").broken(),
        [Rule::LostAnswerRetried]
    );
    assert_eq!(lost(30_000).from("thief").refuse("reuse").broken(), []);
    assert_eq!(lost(61_000).refuse("reuse").broken(), []);
}

#[test]
fn a_request_the_server_died_over_is_no_excuse_later() {
    let died = |killed| {
        let mut story = Story::new();
        story.refresh(100, 0).lose();
        if killed {
            story.kill(105);
        }
        story.refresh(400, 0);
        story.refresh(500, 1);
        story.refresh(600, 2).refuse("reuse");
        story.broken()
    };
    assert_eq!(died(true), [Rule::HonestStaysIn]);
    // Alive, the server may have worked on it when generation 2 was current.
    assert_eq!(died(false), []);
}

#[test]
fn a_token_of_two_generations_ago_ends_the_session() {
    let old = || {
        let mut story = Story::new();
        story.refresh(100, 0);
        story.refresh(200, 1);
        story.refresh(300, 0).refuse("reuse");
        story
    };
    assert_eq!(old().broken(), []);
    assert_eq!(old().refuse("").broken(), [Rule::ReuseEndsSession]);
    assert_eq!(old().refresh(400, 2).broken(), [Rule::RevokedStaysRevoked]);
    assert_eq!(old().users(400, 2).broken(), [Rule::RevokedStaysRevoked]);
}

#[test]
fn a_spent_token_on_another_device_ends_the_session() {
    let stolen = |agent| {
        let mut story = Story::new();
        story.refresh(100, 0);
        story.refresh(200, 0).from(agent);
        story.broken()
    };
    assert_eq!(stolen("browser"), []);
    assert_eq!(stolen("thief"), [Rule::ReuseEndsSession]);
}

#[test]
fn a_thief_who_was_first_gives_the_owner_away() {
    let mut story = Story::new();
    story.refresh(100, 0).from("thief");
    story.refresh(200, 0).refuse("reuse");
    story.refresh(300, 1).from("thief").refuse("reuse");
    assert_eq!(story.broken(), []);

    story.users(400, 1);
    assert_eq!(story.broken(), [Rule::RevokedStaysRevoked]);
}

#[test]
fn a_spent_token_after_the_interval_ends_the_session_if_its_successor_was_used() {
    let late = |used: bool, at| {
        let mut story = Story::new();
        story.refresh(100, 0);
        if used {
            story.users(200, 1);
        }
        story.refresh(at, 0);
        story.broken()
    };
    assert_eq!(late(true, 5_000), []);
    assert_eq!(late(true, 10_500), []);
    assert_eq!(late(true, 12_000), [Rule::ReuseEndsSession]);
    assert_eq!(late(false, 12_000), []);
    assert_eq!(late(false, 62_000), [Rule::ReuseEndsSession]);
}

#[test]
fn a_use_just_before_a_kill_may_be_forgotten() {
    let killed = |at| {
        let mut story = Story::new();
        story.refresh(100, 0);
        story.users(200, 1);
        story.kill(at);
        story.refresh(12_000, 0);
        story.broken()
    };
    assert_eq!(killed(500), []);
    assert_eq!(killed(3_000), [Rule::ReuseEndsSession]);

    let mut story = Story::new();
    story.refresh(100, 0);
    story.users(200, 1);
    story.stop(500);
    story.refresh(12_000, 0);
    assert_eq!(story.broken(), [Rule::ReuseEndsSession]);
}

#[test]
fn who_overlaps_a_rotation_may_be_before_or_after_it() {
    // Generation 0 is presented while 1 is on its way to 2: perhaps after it, which is reuse.
    let mut story = Story::new();
    story.refresh(100, 0);
    story.refresh(200, 0).lasting(500).refuse("reuse");
    story.refresh(300, 1);
    story.refresh(800, 2).refuse("reuse");
    assert_eq!(story.broken(), []);
}
