//! Notices that the database was replaced by an older copy of itself. While anything changes, a number in the
//! database is raised about once a second, and then noted in a file of the data directory. A database behind that
//! note has forgotten something that was answered: revocations above all. It can not tell what, so every session in
//! it ends. A copy of the whole data directory carries the note with it and goes unnoticed: `jotward session end --all`.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::clock::Clock;
use crate::session::EndReason;
use crate::state::Server;
use crate::store::{self, Ending, Level, Origin, Revocation, Revoked, Store, StoreError, TokenId};

/// How often changes are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// How far the number is raised after a fall: much further than a node could have noted in the meantime.
const LEAP: i64 = 1_000_000_000;

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
        Ok(self.is_behind(store.level().await?))
    }

    /// Raises the number and notes it: in the database first, so that only a replaced one can be behind. The note of a
    /// database that has fallen stays as it is until [`Tide::recover`].
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn rise(&self, store: &Store) -> store::Result<()> {
        let risen = store.write(|tx| Box::pin(async move { tx.raise_tide().await }));
        let level = risen.await?;
        if !self.is_behind(level) {
            self.note(level);
        }
        Ok(())
    }

    /// Every session of a database that had fallen has ended: raises its number above every node's note, because the
    /// others have not restarted yet.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn recover(&self, store: &Store) -> store::Result<()> {
        let above = self.noted().map_or(0, |noted| noted.tide) + LEAP;
        let risen = store.write(move |tx| Box::pin(async move { tx.raise_tide_to(above).await }));
        let level = risen.await?;
        self.note(level);
        Ok(())
    }

    /// A note about another database says nothing about this one.
    fn is_behind(&self, level: Level) -> bool {
        self.noted()
            .is_some_and(|noted| noted.database == level.database && level.tide < noted.tide)
    }

    fn noted(&self) -> Option<Level> {
        match fs::read_to_string(&self.file) {
            Ok(text) => {
                let noted = Level::parse(&text);
                if noted.is_none() {
                    self.warn(&"it can not be read");
                }
                noted
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.warn(&error);
                None
            }
        }
    }

    fn note(&self, level: Level) {
        if let Err(error) = self.write(level) {
            self.warn(&error);
        }
    }

    /// A reader sees the old note or the new one, never half of it, also after the power failed.
    fn write(&self, level: Level) -> io::Result<()> {
        let draft = self.file.with_extension("draft");
        let mut file = File::create(&draft)?;
        writeln!(file, "{} {}", level.database, level.tide)?;
        file.sync_all()?;
        fs::rename(&draft, &self.file)
    }

    /// Says once that an older copy of the database would go unnoticed.
    fn warn(&self, problem: &dyn fmt::Display) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(file = %self.file.display(), %problem, "can not note how far the database is");
        }
    }
}

/// Ends every session of a database that was replaced by an older copy of itself. Answers how many those were, or
/// `None` when it was not.
///
/// # Errors
/// The database is out of reach; some may have ended.
pub async fn end_what_came_back(
    tide: &Tide,
    store: &Store,
    clock: &Clock,
) -> store::Result<Option<usize>> {
    if !tide.has_fallen(store).await? {
        return Ok(None);
    }
    let note = "the database was replaced by an older copy";
    let ended = end_all_sessions(store, clock, EndReason::Anomaly, note).await?;
    tide.recover(store).await?;
    tracing::warn!(sessions = ended, "{note}: every session in it is ended");
    Ok(Some(ended))
}

impl Server {
    /// Keeps the note up with the database, for ever.
    pub async fn watch_tide(self: Arc<Self>, tide: Arc<Tide>) {
        let mut seen = None;
        loop {
            let now = (
                TokenId::latest(),
                self.registry.seq(),
                self.api_tokens.resets(),
            );
            if seen != Some(now) && self.follow_tide(&tide).await.is_ok() {
                seen = Some(now);
            }
            sleep(EVERY).await;
        }
    }

    async fn follow_tide(&self, tide: &Tide) -> store::Result<()> {
        // Replaced under a running server.
        end_what_came_back(tide, &self.store, &self.clock).await?;
        tide.rise(&self.store).await
    }
}

/// Ends every session there is and every API token, for good, and refuses every token issued so far. Answers how many
/// sessions that were.
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
            // A backup has forgotten which of them were reset.
            tx.end_all_api_tokens().await?;
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
            origin: Origin::default(),
        };
        // The cut-off does not reach tokens that were issued after it, in a session that is ended only now.
        let some = store.write(move |tx| {
            Box::pin(async move {
                let revoked = tx.end_some_sessions(AT_ONCE, &ending).await?;
                tx.announce(&revoked).await?;
                Ok::<_, StoreError>(revoked.len())
            })
        });
        let ended = some.await?;
        all += ended;
        // Somebody else may be at it, too, and have been first with each of these.
        if ended == 0 && !store.is_any_session_live(clock.now()).await? {
            return Ok(all);
        }
    }
}
