//! `jotward demo-data`: fills an empty database with a past that never was.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Exit, open, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::demo_data::{Made, Scope, WINDOW, fill};

/// How often there is a line about the progress: so many times in all.
const LINES: usize = 20;

/// Makes so many sessions, with all that belongs to them, and says what was made.
pub async fn run(sessions: usize, seed: u64, settings: &Settings) -> Result<(), Exit> {
    let scope = Scope::new(sessions, seed, Clock::System.now(), settings)?;
    let store = open(settings).await?;
    let told = AtomicUsize::new(0);
    let made = fill(&store, scope, |done| {
        let line = done * LINES / sessions;
        if told.swap(line, Ordering::Relaxed) < line {
            // Who does not look at it misses nothing.
            let _ = writeln!(io::stderr(), "{done} of {sessions} sessions");
        }
    });
    let made = made.await?;
    store.close().await;
    say(&summary(&made, settings))
}

fn summary(made: &Made, settings: &Settings) -> String {
    let Made {
        users,
        devices,
        sessions,
        live,
        tokens,
        blacklisted,
        events,
        ..
    } = made;
    let mut lines = vec![
        format!("{users} users with {devices} devices; none of them has a password"),
        format!("{sessions} sessions, {live} of them live"),
        format!("{tokens} tokens, {blacklisted} of them blacklisted"),
        format!("{events} events"),
        "To look at it: `jotward user add NAME --superuser`, then `jotward serve`".to_owned(),
    ];
    if settings.keep_expired.get() < WINDOW {
        lines.push(format!(
            "With KEEP_EXPIRED at {} a server soon begins to remove what is over; `--keep-expired 400d` keeps all of it",
            settings.keep_expired
        ));
    }
    lines.join("\n")
}
