//! How old memory's knowledge is, on a clock that only goes forward: the machine's own may be set.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The last time memory was known to be complete.
#[derive(Debug)]
pub struct Freshness {
    max_staleness: Duration,
    began: Instant,
    /// Milliseconds after `began`.
    heard: AtomicU64,
}

impl Freshness {
    /// Complete as of `asked`, and to be trusted for `max_staleness` after that.
    pub fn new(max_staleness: Duration, asked: Instant) -> Self {
        Self {
            max_staleness,
            began: asked,
            heard: AtomicU64::new(0),
        }
    }

    /// Complete as of `asked`.
    pub fn heard(&self, asked: Instant) {
        let since = asked.saturating_duration_since(self.began);
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        self.heard.fetch_max(millis, Ordering::SeqCst);
    }

    /// Whether it may be trusted now.
    pub fn is_fresh(&self) -> bool {
        let heard = Duration::from_millis(self.heard.load(Ordering::Relaxed));
        self.began.elapsed().saturating_sub(heard) <= self.max_staleness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowledge_ages_and_is_renewed() {
        let long_ago = Instant::now()
            .checked_sub(Duration::from_mins(1))
            .expect("a minute of uptime");
        let freshness = Freshness::new(Duration::from_secs(30), long_ago);
        assert!(!freshness.is_fresh());
        freshness.heard(Instant::now());
        assert!(freshness.is_fresh());
        freshness.heard(long_ago);
        assert!(
            freshness.is_fresh(),
            "an answer that was overtaken changes nothing"
        );
    }
}
