//! Counts now and then how much there is, so that nobody has to wait for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::state::Server;
use crate::store;

/// How long after the start it is counted first.
const SOON: Duration = Duration::from_secs(10);

/// How long after a census the next one begins.
const EVERY: Duration = Duration::from_mins(5);

/// How many rows one statement reads: a few milliseconds of work.
const BITE: i64 = 2000;

impl Server {
    /// Counts, for ever.
    pub async fn take_census_now_and_then(self: Arc<Self>) {
        sleep(SOON).await;
        loop {
            if let Err(error) = self.take_census().await {
                tracing::debug!(%error, "a census was given up");
            }
            sleep(EVERY).await;
        }
    }

    /// Counts how much there is, and notes it.
    ///
    /// # Errors
    /// The database is out of reach; the last census stays.
    pub async fn take_census(&self) -> store::Result<()> {
        let census = self.store.census(self.clock.now(), BITE).await?;
        self.upkeep.counted(self.clock.now(), census);
        Ok(())
    }
}
