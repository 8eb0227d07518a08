//! `jotward authtoken`: hands out an API token without a login.

use clap::Args;
use secrecy::ExposeSecret;

use super::{Exit, open, say};
use crate::account::ChangeError;
use crate::api_tokens::{ApiTokens, Existing};
use crate::clock::Clock;
use crate::config::Settings;
use crate::tide::Tide;

#[derive(Debug, Args)]
pub struct AuthtokenCommand {
    /// The user's name
    name: String,
    /// Make another one; the old one is refused from now on
    #[arg(long, short)]
    reset: bool,
}

pub async fn run(command: AuthtokenCommand, settings: &Settings) -> Result<(), Exit> {
    let AuthtokenCommand { name, reset } = command;
    let store = open(settings).await?;
    let user = store.user_named(&name).await?;
    let existing = if reset {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let secret = settings.signing_secret()?;
    // What no server would start with makes no token either.
    settings.keys()?;
    let tokens = ApiTokens::new(&secret);
    let given = tokens.give(&store, &user, existing, Clock::System.now());
    let given = given.await?;
    if reset {
        Tide::in_dir(&settings.data_dir).rise(&store).await?;
    }
    store.close().await;
    let token = given.ok_or_else(|| ChangeError::Unknown(name.clone()))?;
    say(&format!(
        "Generated token {} for user {name}",
        token.expose_secret()
    ))
}
