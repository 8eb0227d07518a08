//! `jotward token`: the record of tokens.

use clap::Subcommand;

use super::{Exit, open, say};
use crate::clock::Clock;
use crate::config::{Seconds, Settings};
use crate::registry::CLOCK_MARGIN;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Remove what expired long ago from the record; a running server does so by itself
    FlushExpired {
        /// How long ago [default: `KEEP_EXPIRED`]
        #[arg(long, value_name = "TIME")]
        older_than: Option<Seconds>,
    },
}

pub async fn run(command: TokenCommand, settings: &Settings) -> Result<(), Exit> {
    let TokenCommand::FlushExpired { older_than } = command;
    flush_expired(older_than, settings).await
}

/// Removes what expired longer ago than `older_than`, or than `KEEP_EXPIRED`.
pub async fn flush_expired(older_than: Option<Seconds>, settings: &Settings) -> Result<(), Exit> {
    let keep = older_than.unwrap_or(settings.keep_expired).get();
    // What is removed earlier could come back to life with a clock that is set back, or within the leeway.
    let keep = keep.max(CLOCK_MARGIN + settings.leeway.get());
    let store = open(settings).await?;
    let flushed = store.flush_expired(Clock::System.now() - keep).await?;
    store.close().await;
    say(&format!(
        "removed {} tokens and {} sessions that had expired",
        flushed.tokens, flushed.sessions
    ))
}
