//! Does a history keep the promises? Pure: events and windows in, violations out. Where the order of two requests
//! can not be known, because they overlapped or one was never answered, every order that could have been counts as
//! an excuse; so what is reported here is wrong in each of them.

mod answers;
mod honest;
mod reuse;
mod revocation;
mod session;
mod successors;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use super::history::Event;
use session::Session;

/// The server counts in whole seconds: a window is only certain to be open, or closed, this far from its edge. The
/// same holds for what the operator's commands end: a running server acts on it within this time.
pub const SLACK: Duration = Duration::from_secs(1);

/// The two windows of the server's settings.
#[derive(Clone, Copy, Debug)]
pub struct Windows {
    /// `JOTWARD_REFRESH_REUSE_INTERVAL`.
    pub reuse: Duration,
    /// `JOTWARD_REFRESH_RETRY_WINDOW`.
    pub retry: Duration,
}

/// What is promised.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Rule {
    /// A generation has one successor, the same byte for byte however often it is answered.
    OneSuccessor,
    /// After an answered end nothing of the session is accepted.
    RevokedStaysRevoked,
    /// A lost answer can be had again within the retry window.
    LostAnswerRetried,
    /// An answered rotation is never forgotten.
    RotationKept,
    /// Who keeps the rules is not refused.
    HonestStaysIn,
    /// The server says 503 with `Retry-After` when it can not say more, and nothing worse.
    PlainAnswers,
    /// A spent token outside the grace rules ends its session.
    ReuseEndsSession,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneSuccessor => "a generation has one successor",
            Self::RevokedStaysRevoked => "nothing is accepted after an answered end",
            Self::LostAnswerRetried => "a lost answer can be had again within the retry window",
            Self::RotationKept => "an answered rotation is never forgotten",
            Self::HonestStaysIn => "who keeps the rules is not refused",
            Self::PlainAnswers => "trouble is a 503 with Retry-After, and answers are whole",
            Self::ReuseEndsSession => "a spent token outside the grace rules ends its session",
        })
    }
}

/// A promise that was not kept.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Which.
    pub rule: Rule,
    /// What was wrong, in a sentence.
    pub why: String,
    /// Where it shows.
    pub event: Event,
}

impl Violation {
    fn new(rule: Rule, event: &Event, why: impl Into<String>) -> Self {
        Self {
            rule,
            why: why.into(),
            event: event.clone(),
        }
    }
}

/// Checks a history whose events stand in the order of their beginnings; the earliest violation comes first.
#[must_use]
pub fn check(events: &[Event], windows: Windows) -> Vec<Violation> {
    let mut found = answers::check(events);
    for session in Session::all(events, windows) {
        found.extend(successors::check(&session));
        found.extend(revocation::check(&session));
        found.extend(honest::check(&session));
        found.extend(reuse::check(&session));
    }
    found.sort_by_key(|violation| violation.event.start);
    found
}

/// How many presentations of spent tokens were certain to be reuse and were refused.
#[must_use]
pub fn reuses(events: &[Event], windows: Windows) -> usize {
    let sessions = Session::all(events, windows);
    let refused = |session: &Session| {
        let certain = session.presented().filter(|event| event.refused());
        certain.filter(|event| session.is_reuse(event)).count()
    };
    sessions.iter().map(refused).sum()
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
