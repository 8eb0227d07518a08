//! The memory of a server that has nothing to do, and what a rush of logins leaves behind: each hash takes 19 MiB while
//! it is made.

use std::time::Duration;

use load::stats::Usage;
use tokio::time::sleep;

use crate::Outcome;
use crate::crowd::{What, rush};
use crate::login;
use crate::rounds::Ratio;
use crate::table::{Table, Target};
use crate::world::World;

/// Bytes at rest, at most.
const PROMISED: f64 = 40e6;

/// How long nothing happens.
const REST: Duration = Duration::from_secs(10);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let mut world = World::with(0, None).await?;
    let at_start = resident(&world)?;
    sleep(REST).await;
    let at_rest = resident(&world)?;
    table.row(
        "memory of an idle server, 10 s after its start, against what was promised",
        megabytes(at_rest),
        megabytes(PROMISED),
        &Ratio::of(&[at_rest], &[PROMISED]),
        Target::AtMost(1.0),
    );
    world.welcome(login::CLIENTS).await?;
    rush(&mut world.clients, What::Login, REST / 2).await?;
    let flooded = resident(&world)?;
    sleep(REST * 3 / 2).await;
    table.note(format!(
        "memory: {} at the start, {} after 5 s of logins by 8 clients, {} when they had been gone for 15 s",
        megabytes(at_start),
        megabytes(flooded),
        megabytes(resident(&world)?)
    ));
    Ok(())
}

fn resident(world: &World) -> Outcome<f64> {
    let usage = Usage::of(world.pid()?).ok_or("the server has ended")?;
    let bytes = u32::try_from(usage.resident / 1000)?;
    Ok(f64::from(bytes) * 1e3)
}

fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}
