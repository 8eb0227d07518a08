//! A history for people: one line an event, and the part of it that a violation is about.

use std::fmt::Write;

use super::check::Violation;
use super::history::{Action, Event, Micros, Outcome};

/// Lines that are shown before the one in question, and after it.
const AROUND: (usize, usize) = (30, 5);

/// A violation and the history of its session, with the kills in between.
pub fn violation(violation: &Violation, events: &[Event]) -> String {
    let sid = violation.event.sid();
    let user = violation.event.user;
    let own = || {
        events
            .iter()
            .filter(|event| sid.is_some() && event.sid() == sid)
    };
    let life = own().map(|event| event.start).min()..own().map(|event| event.end).max();
    let about: Vec<&Event> = events
        .iter()
        .filter(|event| match event.action {
            Action::Kill | Action::Stop | Action::Outage => life.contains(&Some(event.start)),
            Action::Password | Action::Deactivate => event.user == user,
            _ => sid.is_some() && event.sid() == sid,
        })
        .collect();
    let is_it = |event: &Event| {
        event.start == violation.event.start && event.client == violation.event.client
    };
    let at = about.iter().position(|event| is_it(event)).unwrap_or(0);
    let shown = &about[at.saturating_sub(AROUND.0)..about.len().min(at + AROUND.1 + 1)];
    let mut text = format!("violated: {}\n  {}\n", violation.rule, violation.why);
    if let Some(sid) = sid {
        let _ = writeln!(text, "  session {sid}");
    }
    for event in shown {
        let mark = if is_it(event) { '>' } else { ' ' };
        let _ = writeln!(text, "{mark} {}", line(event));
    }
    text
}

fn line(event: &Event) -> String {
    let mut text = format!("{} to {}", seconds(event.start), seconds(event.end));
    let of_all = match event.action {
        Action::Kill => Some("  the server is killed"),
        Action::Stop => Some("  the server is stopped"),
        Action::Outage => Some("  the database has an outage"),
        _ => None,
    };
    if let Some(what) = of_all {
        text.push_str(what);
        return text;
    }
    let _ = write!(text, "  [{}] {:?}", event.agent, event.action);
    if let Some(token) = &event.presented {
        let _ = write!(
            text,
            " generation {} ({})",
            token.generation,
            short(&token.jti)
        );
    }
    match &event.outcome {
        Outcome::Accepted(None) => text.push_str(": done"),
        Outcome::Accepted(Some(pair)) => {
            let next = &pair.refresh;
            let _ = write!(
                text,
                ": generation {} ({})",
                next.generation,
                short(&next.jti)
            );
        }
        Outcome::Refused { status, ended } => {
            let _ = write!(text, ": {status}");
            if let Some(why) = ended {
                let _ = write!(text, ", session ended: {why}");
            }
        }
        Outcome::Failed { status, .. } => {
            let _ = write!(text, ": {status}");
        }
        Outcome::Unknown => text.push_str(": no answer"),
        Outcome::NotSent => text.push_str(": not sent"),
    }
    text
}

fn seconds(time: Micros) -> String {
    format!("{:>4}.{:06}", time / 1_000_000, time % 1_000_000)
}

fn short(jti: &str) -> &str {
    jti.get(..8).unwrap_or(jti)
}

/// How often each rule was violated.
pub fn tally(violations: &[Violation]) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for violation in violations {
        *counts.entry(violation.rule).or_insert(0) += 1;
    }
    counts
        .iter()
        .fold(String::new(), |mut text, (rule, count)| {
            let _ = writeln!(text, "{count:>6} times violated: {rule}");
            text
        })
}
