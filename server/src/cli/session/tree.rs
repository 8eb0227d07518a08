//! `jotward session tree`: the tokens of a session as they descend from each other.

use super::moment;
use crate::cli::{Exit, say};
use crate::clock::Clock;
use crate::session::{Branch, TokenState, Tree};
use crate::store::{Store, Which};
use crate::token::SessionId;

/// How far to the right a branch is moved at most: what is deeper is a fork of a fork of a fork.
const WIDEST: usize = 6;

/// How many characters of a token's name are printed: its end, because names that were given in one minute begin alike.
const SHORT: usize = 8;

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Only {
    /// What may be used now
    Active,
    /// What may not: expired, spent or revoked
    Over,
}

pub async fn print(store: &Store, id: SessionId, only: Option<Only>) -> Result<(), Exit> {
    let now = Clock::System.now();
    let facts = store.session_facts(id, now).await?;
    let facts = facts.ok_or_else(|| Exit::Failed(format!("there is no session {id} on record")))?;
    let which = match only {
        None => Which::All,
        Some(Only::Active) => Which::Active,
        Some(Only::Over) => Which::Over,
    };
    let tree = Tree::new(store.tokens_of_session(id, which, now).await?);
    let user = facts.username.as_deref().unwrap_or("(deleted)");
    let end = match (facts.ended_at, facts.end_reason) {
        (Some(at), Some(reason)) => format!("ended {} ({reason})", moment(at)),
        _ => format!("ends {}", moment(facts.expires_at)),
    };
    say(&format!(
        "session {id} of {user}, opened {}, {end}",
        moment(facts.opened_at)
    ))?;
    say(&format!(
        "{:<10} {:<22} {:<9} {:<20}  {:<20}  {:<24} address",
        "generation", "type", "jti", "issued", "expires", "state"
    ))?;
    for branch in tree.branches() {
        say(&line(&branch))?;
    }
    Ok(())
}

fn line(branch: &Branch<'_>) -> String {
    let token = branch.token;
    let name = &token.jti;
    let skipped = name.chars().count().saturating_sub(SHORT);
    let short: String = name.chars().skip(skipped).collect();
    let more = if skipped > 0 { "…" } else { "" };
    let state = match &token.state {
        TokenState::Active => "active".to_owned(),
        TokenState::Expired => "expired".to_owned(),
        TokenState::Blacklisted(reason) => format!("blacklisted ({reason})"),
    };
    let indent = "  ".repeat(branch.depth.min(WIDEST));
    format!(
        "{:<10} {:<22} {:<9} {:<20}  {:<20}  {state:<24} {}",
        token.generation.0,
        format!("{indent}{}", token.token_type),
        format!("{more}{short}"),
        moment(token.issued_at),
        moment(token.expires_at),
        token.ip
    )
}
