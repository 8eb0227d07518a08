//! What this node's chores did last, for who looks: clean-up and the census. In memory; a restart forgets it, and other
//! nodes have their own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::UnixSeconds;
use crate::lifecycle::Tidied;
use crate::store::Census;

/// Notes of chores.
#[derive(Debug, Default)]
pub struct Upkeep(Mutex<Notes>);

/// What there is to know of them.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The last clean-up.
    pub clean_up: Option<CleanUp>,
    /// When the next one is due; `None` where none goes on by itself.
    pub next_clean_up: Option<UnixSeconds>,
    /// The last census, and when it was complete.
    pub census: Option<(UnixSeconds, Census)>,
}

/// A clean-up that is over.
#[derive(Clone, Debug)]
pub struct CleanUp {
    /// When it ended.
    pub at: UnixSeconds,
    /// What it removed, or what went wrong.
    pub outcome: Result<Tidied, String>,
}

impl Upkeep {
    /// What there is to know now.
    #[must_use]
    pub fn notes(&self) -> Notes {
        self.lock().clone()
    }

    /// A clean-up is over.
    pub fn cleaned_up(&self, clean_up: CleanUp) {
        self.lock().clean_up = Some(clean_up);
    }

    /// The next clean-up is due then.
    pub fn cleans_up_at(&self, next: UnixSeconds) {
        self.lock().next_clean_up = Some(next);
    }

    /// A census is complete.
    pub fn counted(&self, at: UnixSeconds, census: Census) {
        self.lock().census = Some((at, census));
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
