//! Keeps memory up with revocations made elsewhere: by another node on the same database, or by the command line.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::state::Server;

/// How often the database is asked.
const EVERY: Duration = Duration::from_millis(500);

/// How long an answer may take before the question is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far back each question reaches, in seconds: time stamps are taken before the commit, and clocks differ.
const OVERLAP: i64 = 60;

impl Server {
    /// Asks again and again, for ever. While the database is out of reach memory stays as it is.
    pub async fn follow_revocations(self: Arc<Self>) {
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = self.clock.now();
        loop {
            tick.tick().await;
            let now = self.clock.now();
            let asked = self.registry.catch_up(&self.store, heard - OVERLAP, now);
            match timeout(PATIENCE, asked).await {
                Ok(Ok(())) => heard = now,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "can not learn of revocations made elsewhere");
                }
                Err(_) => tracing::warn!("can not learn of revocations made elsewhere: no answer"),
            }
        }
    }
}
