//! What an answer may look like at all, whatever it is about.

use super::{Rule, Violation};
use crate::torture::history::{Action, Event, Outcome};

/// Looks at every answer by itself.
pub fn check(events: &[Event]) -> Vec<Violation> {
    let wrong = |event| wrong(event).map(|why| Violation::new(Rule::PlainAnswers, event, why));
    events.iter().filter_map(wrong).collect()
}

fn wrong(event: &Event) -> Option<String> {
    match &event.outcome {
        Outcome::Failed {
            status: 503,
            retry_after: true,
        } => None,
        Outcome::Failed { status: 503, .. } => Some("a 503 without Retry-After".into()),
        Outcome::Failed { status, .. } => Some(format!("a {status}")),
        Outcome::Accepted(None) if matches!(event.action, Action::Login | Action::Refresh) => {
            Some("accepted without two tokens of a session".into())
        }
        Outcome::Refused { status, .. } if *status != 401 => Some(format!(
            "refused with {status}, though nothing is wrong but perhaps a token"
        )),
        _ => None,
    }
}
