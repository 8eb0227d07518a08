//! How much happened, and whether it was enough to mean anything: a run in which nothing was killed or replayed
//! proves nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::check::{Windows, reuses};
use super::history::{Action, Event, Outcome};

/// The counts of a run.
#[derive(Debug)]
pub struct Summary {
    outcomes: BTreeMap<(Action, &'static str), usize>,
    rotations: usize,
    replays: usize,
    retried: usize,
    reuses: usize,
}

impl Summary {
    /// Counts a history.
    pub fn of(events: &[Event], windows: Windows) -> Self {
        let mut outcomes = BTreeMap::new();
        let (mut rotations, mut replays, mut retried) = (0, 0, 0);
        let mut seen = BTreeSet::new();
        let mut lost = BTreeSet::new();
        for event in events {
            *outcomes
                .entry((event.action, word(&event.outcome)))
                .or_insert(0) += 1;
            if event.action != Action::Refresh {
                continue;
            }
            let Some(presented) = &event.presented else {
                continue;
            };
            if event.unknown() {
                lost.insert(&presented.jti);
            }
            if let Some(pair) = event.answered() {
                if seen.insert(&pair.refresh.jti) {
                    rotations += 1;
                } else {
                    replays += 1;
                }
                retried += usize::from(lost.remove(&presented.jti));
            }
        }
        Self {
            outcomes,
            rotations,
            replays,
            retried,
            reuses: reuses(events, windows),
        }
    }

    /// What happened too rarely in a run of this length.
    pub fn too_little(&self, lasted: Duration) -> Vec<String> {
        let seconds = usize::try_from(lasted.as_secs())
            .unwrap_or(usize::MAX)
            .max(1);
        let done = |action| self.outcomes.get(&(action, "done")).copied().unwrap_or(0);
        let wanted = [
            ("kills", done(Action::Kill), seconds / 8),
            ("outages", done(Action::Outage), seconds / 12),
            ("rotations", self.rotations, seconds * 4),
            ("replays", self.replays, seconds / 2),
            (
                "lost answers that were had again",
                self.retried,
                seconds / 4,
            ),
            ("reuses", self.reuses, seconds / 4),
            ("uses of access tokens", done(Action::Users), seconds * 2),
            ("logouts", done(Action::Logout), seconds / 10),
            ("ends by an admin", done(Action::AdminEnd), seconds / 10),
            ("changes of passwords", done(Action::Password), seconds / 30),
            ("deactivations", done(Action::Deactivate), seconds / 30),
        ];
        let short = wanted
            .into_iter()
            .filter(|(_, found, least)| *found < (*least).max(1));
        short
            .map(|(what, found, least)| format!("{found} {what}, not {}", least.max(1)))
            .collect()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut action = None;
        for ((of, word), count) in &self.outcomes {
            if action == Some(of) {
                write!(f, ", {count} {word}")?;
            } else {
                let end = if action.is_some() { "\n" } else { "" };
                write!(f, "{end}  {:<11} {count} {word}", format!("{of:?}"))?;
            }
            action = Some(of);
        }
        write!(
            f,
            "\n  {} rotations, {} replays, {} lost answers had again, {} reuses refused",
            self.rotations, self.replays, self.retried, self.reuses
        )
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted(_) => "done",
        Outcome::Refused { .. } => "refused",
        Outcome::Failed { .. } => "failed",
        Outcome::Unknown => "unanswered",
        Outcome::NotSent => "not sent",
    }
}
