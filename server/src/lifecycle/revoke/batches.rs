//! Carries out warrants that end many sessions: a batch in a transaction, then a pause, so that whoever refreshes meanwhile
//! does not wait. The warrant moves with each batch. A server that stops leaves it where it is; when its claim is over,
//! another one, or the same after its start, goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{as_a_whole, ending_of};
use crate::state::Server;
use crate::store::{self, StoreError, Warrant};

/// How often there is a look for a warrant that nobody is at.
const EVERY: Duration = Duration::from_secs(1);

/// How many seconds a claim lasts. Every batch renews it, and takes less.
pub const LEASE: i64 = 20;

/// How many sessions a batch ends: some ten milliseconds of work.
const BATCH: usize = 100;

impl Server {
    /// Carries out the warrants there are, for ever.
    pub async fn carry_out_warrants(self: Arc<Self>) {
        let mut under_way = JoinSet::new();
        let mut is_stuck = false;
        loop {
            match self.take_up_warrant().await {
                Ok(Some(warrant)) => {
                    is_stuck = false;
                    under_way.spawn(Arc::clone(&self).carry_out(warrant));
                    continue;
                }
                Ok(None) => is_stuck = false,
                Err(error) if !is_stuck => {
                    tracing::warn!(%error, "revocations in bulk wait for the database");
                    is_stuck = true;
                }
                Err(_) => {}
            }
            while under_way.try_join_next().is_some() {}
            sleep(EVERY).await;
        }
    }

    /// Claims a warrant that is not finished and that nobody is at, if there is one.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn take_up_warrant(&self) -> store::Result<Option<Warrant>> {
        let now = self.clock.now();
        let Some(warrant) = self.store.warrant_to_take_up(now).await? else {
            return Ok(None);
        };
        let claimed = Warrant {
            claimed_until: now + LEASE,
            ..warrant.clone()
        };
        let until = claimed.claimed_until;
        let is_ours = self
            .store
            .write(move |tx| Box::pin(async move { tx.claim_warrant(&warrant, until).await }));
        Ok(is_ours.await?.then_some(claimed))
    }

    /// Ends at most `size` of the sessions that a claimed warrant still has to end, later ones first. Answers the warrant as
    /// it is then; `None` when it is finished, or somebody else's.
    ///
    /// # Errors
    /// The database is out of reach. Whether the batch was committed is then not known; who goes on with the warrant as it
    /// was ends nothing twice.
    pub async fn end_a_batch(
        &self,
        warrant: &Warrant,
        size: usize,
    ) -> store::Result<Option<Warrant>> {
        let (extent, part) = (warrant.extent(), warrant.rest());
        let accepted = self.accepted();
        let found = self.store.sessions_to_end(&extent, &part, size, accepted);
        let found = found.await?;
        let now = self.clock.now();
        let (held, next) = (warrant.clone(), found.next.map(|place| place.to_string()));
        let batch = self.store.write(move |tx| {
            Box::pin(async move {
                let until = now + LEASE;
                if !tx.claim_warrant(&held, until).await? {
                    return Ok(None);
                }
                let ending = ending_of(&held, now);
                let ended = tx.end_sessions(held.id, &found.rows, &ending).await?;
                let count = i64::try_from(ended.revoked.len()).unwrap_or(i64::MAX);
                let moved = Warrant {
                    claimed_until: until,
                    ended: held.ended + count,
                    finished_at: next.is_none().then_some(now),
                    position: next.unwrap_or_else(|| held.position.clone()),
                    ..held
                };
                if let Some(event) = moved.finished_at.and_then(|_| as_a_whole(&moved, &ending)) {
                    tx.note(event).await?;
                }
                tx.move_warrant(&moved).await?;
                tx.announce(&ended.revoked).await?;
                Ok::<_, StoreError>(Some((moved, ended.revoked)))
            })
        });
        let Some((moved, revoked)) = batch.await? else {
            return Ok(None);
        };
        self.refuse_from_now_on(&revoked);
        Ok(Some(moved).filter(|moved| moved.finished_at.is_none()))
    }

    /// Carries out a claimed warrant to its end. A batch that fails is tried again, half as large: the database may be too
    /// slow for it.
    async fn carry_out(self: Arc<Self>, mut warrant: Warrant) {
        let mut size = BATCH;
        loop {
            let begun = Instant::now();
            match self.end_a_batch(&warrant, size).await {
                Ok(Some(moved)) => warrant = moved,
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, warrant = warrant.id.0, "a batch of sessions could not be ended, and is tried again");
                    size = (size / 2).max(1);
                    sleep(EVERY).await;
                }
            }
            // Others get their turn.
            sleep(begun.elapsed() * 2).await;
        }
    }
}
