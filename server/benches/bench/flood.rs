//! Do those who refresh and verify at their own pace notice that others all log in at once?

use std::time::Duration;

use crate::Outcome;
use crate::crowd::{Client, Done, What, rush, stroll};
use crate::login;
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::World;

/// How many clients go on as if nothing were.
pub const CLIENTS: usize = 4;

/// How often each of them asks in a second.
pub const PACE: u32 = 100;

const ROUND: Duration = Duration::from_secs(3);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let mut world = World::with(CLIENTS + login::CLIENTS, None).await?;
    let flood = world.clients.split_off(CLIENTS);
    let mut pool = Some(flood);
    for (what, name, target) in [
        (What::Refresh, "refresh", Target::AtMost(3.0)),
        (What::Verify, "verify", Target::None),
    ] {
        let walkers = std::mem::take(&mut world.clients);
        let scene = tokio::sync::Mutex::new((walkers, pool.take().unwrap_or_default()));
        let (flooded, alone) = in_turn(
            async || {
                let (walkers, flood) = &mut *scene.lock().await;
                Ok(both(walkers, flood, what).await?.p99())
            },
            async || {
                let (walkers, _) = &mut *scene.lock().await;
                Ok(stroll(walkers, what, ROUND, PACE).await?.p99())
            },
        )
        .await?;
        let (walkers, flood) = scene.into_inner();
        world.clients = walkers;
        pool = Some(flood);
        let figure = |figures: &[f64]| format!("{:.2} ms", median(figures));
        table.row(
            &format!(
                "{name} p99 at 400/s, while 8 clients log in without pause against without them"
            ),
            figure(&flooded),
            figure(&alone),
            &Ratio::of(&flooded, &alone),
            target,
        );
    }
    Ok(())
}

async fn both(walkers: &mut Vec<Client>, flood: &mut Vec<Client>, what: What) -> Outcome<Done> {
    let (walked, flooded) = tokio::join!(
        stroll(walkers, what, ROUND, PACE),
        rush(flood, What::Login, ROUND)
    );
    flooded?;
    walked
}
