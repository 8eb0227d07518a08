//! Do those who refresh notice the clean-up? It is the command's, a process of its own that competes for SQLite's one
//! write lock; a server that cleans up by itself puts the same small transactions between those of its clients.

use std::time::{Duration, Instant};

use load::stats::Sample;

use crate::Outcome;
use crate::crowd::{What, stroll};
use crate::flood::{CLIENTS, PACE};
use crate::refresh::milliseconds;
use crate::rounds::{Ratio, median};
use crate::seed::{Past, copy};
use crate::table::{Table, Target};
use crate::world::World;

/// How often: each needs a copy of the database.
const ROUNDS: usize = 3;

/// After a clean-up of so many seconds there is no other.
const PATIENCE: f64 = 20.0;

/// How long nothing is cleaned up.
const ALONE: Duration = Duration::from_secs(4);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses, or the clean-up fails.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let (mut during, mut alone, mut took) = (Vec::new(), Vec::new(), Vec::new());
    let mut longest = Duration::ZERO;
    for _ in 0..ROUNDS {
        let past = copy(Past::Expired).await?;
        let mut world = World::with(CLIENTS, Some(past.url())).await?;
        // A first go that does not count.
        stroll(&mut world.clients, What::Refresh, ALONE / 4, PACE).await?;
        alone.push(
            stroll(&mut world.clients, What::Refresh, ALONE, PACE)
                .await?
                .p99(),
        );
        let (cleaning, seconds) = clean(&mut world).await?;
        longest = cleaning.quantile(1000).max(longest);
        during.push(milliseconds(&cleaning, 990));
        took.push(seconds);
        if seconds > PATIENCE {
            break;
        }
    }
    let figure = |figures: &[f64]| format!("{:.2} ms", median(figures));
    table.row(
        "refresh p99 at 400/s, while 200,000 expired tokens are removed against without that",
        figure(&during),
        figure(&alone),
        &Ratio::of(&during, &alone),
        Target::None,
    );
    table.note(format!(
        "clean-up: it took {:.1} s for 200,000 tokens and 10,000 sessions; the longest refresh meanwhile {:.0} ms",
        median(&took),
        longest.as_secs_f64() * 1e3
    ));
    Ok(())
}

/// How long refreshes took during the clean-up, and how many seconds that took.
async fn clean(world: &mut World) -> Outcome<(Sample, f64)> {
    let operator = world.server.operator();
    let begun = Instant::now();
    let cleaning = tokio::spawn(async move {
        let said = operator.run(&["token", "flush-expired"], None).await;
        (said, begun.elapsed())
    });
    let mut latencies = Vec::new();
    while !cleaning.is_finished() {
        let done = stroll(
            &mut world.clients,
            What::Refresh,
            Duration::from_millis(250),
            PACE,
        )
        .await?;
        latencies.extend(done.latencies.iter());
    }
    let (said, took) = cleaning.await?;
    let said = said?;
    if !said.contains("removed 200000 tokens") {
        return Err(said.into());
    }
    Ok((Sample::new(latencies), took.as_secs_f64()))
}
