//! Kills the server at moments nobody chose, and starts it again on the same data.

use std::time::Duration;

use tokio::time::sleep;

use super::history::{Action, Event, Outcome};
use super::world::World;
use crate::process::{ProcessError, Server};

/// How long the server lives, in milliseconds.
const LIFE: std::ops::Range<u64> = 1_000..4_000;

/// Kills and restarts until the run is over; the server runs when this returns.
pub async fn rage(
    world: &World,
    server: &mut Server,
    mut random: fastrand::Rng,
) -> Result<(), ProcessError> {
    loop {
        let life = Duration::from_millis(random.u64(LIFE));
        if life >= world.left() {
            sleep(world.left()).await;
            return Ok(());
        }
        sleep(life).await;
        let start = world.now();
        server.kill();
        world.record(Event {
            client: usize::MAX,
            user: usize::MAX,
            agent: "".into(),
            start,
            end: world.now(),
            action: Action::Kill,
            presented: None,
            outcome: Outcome::Accepted(None),
        });
        // Sometimes nobody is there for a while.
        sleep(Duration::from_millis(random.u64(0..300))).await;
        server.start().await?;
    }
}
