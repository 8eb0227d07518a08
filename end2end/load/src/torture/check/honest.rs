//! Nobody is refused who kept the rules, in a session that nobody ended and nothing suspicious happened to.

use super::session::Session;
use super::{Rule, Violation};
use crate::torture::history::{Action, Event};

/// Checks that every refusal has a reason that can be seen.
pub fn check(session: &Session) -> Vec<Violation> {
    let suspects: Vec<&Event> = session
        .events
        .iter()
        .copied()
        .filter(|event| is_suspect(session, event))
        .collect();
    let refused = session.events.iter().filter(|event| event.refused());
    let found = refused.filter_map(|event| {
        if event.action == Action::AdminEnd {
            let why = "the admin was refused, in a session nobody ended";
            return Some(Violation::new(Rule::HonestStaysIn, event, why));
        }
        if was_ended(session, event) || suspects.iter().any(|suspect| suspect.start < event.end) {
            return None;
        }
        Some(if was_lost(session, event) {
            let why = "refused, though its answer was lost and it came again in time";
            Violation::new(Rule::LostAnswerRetried, event, why)
        } else {
            let why = "refused, though nobody ended the session and nothing happened to it";
            Violation::new(Rule::HonestStaysIn, event, why)
        })
    });
    found.collect()
}

/// Whether something may have been taken for reuse. To log out with a spent token may count as that.
fn is_suspect(session: &Session, event: &Event) -> bool {
    match event.action {
        Action::Refresh => session.may_be_reuse(event),
        Action::Logout => {
            event.refused() && {
                let rotated = session.presented().filter(|other| !other.refused());
                rotated
                    .filter(|other| other.start < event.end)
                    .any(|other| other.generation() >= event.generation())
            }
        }
        _ => false,
    }
}

/// Whether somebody else may have ended the session by the time this was refused.
fn was_ended(session: &Session, refused: &Event) -> bool {
    let ends = session.events.iter().filter(|event| {
        matches!(event.action, Action::Logout | Action::AdminEnd) && !event.refused()
    });
    let mut all = ends.chain(&session.changes);
    all.any(|end| end.start < refused.end)
}

fn was_lost(session: &Session, refused: &Event) -> bool {
    refused.action == Action::Refresh
        && session.presented().any(|earlier| {
            earlier.unknown()
                && earlier.start < refused.start
                && earlier.presented == refused.presented
        })
}
