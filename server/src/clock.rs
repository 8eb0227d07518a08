//! The one source of time. Everything that depends on time is handed a [`Clock`], so that tests can move it
//! and no rule reads the system's time behind the caller's back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds ignored (`NumericDate` of RFC 7519, section 2).
pub type UnixSeconds = i64;

/// Tells the time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until a test moves it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn fixed(now: UnixSeconds) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(now)))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> UnixSeconds {
        match self {
            Self::System => {
                let elapsed = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
            }
            Self::Fixed(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock by `seconds`; the machine's clock is not ours to move and stays as it is.
    pub fn advance(&self, seconds: i64) {
        if let Self::Fixed(now) = self {
            now.fetch_add(seconds, Ordering::SeqCst);
        }
    }
}
