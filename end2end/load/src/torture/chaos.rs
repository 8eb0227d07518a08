//! Ends the server at moments nobody chose, mostly by a kill, and starts it again on the same data. Between two ends
//! its database may let it down.

use std::time::Duration;

use tokio::time::sleep;

use super::foe::Foe;
use super::history::{Action, Event};
use super::world::World;
use crate::process::{ProcessError, Server};

/// How long the server lives, in milliseconds.
const LIFE: std::ops::Range<u64> = 1_000..4_000;

/// Ends and restarts the server until the run is over; it runs when this returns.
pub async fn rage(
    world: &World,
    server: &mut Server,
    foe: &mut Foe,
    mut random: fastrand::Rng,
) -> Result<(), ProcessError> {
    for round in 0_u32.. {
        let life = Duration::from_millis(random.u64(LIFE));
        if life >= world.left() {
            sleep(world.left()).await;
            return Ok(());
        }
        let outage = (round % 2 == 0).then(|| life.mul_f32(random.f32() * 0.4));
        let quiet = life.saturating_sub(outage.unwrap_or_default()) / 2;
        sleep(quiet).await;
        if let Some(outage) = outage {
            let start = world.now();
            if foe.strike(outage).await {
                world.record(Event::of_all(Action::Outage, start, world.now()));
            }
        }
        sleep(quiet).await;
        let start = world.now();
        let action = if round % 5 == 3 {
            server.stop().await?;
            Action::Stop
        } else {
            server.kill();
            Action::Kill
        };
        world.record(Event::of_all(action, start, world.now()));
        // Sometimes nobody is there for a while.
        sleep(Duration::from_millis(random.u64(0..300))).await;
        server.start().await?;
    }
    Ok(())
}
