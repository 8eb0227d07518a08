//! `jotward session`: who is logged in, what was issued to them, and ending it.

mod tree;

use clap::Subcommand;

use super::user::sessions;
use super::{Exit, open, say, settle};
use crate::account::COMMAND_LINE;
use crate::clock::Clock;
use crate::config::Settings;
use crate::session::EndReason;
use crate::store::{Ending, Origin, Store};
use crate::tide::end_all_sessions;
use crate::token::SessionId;

#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List the live sessions, latest first: when each expires unless it is refreshed, and when it ends in any case
    List {
        /// Of this user only
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Print every token of a session, each under the one it was issued for
    Tree {
        /// The session's id
        id: String,
        /// Only those that may be used, or only those that may not
        #[arg(long, value_name = "WHICH")]
        only: Option<tree::Only>,
    },
    /// End one session, all of a user, or all there are; nothing brings them back
    #[command(group = clap::ArgGroup::new("which").required(true))]
    End {
        /// The session's id
        #[arg(group = "which")]
        id: Option<String>,
        /// Every session of this user
        #[arg(long, value_name = "NAME", group = "which")]
        user: Option<String>,
        /// Every session and API token of everybody: after the database was restored from a backup
        #[arg(long, group = "which")]
        all: bool,
    },
}

pub async fn run(command: SessionCommand, settings: &Settings) -> Result<(), Exit> {
    let store = open(settings).await?;
    match command {
        SessionCommand::List { user } => list(&store, user).await?,
        SessionCommand::Tree { id, only } => tree::print(&store, session_id(&id)?, only).await?,
        SessionCommand::End { all: true, .. } => {
            let note = "all sessions were ended on the command line";
            let ended = end_all_sessions(&store, &Clock::System, EndReason::Admin, note).await?;
            settle(&store, settings).await?;
            say(&sessions(ended))?;
        }
        SessionCommand::End { id, user, .. } => {
            let ended = end_some(&store, id, user).await?;
            settle(&store, settings).await?;
            say(&sessions(ended))?;
        }
    }
    store.close().await;
    Ok(())
}

async fn end_some(store: &Store, id: Option<String>, user: Option<String>) -> Result<usize, Exit> {
    if let Some(name) = user {
        let user = store.user_named(&name).await?;
        return Ok(store.log_out_user(&user, &Clock::System).await?);
    }
    let ending = Ending {
        at: Clock::System.now(),
        reason: EndReason::Admin,
        by: Some(COMMAND_LINE.to_owned()),
        note: None,
        origin: Origin::default(),
    };
    let id = session_id(&id.unwrap_or_default())?;
    let ended = store.write(move |tx| Box::pin(async move { tx.end_session(id, &ending).await }));
    Ok(usize::from(ended.await?.is_some()))
}

fn session_id(text: &str) -> Result<SessionId, Exit> {
    // As people copy it from elsewhere.
    let id = SessionId::parse(&text.trim().to_ascii_lowercase());
    id.ok_or_else(|| Exit::Failed(format!("\"{text}\" is not the id of a session")))
}

async fn list(store: &Store, user: Option<String>) -> Result<(), Exit> {
    let user = match user {
        Some(name) => Some(store.user_named(&name).await?.user_id()),
        None => None,
    };
    say(&format!(
        "{:<36}  {:<24} {:<20} {:<20} {:<20} ends",
        "session", "user", "opened", "last seen", "expires"
    ))?;
    for session in store.live_sessions(user, Clock::System.now()).await? {
        say(&format!(
            "{:<36}  {:<24} {:<20} {:<20} {:<20} {}",
            session.id,
            session.username.as_deref().unwrap_or("(deleted)"),
            moment(session.opened_at),
            moment(session.last_seen_at),
            moment(session.over_unless_refreshed()),
            moment(session.expires_at)
        ))?;
    }
    Ok(())
}

/// A time as people and scripts read it, in UTC (RFC 3339).
pub fn moment(at: i64) -> String {
    let format = time::format_description::well_known::Rfc3339;
    time::OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|at| at.format(&format).ok())
        .unwrap_or_else(|| at.to_string())
}
