//! What all clients of a run share: the server's address, the clock, the history, the admin's cookie and the
//! operator's command line.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::check::Windows;
use super::history::{Event, Micros};
use crate::process::Operator;

/// The run.
pub struct World {
    /// Where the server answers, when it does.
    pub address: SocketAddr,
    /// The two windows of the server's settings.
    pub windows: Windows,
    /// The command line.
    pub operator: Operator,
    /// Commands that may run at once: each is a process.
    pub commands: Semaphore,
    /// The header `Cookie` of the admin's session.
    pub admin_cookie: String,
    began: Instant,
    lasts: Duration,
    turns: AtomicUsize,
    events: Mutex<Vec<Event>>,
}

impl World {
    /// A run that begins now.
    pub fn new(
        address: SocketAddr,
        windows: Windows,
        operator: Operator,
        admin_cookie: String,
        lasts: Duration,
    ) -> Self {
        Self {
            address,
            windows,
            operator,
            commands: Semaphore::new(1),
            admin_cookie,
            began: Instant::now(),
            lasts,
            turns: AtomicUsize::new(0),
            events: Mutex::new(Vec::new()),
        }
    }

    /// The time.
    pub fn now(&self) -> Micros {
        Micros::try_from(self.began.elapsed().as_micros()).unwrap_or(Micros::MAX)
    }

    /// Whether the run is over.
    pub fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// What is left of the run.
    pub fn left(&self) -> Duration {
        self.lasts.saturating_sub(self.began.elapsed())
    }

    /// Counts, for all clients together.
    pub fn turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits, but not longer than the run lasts.
    pub async fn rest(&self, time: Duration) {
        sleep(time.min(self.left())).await;
    }

    /// Writes down what happened.
    pub fn record(&self, event: Event) {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }

    /// The history, in the order of its events' beginnings.
    pub fn history(&self) -> Vec<Event> {
        let mut events = self
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        events.sort_by_key(|event| event.start);
        events
    }
}
