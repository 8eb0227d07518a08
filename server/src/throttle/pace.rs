//! Time for the buckets: how long something is ago, which no change of the machine's date makes longer or shorter.

use std::time::{Duration, Instant};

use governor::clock;
use governor::nanos::Nanos;

use crate::clock::{Clock, UnixSeconds};

/// The time since a beginning. Goes with a fixed [`Clock`] where there is one.
#[derive(Clone, Debug)]
pub struct Pace {
    clock: Clock,
    begun: (Instant, UnixSeconds),
}

impl Pace {
    /// Begins now.
    pub fn new(clock: Clock) -> Self {
        let begun = (Instant::now(), clock.now());
        Self { clock, begun }
    }

    /// The time since the beginning.
    pub fn elapsed(&self) -> Duration {
        if matches!(self.clock, Clock::System) {
            return self.begun.0.elapsed();
        }
        let passed = self.clock.now().saturating_sub(self.begun.1);
        Duration::from_secs(passed.max(0).unsigned_abs())
    }
}

impl clock::Clock for Pace {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.elapsed().into()
    }
}
