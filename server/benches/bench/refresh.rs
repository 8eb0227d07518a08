//! Refreshes with rotation over HTTP, against the same statements straight through the driver.

use std::time::Duration;

use load::stats::Sample;

use crate::Outcome;
use crate::crowd::{What, rush};
use crate::driver::Driver;
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::World;

/// How many clients refresh at once.
pub const CLIENTS: usize = 16;

/// How long a round takes.
pub const ROUND: Duration = Duration::from_secs(2);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let mut world = World::with(CLIENTS, None).await?;
    let mut driver = Driver::new().await?;
    let mut last = Sample::default();
    let (a, b) = in_turn(
        async || {
            let done = rush(&mut world.clients, What::Refresh, ROUND).await?;
            let rate = done.rate();
            last = done.latencies;
            Ok(rate)
        },
        async || driver.rate(ROUND).await,
    )
    .await?;
    let figure = |figures: &[f64]| format!("{:.0}/s", median(figures));
    table.row(
        "refresh, 16 clients over HTTP, against the same SQL through the driver, 16 a commit",
        figure(&a),
        figure(&b),
        &Ratio::of(&a, &b),
        Target::AtLeast(0.5),
    );
    table.note(format!(
        "refresh: p50 {:.2} ms, p99 {:.2} ms with {CLIENTS} clients that never pause",
        milliseconds(&last, 500),
        milliseconds(&last, 990)
    ));
    Ok(())
}

/// A quantile in milliseconds.
#[must_use]
pub fn milliseconds(sample: &Sample, per_mille: usize) -> f64 {
    sample.quantile(per_mille).as_secs_f64() * 1e3
}
