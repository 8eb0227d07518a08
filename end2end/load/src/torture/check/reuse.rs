//! A spent token outside the grace rules is refused, and its session is declared over. That everything else of the
//! session is refused from then on is checked with the other ends.

use super::session::Session;
use super::{Rule, Violation};
use crate::torture::history::{Event, Outcome};

/// Checks every refresh that is reuse for certain.
pub fn check(session: &Session) -> Vec<Violation> {
    let wrong = |event: &Event| {
        let why = match &event.outcome {
            Outcome::Accepted(_) => "accepted, though it was spent for good",
            Outcome::Refused { ended: None, .. } => {
                "refused, but the session was not said to be over"
            }
            _ => return None,
        };
        Some(Violation::new(Rule::ReuseEndsSession, event, why))
    };
    let reuse = session.presented().filter(|event| session.is_reuse(event));
    reuse.filter_map(wrong).collect()
}
