//! Does a refresh take longer where a million tokens are on record?

use crate::Outcome;
use crate::crowd::{What, rush};
use crate::refresh::{CLIENTS, ROUND};
use crate::rounds::{Ratio, in_turn, median};
use crate::seed::{Past, copy};
use crate::table::{Table, Target};
use crate::world::World;

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let past = copy(Past::Outstanding).await?;
    let mut full = World::with(CLIENTS, Some(past.url())).await?;
    let mut empty = World::with(CLIENTS, None).await?;
    let (a, b) = in_turn(
        async || time_each(&mut full).await,
        async || time_each(&mut empty).await,
    )
    .await?;
    let figure = |figures: &[f64]| format!("{:.0} µs", median(figures));
    table.row(
        "refresh, 16 clients, a million tokens on record against none: time a refresh",
        figure(&a),
        figure(&b),
        &Ratio::of(&a, &b),
        Target::AtMost(1.2),
    );
    Ok(())
}

/// Microseconds from one answer to the next, whoever's.
async fn time_each(world: &mut World) -> Outcome<f64> {
    let done = rush(&mut world.clients, What::Refresh, ROUND).await?;
    Ok(1e6 / done.rate())
}
