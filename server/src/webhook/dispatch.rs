//! Takes what is due from the outbox and sends it. Several nodes may do so on one database: who moves a delivery's time
//! forward first has it until then. What was not taken is tried again later, and what was taken leaves the outbox.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use super::Webhook;
use super::message::{body, headers, name};
use super::retry::pause;
use crate::outbound::OutboundError;
use crate::state::Server;
use crate::store::{self, Delivery, Outcome};

/// How often there is a look for what is due: of other nodes, of the command line, or for another time.
const EVERY: Duration = Duration::from_secs(1);

/// How many are sent at once.
const AT_ONCE: i64 = 8;

/// How many characters of what went wrong are kept.
const KEPT: usize = 300;

impl Server {
    /// Sends what is due, for ever.
    pub async fn send_webhooks(self: Arc<Self>, webhook: Webhook) {
        let mut is_stuck = false;
        loop {
            match self.send_due(&webhook).await {
                Ok(0) => {
                    is_stuck = false;
                    let _ = timeout(EVERY, self.store.outlet().to_send.notified()).await;
                }
                Ok(_) => is_stuck = false,
                Err(error) => {
                    if !is_stuck {
                        tracing::warn!(%error, "webhooks wait for the database");
                        is_stuck = true;
                    }
                    sleep(EVERY).await;
                }
            }
        }
    }

    /// Sends some of what is due, and answers how many were tried.
    ///
    /// # Errors
    /// The database is out of reach. What was sent, and could not be noted as sent, is sent again.
    pub async fn send_due(&self, webhook: &Webhook) -> store::Result<usize> {
        let now = self.clock.now();
        let due = self.store.due_deliveries(now, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let until = now + webhook.lease;
        let claimed = self
            .store
            .write(move |tx| Box::pin(async move { tx.claim_deliveries(due, until).await }));
        let claimed = claimed.await?;
        let tried = claimed.len();
        let sent = claimed
            .into_iter()
            .map(|delivery| self.send(webhook, delivery));
        let outcomes = join_all(sent).await;
        let settled = self
            .store
            .write(move |tx| Box::pin(async move { tx.settle_deliveries(&outcomes).await }));
        settled.await?;
        Ok(tried)
    }

    async fn send(&self, webhook: &Webhook, delivery: Delivery) -> Outcome {
        let (event, now) = (&delivery.event, self.clock.now());
        let (name, body) = (name(event), body(event));
        let headers = headers(&webhook.key, &name, now, &body);
        let sent = webhook.outbound.post(&webhook.url, headers, body).await;
        let Err(error) = sent else {
            return Outcome::Taken(event.id);
        };
        let error = words(&error);
        let random = uuid::Uuid::new_v4().as_bytes()[0];
        let next_at = pause(delivery.attempts, random).map(|pause| self.clock.now() + pause);
        if next_at.is_none() {
            tracing::error!(webhook.id = name, error, "a webhook is given up");
        } else if delivery.attempts == 1 {
            tracing::warn!(webhook.id = name, error, "a webhook was not taken");
        }
        Outcome::Failed {
            event: event.id,
            next_at,
            error,
        }
    }
}

/// What went wrong, down to its cause. An address may have a secret in it, and is left out.
fn words(error: &OutboundError) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error).and_then(std::error::Error::source);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words.chars().take(KEPT).collect()
}
