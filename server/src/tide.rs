//! Notices that the database was replaced by an older copy of itself. While anything changes, a number in the
//! database is raised about once a second, and then noted in a file of the data directory. A database behind that
//! note has forgotten something that was answered: revocations above all. It can not tell what, so every session in
//! it ends. A copy of the whole data directory carries the note with it and goes unnoticed: `jotward session end --all`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::clock::Clock;
use crate::session::EndReason;
use crate::state::Server;
use crate::store::{self, Ending, Revocation, Revoked, Store, TokenId};

/// How often changes are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// How many sessions end in one transaction.
const AT_ONCE: i64 = 200;

/// The note in the data directory.
#[derive(Debug)]
pub struct Tide {
    file: PathBuf,
    has_warned: AtomicBool,
}

impl Tide {
    /// The note in this directory.
    #[must_use]
    pub fn in_dir(data_dir: &Path) -> Self {
        Self {
            file: data_dir.join("tide"),
            has_warned: AtomicBool::new(false),
        }
    }

    /// Whether the database has forgotten what it once knew.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn has_fallen(&self, store: &Store) -> store::Result<bool> {
        let noted = fs::read_to_string(&self.file).unwrap_or_default();
        // Without a note there is nothing to compare with.
        let noted: i64 = noted.trim().parse().unwrap_or(0);
        Ok(store.tide().await? < noted)
    }

    /// Raises the number and notes it: in the database first, so that only a replaced one can be behind.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn rise(&self, store: &Store) -> store::Result<()> {
        let risen = store.write(|tx| Box::pin(async move { tx.raise_tide().await }));
        let tide = risen.await?;
        match self.note(tide) {
            Err(error) if !self.has_warned.swap(true, Ordering::Relaxed) => {
                tracing::warn!(%error, file = %self.file.display(), "can not note how far the database is");
            }
            _ => {}
        }
        Ok(())
    }

    /// A reader sees the old note or the new one, never half of it.
    fn note(&self, tide: i64) -> io::Result<()> {
        let draft = self.file.with_extension("draft");
        fs::write(&draft, format!("{tide}\n"))?;
        fs::rename(&draft, &self.file)
    }
}

impl Server {
    /// Keeps the note up with the database, for ever.
    pub async fn watch_tide(self: Arc<Self>, tide: Arc<Tide>) {
        let mut seen = None;
        loop {
            let now = (TokenId::latest(), self.registry.seq());
            if seen != Some(now) && tide.rise(&self.store).await.is_ok() {
                seen = Some(now);
            }
            sleep(EVERY).await;
        }
    }
}

/// Ends every session there is, for good, and refuses every token issued so far. Answers how many sessions that were.
///
/// # Errors
/// The database is out of reach; some may have ended.
pub async fn end_all_sessions(
    store: &Store,
    clock: &Clock,
    reason: EndReason,
    note: &'static str,
) -> store::Result<usize> {
    let now = clock.now();
    let refused = store.write(move |tx| {
        Box::pin(async move {
            tx.refuse_everyones_tokens(now).await?;
            let cut_off = Revocation {
                what: Revoked::Everyone,
                value: now,
            };
            tx.announce(&[cut_off]).await
        })
    });
    refused.await?;
    let mut all = 0;
    loop {
        let ending = Ending {
            at: clock.now(),
            reason,
            by: None,
            note: Some(note.to_owned()),
        };
        let some = store
            .write(move |tx| Box::pin(async move { tx.end_some_sessions(AT_ONCE, &ending).await }));
        let ended = some.await?.len();
        all += ended;
        if ended == 0 {
            return Ok(all);
        }
    }
}
