//! Ends, and what comes after them.

use super::{Rule, Story};
use crate::torture::history::Action;

#[test]
fn nothing_is_accepted_after_a_logout_or_an_admins_end() {
    for by_admin in [false, true] {
        let ended = || {
            let mut story = Story::new();
            story.refresh(100, 0);
            if by_admin {
                story.end_as_admin(200);
            } else {
                story.log_out(200, 1);
            }
            story
        };
        assert_eq!(ended().broken(), []);
        assert_eq!(ended().users(300, 1).broken(), [Rule::RevokedStaysRevoked]);
        assert_eq!(ended().verify(300, 0).broken(), [Rule::RevokedStaysRevoked]);
        assert_eq!(
            ended().log_out(300, 1).broken(),
            [Rule::RevokedStaysRevoked]
        );
        assert_eq!(
            ended().kill(250).refresh(400, 1).broken(),
            [Rule::RevokedStaysRevoked]
        );
        // Whoever began before the answer may have been first.
        assert_eq!(ended().refresh(205, 1).lasting(50).broken(), []);
    }
}

#[test]
fn an_end_nobody_was_told_of_may_be_one() {
    let mut story = Story::new();
    story.log_out(100, 0).lose();
    assert_eq!(story.users(200, 0).broken(), []);
    assert_eq!(story.refresh(300, 0).refuse("logout").broken(), []);
}

#[test]
fn a_refusal_with_a_reason_is_an_end() {
    let mut story = Story::new();
    story.log_out(100, 0).lose();
    story.refresh(200, 0).refuse("logout");
    assert_eq!(story.users(300, 0).broken(), [Rule::RevokedStaysRevoked]);
}

#[test]
fn what_the_operator_ends_is_over_for_refreshes_at_once_and_for_access_tokens_within_a_second() {
    for action in [Action::Password, Action::Deactivate] {
        let changed = || {
            let mut story = Story::new();
            story.refresh(100, 0);
            story.change(200, action);
            story
        };
        assert_eq!(changed().users(1_000, 1).broken(), []);
        assert_eq!(
            changed().users(1_300, 1).broken(),
            [Rule::RevokedStaysRevoked]
        );
        assert_eq!(
            changed().refresh(300, 1).broken(),
            [Rule::RevokedStaysRevoked]
        );
        assert_eq!(changed().refresh(300, 1).refuse("password").broken(), []);
    }
}

#[test]
fn a_server_that_is_deaf_may_learn_later_what_the_operator_ended() {
    let changed = || {
        let mut story = Story::new();
        story.change(200, Action::Password);
        story.outage(300);
        story
    };
    assert_eq!(changed().users(3_000, 0).broken(), []);
    assert_eq!(
        changed().users(7_000, 0).broken(),
        [Rule::RevokedStaysRevoked]
    );
    assert_eq!(
        changed().refresh(400, 0).broken(),
        [Rule::RevokedStaysRevoked]
    );

    // What the server itself ended it needs not be told.
    let mut story = Story::new();
    story.log_out(200, 0);
    story.outage(300);
    assert_eq!(story.users(400, 0).broken(), [Rule::RevokedStaysRevoked]);
}

#[test]
fn a_change_concerns_the_sessions_there_were() {
    let mut story = Story::new();
    story.change(100, Action::Password);
    story.log_in(200, "later");
    story.refresh(300, 0);
    assert_eq!(story.broken(), []);
    story.users(2_000, 1).refuse("");
    assert_eq!(story.broken(), [Rule::HonestStaysIn]);

    // A login that overlaps the change may have been before it or after.
    let mut story = Story::new();
    story.change(100, Action::Password).lasting(500);
    story.log_in(300, "meanwhile");
    story.refresh(2_000, 0);
    assert_eq!(story.broken(), []);
    story.users(3_000, 1).refuse("");
    assert_eq!(story.broken(), []);
}

#[test]
fn an_admin_stays_in_however_often_the_server_is_killed() {
    let mut story = Story::new();
    story.kill(100);
    story.end_as_admin(200).refuse_with(303);
    assert!(story.broken().contains(&Rule::HonestStaysIn));
}

#[test]
fn nobody_is_refused_without_a_cause() {
    for use_it in [Story::users, Story::verify, Story::log_out] {
        let mut story = Story::new();
        story.refresh(100, 0);
        use_it(&mut story, 200, 1).refuse("");
        assert_eq!(story.broken(), [Rule::HonestStaysIn]);
    }
}

#[test]
fn to_log_out_with_a_token_that_another_tab_spent_may_be_refused() {
    let mut story = Story::new();
    story.refresh(100, 0).lasting(50);
    story.log_out(105, 0).lasting(60).refuse("");
    assert_eq!(story.broken(), []);
}
