//! Keeps memory and database up with each other: revocations made elsewhere, by another node on the same database
//! or by the command line, come in; notes of answers that arrived go out. Asking again and again works on both
//! databases and mends itself after an outage; a notification that was missed would have to be asked for anyway.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::state::Server;
use crate::store::{self, StoreError};

/// How often the database is asked: a revocation is to be in force everywhere within a second.
const EVERY: Duration = Duration::from_millis(250);

/// How soon a server that reaches the database has heard of a revocation made elsewhere.
pub const HEARD_WITHIN: Duration = Duration::from_secs(1);

/// How long an answer may take before the question is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many pieces of news are handed on in one transaction.
const AT_ONCE: usize = 50;

/// How many revocations are taken in at once.
const TAKE: i64 = 1000;

impl Server {
    /// Learns of revocations, for ever. While the database is out of reach memory stays as it is, and ages.
    pub async fn follow_revocations(self: Arc<Self>) {
        let mut tick = every(EVERY);
        let mut is_deaf = false;
        loop {
            tick.tick().await;
            let heard = timeout(PATIENCE, self.catch_up()).await;
            match heard.unwrap_or_else(|_| Err(StoreError::silent())) {
                Ok(()) if is_deaf => {
                    tracing::info!("revocations made elsewhere are heard again");
                    is_deaf = false;
                }
                Err(error) if !is_deaf => {
                    tracing::warn!(%error, "can not learn of revocations made elsewhere");
                    is_deaf = true;
                }
                Ok(()) | Err(_) => {}
            }
            self.registry.sweep(self.clock.now());
        }
    }

    /// Learns of every revocation that is in the database now.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn catch_up(&self) -> store::Result<()> {
        loop {
            let (asked, heard) = (Instant::now(), self.registry.seq());
            // The latest number first: there can be more news than it says, and never fewer.
            let latest = self.store.latest_revocation().await?;
            let news = self.store.revocations_after(heard, TAKE).await?;
            let is_next = |(seq, _): &(i64, _)| *seq == heard + 1;
            let follows = news.first().map_or(latest == heard, is_next);
            if !follows || latest < heard {
                return self.learn_anew().await;
            }
            self.registry.hear(&news, self.clock.now());
            if i64::try_from(news.len()).is_ok_and(|count| count < TAKE) {
                self.registry.is_up_to_date(asked);
                return Ok(());
            }
        }
    }

    /// The feed has a hole, because what was in it was over before this node came back to hear it; or it has gone back,
    /// because the database was replaced under a running server. What stands is asked for as at the start.
    async fn learn_anew(&self) -> store::Result<()> {
        tracing::warn!(
            "the feed of revocations does not follow what was heard: all are asked for again"
        );
        let (asked, now) = (Instant::now(), self.clock.now());
        let standing = self.registry.standing(&self.store, now).await?;
        self.registry.learn(&standing, now);
        self.registry.is_up_to_date(asked);
        Ok(())
    }

    /// Hands on, for ever, which answers were seen to have arrived: other nodes, and this one after a restart, are
    /// to know.
    pub async fn hand_on_receipts(self: Arc<Self>) {
        let mut tick = every(Duration::from_secs(1));
        loop {
            tick.tick().await;
            self.hand_on_notes().await;
        }
    }

    /// Hands on everything there is to hand on. What can not be handed on now is kept for the next time.
    pub async fn hand_on(&self) {
        self.hand_on_notes().await;
        self.hand_on_activity().await;
    }

    /// Hands on the receipts there are, when API tokens were used, and where sessions were. What can not be handed on now
    /// is kept for the next time.
    async fn hand_on_notes(&self) {
        self.hand_on_api_token_uses().await;
        let mut news = self.registry.receipts.take_news();
        // Always in the same order: two nodes that hand on the same sessions must not wait for each other.
        news.sort_unstable();
        let note = async |received: Vec<_>| {
            let noted = self
                .store
                .write(move |tx| Box::pin(async move { tx.note_received(&received).await }));
            noted.await
        };
        hand_on_all(&news, "answers that arrived", note, |rest| {
            self.registry.receipts.put_back(rest);
        })
        .await;
        self.hand_on_sightings().await;
    }
}

/// Hands on news a few at a time. Where one can not be noted now, the others would wait as long as it did: they are put
/// back with it, for the next time.
pub(crate) async fn hand_on_all<T: Clone, N>(
    news: &[T],
    what: &'static str,
    note: impl Fn(Vec<T>) -> N,
    put_back: impl FnOnce(&[T]),
) where
    N: Future<Output = store::Result<()>>,
{
    for (n, some) in news.chunks(AT_ONCE).enumerate() {
        if let Err(error) = note(some.to_vec()).await {
            tracing::warn!(%error, what, "could not be noted, and is kept");
            return put_back(&news[n * AT_ONCE..]);
        }
    }
}

pub(super) fn every(period: Duration) -> tokio::time::Interval {
    let mut tick = interval(period);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick
}
