//! One bucket a key, and no more memory for them than was agreed on. Attempts are counted by the generic cell rate
//! algorithm: a bucket lets a burst of N through and fills up again evenly over the period (`governor`).

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{HashMapStateStore, ShrinkableKeyedStateStore};
use governor::{Quota, RateLimiter};

use super::pace::Pace;
use crate::config::Rate;

/// How often buckets that are full again are forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// Buckets of one rate.
///
/// At most `capacity` of them, and one more for every thread that is at it at the same moment; a bucket that is full
/// again goes with the first attempt after a minute. Who makes up names or addresses to fill the memory drives out first whoever has
/// the least to be remembered for, and that is the made-up ones: an account that is under attack keeps its empty bucket
/// until there are as many others as empty.
pub struct Buckets<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, Kept<K>, Pace, NoOpMiddleware<Nanos>>,
    kept: Kept<K>,
    interval: Duration,
    capacity: usize,
    /// When the last sweep was, in nanoseconds since the beginning.
    swept: AtomicU64,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// Full buckets.
    pub fn new(rate: Rate, capacity: usize, pace: Pace) -> Self {
        let interval = rate.interval();
        let quota = Quota::with_period(interval)
            .expect("no interval of a rate is zero")
            .allow_burst(rate.count());
        let kept = Kept::default();
        Self {
            limiter: RateLimiter::new(quota, kept.clone(), pace),
            kept,
            interval,
            capacity,
            swept: AtomicU64::new(0),
        }
    }

    /// Takes one out of the bucket of this key.
    ///
    /// # Errors
    /// The time until there is one again.
    pub fn take(&self, key: &K) -> Result<(), Duration> {
        self.sweep();
        let now = || self.limiter.clock().now();
        self.limiter
            .check_key(key)
            .map_err(|refused| refused.wait_time_from(now()))
    }

    fn sweep(&self) {
        let now: Duration = self.limiter.clock().now().into();
        let last = Duration::from_nanos(self.swept.load(Ordering::Relaxed));
        let is_full = self.kept.0.len() >= self.capacity;
        if !is_full && now.saturating_sub(last) < SWEEP_EVERY {
            return;
        }
        self.swept
            .store(Nanos::from(now).as_u64(), Ordering::Relaxed);
        self.forget_full_by(now);
        if is_full {
            // Twice as much each time: after so many rounds as the burst has bits, everything is forgotten.
            let mut debt = self.interval;
            while self.kept.0.len() > self.capacity / 2 {
                self.forget_full_by(now + debt);
                debt *= 2;
            }
        }
        self.kept.0.shrink_to_fit();
    }

    /// Forgets every bucket that is full at this time, should nobody take from it.
    fn forget_full_by(&self, time: Duration) {
        self.kept.0.retain_recent(time.into());
    }
}

/// What `governor` keeps. It would forget only what is full by now, and there may be more than there is room for.
struct Kept<K>(Arc<HashMapStateStore<K>>);

impl<K> Clone for Kept<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Hash + Eq + Clone> StateStore for Kept<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    const CAPACITY: usize = 100;

    fn buckets(rate: &str) -> (Buckets<u32>, Clock) {
        let clock = Clock::fixed(1_800_000_000);
        let rate = rate.parse().expect("a rate");
        let buckets = Buckets::new(rate, CAPACITY, Pace::new(clock.clone()));
        (buckets, clock)
    }

    fn seconds(count: u64) -> Result<(), Duration> {
        Err(Duration::from_secs(count))
    }

    #[test]
    fn a_burst_and_then_one_an_interval() {
        let (buckets, clock) = buckets("3/min");
        for _ in 0..3 {
            assert_eq!(buckets.take(&1), Ok(()));
        }
        assert_eq!(buckets.take(&1), seconds(20));
        assert_eq!(buckets.take(&2), Ok(()), "another key, another bucket");
        clock.advance(15);
        assert_eq!(
            buckets.take(&1),
            seconds(5),
            "what was refused did not count"
        );
        clock.advance(5);
        assert_eq!(buckets.take(&1), Ok(()));
        assert_eq!(buckets.take(&1), seconds(20));
        clock.advance(3600);
        for _ in 0..3 {
            assert_eq!(buckets.take(&1), Ok(()), "full, and not fuller");
        }
        assert_eq!(buckets.take(&1), seconds(20));
    }

    #[test]
    fn a_clock_that_is_set_back_fills_nothing() {
        let (buckets, clock) = buckets("1/min");
        clock.advance(30);
        assert_eq!(buckets.take(&1), Ok(()));
        clock.advance(-20);
        assert_eq!(buckets.take(&1), seconds(80));
    }

    #[test]
    fn what_is_full_again_is_forgotten() {
        let (buckets, clock) = buckets("10/min");
        for key in 0..50 {
            assert_eq!(buckets.take(&key), Ok(()));
        }
        assert_eq!(buckets.kept.0.len(), 50);
        clock.advance(60);
        assert_eq!(buckets.take(&1), Ok(()));
        assert_eq!(buckets.kept.0.len(), 1);
        assert!(buckets.kept.0.lock().capacity() < 10);
    }

    #[test]
    fn a_flood_has_so_much_memory_and_no_more() {
        let (buckets, _) = buckets("10/min");
        for key in 0..10_000 {
            assert_eq!(buckets.take(&key), Ok(()));
            assert!(buckets.kept.0.len() <= CAPACITY);
        }
        assert!(buckets.kept.0.lock().capacity() <= 2 * CAPACITY);
    }

    #[test]
    fn a_flood_does_not_wash_away_who_is_throttled() {
        let (buckets, _) = buckets("10/min");
        for _ in 0..10 {
            assert_eq!(buckets.take(&0), Ok(()));
        }
        for key in 1..10_000 {
            assert_eq!(buckets.take(&key), Ok(()));
        }
        assert_eq!(buckets.take(&0), seconds(6));
    }

    #[test]
    fn not_even_one_of_emptied_buckets_takes_more() {
        let (buckets, _) = buckets("3/day");
        for key in 0..1000 {
            for _ in 0..3 {
                assert_eq!(buckets.take(&key), Ok(()));
            }
            assert!(buckets.kept.0.len() <= CAPACITY);
        }
    }
}
