//! Removes from the record what is over for long, now and then.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::activity::hour_of;
use crate::clock::UnixSeconds;
use crate::config::Settings;
use crate::state::Server;
use crate::store::{self, Flushed, Store, StoreError};
use crate::upkeep::CleanUp;

/// How often there is a look for something to remove.
const EVERY: Duration = Duration::from_mins(10);

/// For how many seconds a device is known that nobody logs in from: a year.
const KEEP_DEVICES: i64 = 365 * 86_400;

/// For how many hours it stays on record how much happened: a day more than a page shows.
const KEEP_ACTIVITY: i64 = 15 * 24;

/// What a clean-up removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tidied {
    /// Of the registry.
    pub registry: Flushed,
    /// Events.
    pub events: u64,
    /// Devices, of users and of the throttle.
    pub devices: u64,
    /// Rows of what was counted by the hour.
    pub activity: u64,
}

/// Removes what is over for longer than `KEEP_EXPIRED` and `KEEP_EVENTS`, devices that were not used for a year, and what
/// was counted more than fifteen days ago.
///
/// # Errors
/// The database is out of reach; what was removed until then stays so.
pub async fn tidy(store: &Store, settings: &Settings, now: UnixSeconds) -> store::Result<Tidied> {
    let expired = now - settings.keep_expired.get();
    let unused = now - KEEP_DEVICES;
    store
        .flush_warrants(now - settings.keep_events.get())
        .await?;
    let counted = hour_of(now) - KEEP_ACTIVITY;
    Ok(Tidied {
        registry: store.flush_expired(expired).await?,
        events: store.flush_events(now - settings.keep_events.get()).await?,
        devices: store.flush_known_devices(unused).await? + store.flush_devices(unused).await?,
        activity: store.flush_activity(counted).await?,
    })
}

impl Server {
    /// Removes what is over for long, for ever.
    pub async fn flush_now_and_then(self: Arc<Self>) {
        let pause = i64::try_from(EVERY.as_secs()).unwrap_or(i64::MAX);
        loop {
            self.upkeep.cleans_up_at(self.clock.now() + pause);
            // A server that has just started has better things to do.
            sleep(EVERY).await;
            self.clean_up().await;
        }
    }

    /// Removes what is over for long, and notes what came of it.
    pub async fn clean_up(&self) {
        let tidied = tidy(&self.store, &self.settings, self.clock.now()).await;
        match &tidied {
            Ok(tidied) if *tidied == Tidied::default() => {}
            Ok(tidied) => tracing::info!(
                tokens = tidied.registry.tokens,
                sessions = tidied.registry.sessions,
                events = tidied.events,
                devices = tidied.devices,
                "removed what was over for long"
            ),
            Err(error) => tracing::warn!(%error, "could not remove what is over for long"),
        }
        self.upkeep.cleaned_up(CleanUp {
            at: self.clock.now(),
            outcome: tidied.map_err(|error: StoreError| error.to_string()),
        });
    }
}
