//! A verification over HTTP: time on a processor for each request, against an axum handler that does nothing.

use std::time::Duration;

use load::stats::fine_cpu;

use crate::Outcome;
use crate::bare::Bare;
use crate::crowd::{Client, What, count, rush};
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::World;

const CLIENTS: usize = 8;
const ROUND: Duration = Duration::from_millis(1500);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let mut world = World::with(CLIENTS, None).await?;
    let bare = Bare::start().await?;
    let mut others: Vec<Client> = world
        .clients
        .iter()
        .map(|client| client.elsewhere(bare.address))
        .collect();
    let pid = world.pid()?;
    let (mut rates, mut bare_rates) = (Vec::new(), Vec::new());
    let (a, b) = in_turn(
        async || cost(&mut world.clients, pid, &mut rates).await,
        async || cost(&mut others, bare.pid, &mut bare_rates).await,
    )
    .await?;
    bare.stop().await;
    let figure = |figures: &[f64]| format!("{:.1} µs", median(figures));
    table.row(
        "verify: time on a processor a request, against a bare axum handler",
        figure(&a),
        figure(&b),
        &Ratio::of(&a, &b),
        Target::AtMost(1.3),
    );
    table.note(format!(
        "verify: {CLIENTS} clients got {:.0} answers a second, {:.0} of the bare handler; the load generator shares the \
         cores",
        median(&rates),
        median(&bare_rates)
    ));
    Ok(())
}

/// Microseconds of time on a processor for each request.
async fn cost(clients: &mut Vec<Client>, pid: u32, rates: &mut Vec<f64>) -> Outcome<f64> {
    let spent = || fine_cpu(pid).ok_or("the server has ended");
    let before = spent()?;
    let done = rush(clients, What::Verify, ROUND).await?;
    rates.push(done.rate());
    Ok(spent()?.saturating_sub(before).as_secs_f64() * 1e6 / count(done.latencies.count()))
}
