//! Hand-made histories, good and bad. Each rule is seen red by a history that differs from a good one in one point.

mod ends;
mod refreshes;
mod story;

use super::Rule;
use story::Story;

#[test]
fn a_plain_session_is_good() {
    let mut story = Story::new();
    story.refresh(100, 0);
    story.users(200, 1);
    story.refresh(300, 1);
    story.verify(400, 2);
    story.log_out(500, 2);
    story.refresh(600, 2).refuse("logout");
    assert_eq!(story.broken(), []);
}

#[test]
fn trouble_is_a_503_with_retry_after() {
    let mut story = Story::new();
    story.refresh(100, 0).fail(503, true);
    assert_eq!(story.broken(), []);

    story.refresh(200, 0).fail(503, false);
    assert_eq!(story.broken(), [Rule::PlainAnswers]);
    for status in [500, 502, 504] {
        let mut story = Story::new();
        story.users(100, 0).fail(status, true);
        assert_eq!(story.broken(), [Rule::PlainAnswers], "{status}");
    }
}

#[test]
fn an_answer_is_whole_and_a_refusal_is_a_401() {
    let mut story = Story::new();
    story.refresh(100, 0).without_tokens();
    assert_eq!(story.broken(), [Rule::PlainAnswers]);

    let mut story = Story::new();
    story.log_out(100, 0);
    story.users(200, 0).refuse_with(404);
    assert_eq!(story.broken(), [Rule::PlainAnswers]);
}

#[test]
fn sessions_are_judged_apart() {
    let mut story = Story::new();
    story.log_out(100, 0);
    story.log_in(200, "another");
    story.refresh(300, 0);
    assert_eq!(story.broken(), []);
}
