//! Hands on what was counted, every few seconds.

use std::sync::Arc;
use std::time::Duration;

use super::follow::every;
use crate::state::Server;

/// How often: what a crash forgets.
const EVERY: Duration = Duration::from_secs(5);

impl Server {
    /// Hands on, for ever, how much happened.
    pub async fn hand_on_counts(self: Arc<Self>) {
        let mut tick = every(EVERY);
        loop {
            tick.tick().await;
            self.hand_on_activity().await;
        }
    }

    /// Hands on how much happened. What can not be handed on now is kept for the next time.
    pub(super) async fn hand_on_activity(&self) {
        let activity = &self.store.outlet().activity;
        let news = activity.take_news(self.clock.now());
        if news.is_empty() {
            return;
        }
        let added = news.clone();
        let noted = self
            .store
            .write(move |tx| Box::pin(async move { tx.add_activity(&added).await }));
        if let Err(error) = noted.await {
            tracing::warn!(%error, "how much happened could not be noted, and is kept");
            activity.put_back(&news);
        }
    }
}
