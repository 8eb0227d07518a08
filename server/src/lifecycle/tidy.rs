//! Removes from the record what expired long ago, now and then.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::state::Server;

/// How often there is a look for something to remove.
const EVERY: Duration = Duration::from_mins(10);

impl Server {
    /// Removes what expired before `KEEP_EXPIRED`, for ever.
    pub async fn flush_now_and_then(self: Arc<Self>) {
        loop {
            // A server that has just started has better things to do.
            sleep(EVERY).await;
            let before = self.clock.now() - self.settings.keep_expired.get();
            match self.store.flush_expired(before).await {
                Ok(flushed) if flushed.rows() > 0 => tracing::info!(
                    tokens = flushed.tokens,
                    sessions = flushed.sessions,
                    "removed what expired long ago"
                ),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "could not remove what expired long ago"),
            }
        }
    }
}
