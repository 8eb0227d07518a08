//! After an end was answered, nothing of the session is accepted any more: at once where the server itself ended
//! it, within a second for access tokens where the operator's command line did.

use std::time::Duration;

use super::session::Session;
use super::{Rule, SLACK, Violation, micros};
use crate::torture::history::{Action, Event, Micros, Outcome};

/// How long a server that can not hear the database may believe its memory, and what it takes to notice.
const DEAF: Duration = Duration::from_secs(6);

/// An end somebody was told of.
struct End {
    /// When they knew.
    at: Micros,
    /// How long access tokens may go on.
    rest: Micros,
    /// What it was, for people.
    what: String,
}

/// Checks that nothing was accepted that began after an end.
pub fn check(session: &Session) -> Vec<Violation> {
    let ends = ends(session);
    let after = |event: &Event| {
        let access = matches!(event.action, Action::Users | Action::Verify);
        let before = |end: &&End| {
            let rest = match (access, end.rest) {
                (false, _) | (true, 0) => 0,
                (true, _) if session.had_outage(end.at, event.start) => micros(DEAF),
                (true, rest) => rest,
            };
            event.start > end.at + rest
        };
        let end = ends.iter().find(before)?;
        let why = format!("accepted, though {} was answered before", end.what);
        Some(Violation::new(Rule::RevokedStaysRevoked, event, why))
    };
    let uses = session.events.iter().filter(|event| {
        // To end what is over is no harm.
        event.accepted() && !matches!(event.action, Action::Login | Action::AdminEnd)
    });
    uses.filter_map(|event| after(event)).collect()
}

fn ends(session: &Session) -> Vec<End> {
    let opened = session.answers().map(|(event, _)| event.end).min();
    let change = |change: &&Event| {
        // A login that overlaps the change may have come after it.
        let covered = opened.is_some_and(|opened| opened <= change.start);
        (covered && change.accepted()).then(|| End {
            at: change.end,
            rest: micros(SLACK),
            what: format!("{:?} by the operator", change.action),
        })
    };
    let told = |event: &&Event| {
        let (rest, what) = match (&event.outcome, event.action) {
            (Outcome::Accepted(_), Action::Logout | Action::AdminEnd) => {
                (0, format!("{:?}", event.action))
            }
            (
                Outcome::Refused {
                    ended: Some(why), ..
                },
                _,
            ) => {
                let elsewhere = matches!(why.as_str(), "password" | "user_disabled");
                let rest = if elsewhere { micros(SLACK) } else { 0 };
                (rest, format!("a refusal with the reason {why}"))
            }
            (Outcome::Refused { .. }, Action::Refresh) if session.is_reuse(event) => {
                (0, "the refusal of a spent token".to_owned())
            }
            _ => return None,
        };
        Some(End {
            at: event.end,
            rest,
            what,
        })
    };
    let changes = session.changes.iter().filter_map(change);
    changes
        .chain(session.events.iter().filter_map(told))
        .collect()
}
