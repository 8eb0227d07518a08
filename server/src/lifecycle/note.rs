//! Keeps an event that stands alone: nothing else changes with it.

use crate::event::Event;
use crate::state::Server;

impl Server {
    /// Keeps an event. What can not be kept is in the log at least: a failed login stays a failed login while the
    /// database is out of reach.
    pub async fn note(&self, event: Event) {
        let kept = event.clone();
        let noted = self
            .store
            .write(move |tx| Box::pin(async move { tx.note(kept).await }));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "an event could not be kept");
            event.log();
        }
    }
}
