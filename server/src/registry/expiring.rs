//! A set whose entries are forgotten when their time is over. It is cut into shards, so that looking for what is
//! over never holds up a reader for long, and it is bounded: rather than forget something in time it stops being
//! complete, and says so.
//!
//! An entry takes 20 bytes for a session or a token (16 for the key, 4 for the time) and one of the table's own;
//! a table is between 7/16 and 7/8 full, so 24 to 48 bytes an entry in all.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::clock::UnixSeconds;

const SHARDS: usize = 64;

/// The most entries of one shard; in all about four million, or 200 MB.
const MOST_IN_A_SHARD: usize = 4_000_000 / SHARDS;

/// Keys, each until a time.
#[derive(Debug)]
pub struct Expiring<K> {
    shards: [RwLock<HashMap<K, u32>>; SHARDS],
    places: RandomState,
    next_sweep: AtomicUsize,
    len: AtomicUsize,
    incomplete: AtomicBool,
}

impl<K> Default for Expiring<K> {
    fn default() -> Self {
        Self {
            shards: std::array::from_fn(|_| RwLock::default()),
            places: RandomState::new(),
            next_sweep: AtomicUsize::new(0),
            len: AtomicUsize::new(0),
            incomplete: AtomicBool::new(false),
        }
    }
}

impl<K: Eq + Hash> Expiring<K> {
    /// Remembers `key` until `until`, or longer if it was to be remembered longer.
    pub fn add(&self, key: K, until: UnixSeconds, now: UnixSeconds) {
        let mut shard = self
            .shard(&key)
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= MOST_IN_A_SHARD && !shard.contains_key(&key) {
            let before = shard.len();
            forget(&mut shard, now);
            self.len.fetch_sub(before - shard.len(), Ordering::Relaxed);
            if shard.len() >= MOST_IN_A_SHARD {
                if !self.incomplete.swap(true, Ordering::SeqCst) {
                    tracing::error!(
                        "too many revocations to remember: verification asks the database until a restart"
                    );
                }
                return;
            }
        }
        let until = seconds(until);
        let known = shard.entry(key).or_insert_with(|| {
            self.len.fetch_add(1, Ordering::Relaxed);
            until
        });
        *known = until.max(*known);
    }

    /// Whether `key` is remembered.
    pub fn contains(&self, key: &K) -> bool {
        let shard = self
            .shard(key)
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        shard.contains_key(key)
    }

    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Whether everything that was to be remembered is.
    pub fn is_complete(&self) -> bool {
        !self.incomplete.load(Ordering::SeqCst)
    }

    /// Bytes its tables take, the ends of the heap's own bookkeeping left out.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        let entry = size_of::<(K, u32)>() + 1;
        let bytes = self.shards.iter().map(|shard| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            (shard.capacity() * 8 / 7).next_power_of_two() * entry
        });
        bytes.sum()
    }

    /// Forgets what is over in the next shard.
    pub fn sweep(&self, now: UnixSeconds) {
        let next = self.next_sweep.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let mut shard = self.shards[next]
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let before = shard.len();
        forget(&mut shard, now);
        self.len.fetch_sub(before - shard.len(), Ordering::Relaxed);
    }

    fn shard(&self, key: &K) -> &RwLock<HashMap<K, u32>> {
        let place = self.places.hash_one(key) % SHARDS as u64;
        &self.shards[usize::try_from(place).unwrap_or(0)]
    }
}

fn forget<K: Eq + Hash>(shard: &mut HashMap<K, u32>, now: UnixSeconds) {
    let now = seconds(now);
    let before = shard.len();
    shard.retain(|_, until| *until > now);
    if shard.len() < before / 2 {
        shard.shrink_to_fit();
    }
}

/// Unix seconds that fit until 2106; what is later is kept until then.
fn seconds(at: UnixSeconds) -> u32 {
    u32::try_from(at.max(0)).unwrap_or(u32::MAX)
}
