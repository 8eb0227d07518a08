//! `jotward event`: what happened, for who answers the call "someone is in my account".

use clap::Subcommand;
use serde_json::json;

use super::session::moment;
use super::{Exit, open, say};
use crate::config::Settings;
use crate::event::Kind;
use crate::store::{EventFilter, EventRow};
use crate::token::SessionId;

/// What to do with events.
#[derive(Debug, Subcommand)]
pub enum EventCommand {
    /// List what happened, latest first
    List {
        /// What concerns this user, who may be gone by now
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// What concerns this session
        #[arg(long, value_name = "ID", value_parser = session)]
        session: Option<SessionId>,
        /// Of this kind only, such as `authn_token_reuse`
        #[arg(long, value_name = "KIND", value_parser = kind)]
        kind: Option<Kind>,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of the commands.
pub async fn run(command: EventCommand, settings: &Settings) -> Result<(), Exit> {
    let store = open(settings).await?;
    let EventCommand::List {
        user,
        session,
        kind,
        limit,
        json,
    } = command;
    let filter = EventFilter {
        username: user.as_deref(),
        session,
        kind,
        ..EventFilter::default()
    };
    for event in store.events(filter, limit).await? {
        say(&if json { object(&event) } else { line(&event) })?;
    }
    store.close().await;
    Ok(())
}

fn line(event: &EventRow) -> String {
    let more = [
        ("session", &event.session_id),
        ("by", &event.actor),
        ("detail", &event.detail),
    ];
    // What a client said is written escaped: a terminal must not obey it.
    let more = more
        .into_iter()
        .filter_map(|(name, value)| Some(format!("  {name}={:?}", value.as_deref()?)));
    format!(
        "{}  {:<26} {:<24} {:<15}{}",
        moment(event.at),
        event.kind,
        event.username.as_deref().unwrap_or("-"),
        event.ip,
        more.collect::<String>()
    )
}

fn object(event: &EventRow) -> String {
    json!({
        "id": event.id,
        "at": moment(event.at),
        "kind": event.kind,
        "user_id": event.user_id,
        "username": event.username,
        "session_id": event.session_id,
        "actor": event.actor,
        "ip": event.ip,
        "network": event.network,
        "user_agent": event.user_agent,
        "detail": event.detail,
        "notice": event.notice,
    })
    .to_string()
}

fn session(text: &str) -> Result<SessionId, &'static str> {
    // As people copy it from elsewhere.
    let id = SessionId::parse(&text.trim().to_ascii_lowercase());
    id.ok_or("not the id of a session")
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = Kind::ALL.map(Kind::as_str).join(", ");
    Kind::parse(text).ok_or_else(|| format!("none of {names}"))
}
