//! One session's part of a history, and what can be said for certain about the order in which the server worked on
//! it: a request was worked on somewhere between its beginning and its answer, or, unanswered, until the process it
//! was sent to was killed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{SLACK, Windows, micros};
use crate::torture::history::{Action, Event, Micros, Outcome};

/// A new process needs longer than this until it can be sent anything.
const RESTART: Micros = 50_000;

/// How long a server may keep in memory alone that an access token was used.
const NOTED: Duration = Duration::from_secs(2);

/// A session.
pub struct Session<'a> {
    /// Its events that reached the server or may have, in the order of their beginnings.
    pub events: Vec<&'a Event>,
    /// Changes of its user, which end all sessions there are.
    pub changes: Vec<&'a Event>,
    gone: Arc<[&'a Event]>,
    outages: Arc<[&'a Event]>,
    windows: Windows,
}

impl<'a> Session<'a> {
    /// Every session of a history.
    pub fn all(events: &'a [Event], windows: Windows) -> Vec<Self> {
        let all = |actions: &[Action]| -> Arc<[&Event]> {
            let of_all = events
                .iter()
                .filter(|event| actions.contains(&event.action));
            of_all.collect()
        };
        let gone = all(&[Action::Kill, Action::Stop]);
        let outages = all(&[Action::Outage]);
        let mut by_sid: BTreeMap<Arc<str>, Vec<&Event>> = BTreeMap::new();
        let mut by_user: BTreeMap<usize, Vec<&Event>> = BTreeMap::new();
        for event in events {
            if event.outcome == Outcome::NotSent {
                continue;
            }
            if let Action::Password | Action::Deactivate = event.action {
                by_user.entry(event.user).or_default().push(event);
            } else if let Some(sid) = event.sid() {
                by_sid.entry(Arc::clone(sid)).or_default().push(event);
            }
        }
        let with_changes = |events: Vec<&'a Event>| {
            let first = *events.first()?;
            let changes = by_user.get(&first.user).into_iter().flatten().copied();
            Some(Self {
                changes: changes.filter(|change| change.end > first.start).collect(),
                events,
                gone: Arc::clone(&gone),
                outages: Arc::clone(&outages),
                windows,
            })
        };
        by_sid.into_values().filter_map(with_changes).collect()
    }

    /// Refreshes.
    pub fn presented(&self) -> impl Iterator<Item = &'a Event> {
        let events = self.events.iter().copied();
        events.filter(|event| event.action == Action::Refresh)
    }

    /// Answers with a refresh token: the login's and those of refreshes.
    pub fn answers(&self) -> impl Iterator<Item = (&'a Event, &'a crate::torture::history::Pair)> {
        let events = self.events.iter().copied();
        events.filter_map(|event| Some((event, event.answered()?)))
    }

    /// The newest generation that had been answered before `time`.
    pub fn known_generation(&self, time: Micros) -> Option<i64> {
        let before = self.answers().filter(|(event, _)| event.end < time);
        before.map(|(_, pair)| pair.refresh.generation).max()
    }

    /// The latest moment at which the server may still have worked on a request.
    pub fn latest(&self, event: &Event) -> Micros {
        if !event.unknown() {
            return event.end;
        }
        for kill in self.gone.iter() {
            let during = kill.start <= event.end && kill.end >= event.start;
            if during && event.end <= kill.end + RESTART {
                return event.end.max(kill.end);
            }
            if kill.start >= event.end {
                return kill.end;
            }
        }
        Micros::MAX
    }

    /// Whether the rules allow that this refresh was taken for reuse, in some order of events that could have been.
    pub fn may_be_reuse(&self, event: &Event) -> bool {
        let (Some(generation), latest) = (event.generation(), self.latest(event)) else {
            return false;
        };
        let others = || {
            let rotating = self.presented().filter(|other| !other.refused());
            rotating.filter(|other| !std::ptr::eq(*other, event) && other.start < latest)
        };
        let newest = others()
            .filter_map(|other| Some(other.generation()? + 1))
            .max();
        let newest = newest.unwrap_or(0);
        if generation + 1 != newest {
            return generation < newest;
        }
        // Spent by one of these, and presented again.
        let twins = || others().filter(|other| other.generation() == Some(generation));
        let Some(first) = twins().map(|twin| twin.start).min() else {
            return false;
        };
        let one_device = twins().all(|twin| twin.agent == event.agent);
        let within = |window| latest.saturating_sub(first) <= micros(window) - micros(SLACK);
        let unused = !self.events.iter().any(|other| {
            let uses = matches!(other.action, Action::Users | Action::Verify);
            uses && other.generation() == Some(newest) && other.start < latest
        });
        let replayed = within(self.windows.reuse) || (unused && within(self.windows.retry));
        !(one_device && replayed)
    }

    /// Whether this refresh is reuse in every order of events that could have been.
    pub fn is_reuse(&self, event: &Event) -> bool {
        let (Some(generation), Some(known)) =
            (event.generation(), self.known_generation(event.start))
        else {
            return false;
        };
        if generation + 1 != known {
            return generation + 1 < known;
        }
        let rotated = self
            .answers()
            .filter(|(_, pair)| pair.refresh.generation == known);
        let Some(rotated) = rotated.map(|(answer, _)| answer.end).min() else {
            return false;
        };
        let other_device = self
            .presented()
            .filter(|twin| twin.generation() == Some(generation) && twin.start < rotated)
            .all(|twin| twin.agent != event.agent);
        let closed = |window| event.start.saturating_sub(rotated) > micros(window) + micros(SLACK);
        other_device
            || closed(self.windows.retry)
            || (closed(self.windows.reuse) && self.was_used(known, event.start))
    }

    /// Whether the database was not itself at some time between two moments, or just before.
    pub fn had_outage(&self, from: Micros, to: Micros) -> bool {
        let mut outages = self.outages.iter();
        outages.any(|outage| outage.end + micros(SLACK) > from && outage.start < to)
    }

    /// Whether an access token of a generation was accepted before `time`, and not just before a kill: the server
    /// remembers uses in memory first.
    fn was_used(&self, generation: i64, time: Micros) -> bool {
        let forgotten = |used: &Event| {
            self.gone.iter().any(|kill| {
                kill.action == Action::Kill
                    && kill.end >= used.start
                    && kill.start < time
                    && kill.start.saturating_sub(used.end) < micros(NOTED)
            })
        };
        self.events.iter().any(|used| {
            used.action == Action::Users
                && used.accepted()
                && used.generation() == Some(generation)
                && used.end < time
                && !forgotten(used)
        })
    }
}
