//! `jotward webhook`: what is still to be sent, or was given up. The sending is a running server's.

use clap::Subcommand;

use super::session::moment;
use super::{Exit, one_line, open, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::store::{Delivery, Store};

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// List what is still to be sent, and what was given up, oldest first
    List,
    /// Try everything that waits, or was given up, anew
    Retry,
}

pub async fn run(command: WebhookCommand, settings: &Settings) -> Result<(), Exit> {
    let store = open(settings).await?;
    match command {
        WebhookCommand::List => list(&store).await?,
        WebhookCommand::Retry => retry(&store).await?,
    }
    store.close().await;
    Ok(())
}

async fn list(store: &Store) -> Result<(), Exit> {
    say(&format!(
        "{:<24} {:<28} {:<20} {:>5}  {:<20} last error",
        "id", "event", "happened", "tried", "next"
    ))?;
    for delivery in store.deliveries().await? {
        say(&line(&delivery))?;
    }
    Ok(())
}

fn line(delivery: &Delivery) -> String {
    let event = &delivery.event;
    let next = delivery.next_at().map_or("given up".to_owned(), moment);
    let error = delivery.last_error.as_deref().unwrap_or_default();
    format!(
        "{:<24} {:<28} {:<20} {:>5}  {next:<20} {}",
        format!("evt_{}", event.id),
        event.kind,
        moment(event.at),
        delivery.attempts,
        one_line(error)
    )
}

async fn retry(store: &Store) -> Result<(), Exit> {
    let now = Clock::System.now();
    let due = store.write(move |tx| Box::pin(async move { tx.retry_deliveries(now).await }));
    say(&format!("{} to be tried anew", due.await?))
}
