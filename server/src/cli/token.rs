//! `jotward token`: the record of tokens.

use clap::Subcommand;

use super::{Exit, open, say};
use crate::clock::Clock;
use crate::config::{Seconds, Settings};
use crate::lifecycle::{Tidied, tidy};
use crate::registry::CLOCK_MARGIN;
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Remove what expired long ago from the record; a running server does so by itself
    ///
    /// Without `--older-than`: tokens that expired before `KEEP_EXPIRED`, each when nothing that stays hangs on it, and
    /// events of before `KEEP_EVENTS`. With it: whole sessions, and nothing else.
    FlushExpired {
        /// Whole sessions that were over for this long, with all their tokens, and never a part of one; at least an hour,
        /// and LEEWAY on top
        #[arg(long, value_name = "TIME")]
        older_than: Option<Seconds>,
    },
}

pub async fn run(command: TokenCommand, settings: &Settings) -> Result<(), Exit> {
    let TokenCommand::FlushExpired { older_than } = command;
    if let Some(age) = older_than {
        check_age(age, settings)?;
    }
    flush_expired(older_than, settings).await
}

/// Removes whole sessions that were over for `older_than`, or else what `KEEP_EXPIRED` and `KEEP_EVENTS` say.
pub async fn flush_expired(older_than: Option<Seconds>, settings: &Settings) -> Result<(), Exit> {
    let store = open(settings).await?;
    let now = Clock::System.now();
    let tidied = match older_than {
        Some(age) => archive(&store, age, now).await?,
        None => tidy(&store, settings, now).await?,
    };
    store.close().await;
    say(&format!(
        "removed {} tokens and {} sessions that had expired",
        tidied.registry.tokens, tidied.registry.sessions
    ))?;
    if tidied.events + tidied.devices > 0 {
        say(&format!(
            "removed {} events and {} known devices",
            tidied.events, tidied.devices
        ))?;
    }
    Ok(())
}

async fn archive(store: &Store, age: Seconds, now: i64) -> Result<Tidied, Exit> {
    Ok(Tidied {
        registry: store.flush_whole_sessions(now - age.get()).await?,
        ..Tidied::default()
    })
}

/// What is removed earlier could come back to life with a clock that is set back, or within the leeway.
fn check_age(age: Seconds, settings: &Settings) -> Result<(), Exit> {
    if age.get() >= CLOCK_MARGIN + settings.leeway.get() {
        return Ok(());
    }
    let problem = "--older-than must be at least an hour, and LEEWAY on top";
    Err(Exit::Failed(problem.to_owned()))
}
