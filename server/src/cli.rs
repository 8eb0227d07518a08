//! The command line. Every command takes the same settings; every error is one line and exit status 1.

mod authtoken;
mod demo;
mod demo_data;
mod event;
mod healthcheck;
mod serve;
mod session;
mod token;
mod user;
mod webhook;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Settings, unknown_variable, without_empty_variables};
use crate::lifecycle::HEARD_WITHIN;
use crate::start::{hasher, open, rehearse};
use crate::store::Store;
use crate::tide::Tide;

/// A session server that speaks the HTTP API of SimpleJWT and keeps every issued token on record
///
/// Start with `jotward serve --demo` and open <http://127.0.0.1:3000>. Every setting is a flag and a `JOTWARD_*`
/// variable; the flag wins. `-h` leaves the settings out.
#[derive(Debug, Parser)]
#[command(
    name = "jotward",
    version,
    arg_required_else_help = true,
    max_term_width = 110
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date and serve
    Serve {
        /// Add users to try things with, and print their names and passwords (loopback only)
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database up to date and stop
    Migrate,
    /// Add, list and change users
    #[command(subcommand)]
    User(user::UserCommand),
    /// List and end sessions
    #[command(subcommand)]
    Session(session::SessionCommand),
    /// List what happened
    #[command(subcommand)]
    Event(event::EventCommand),
    /// Look after what webhooks have not taken
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Print a user's API token, made when there is none; it is good until it is reset
    Authtoken(authtoken::AuthtokenCommand),
    /// Tidy the record of tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// The same as `token flush-expired`, under the name it has in Django
    #[command(name = "flushexpiredtokens")]
    FlushExpiredTokens,
    /// Fill an empty database with made-up users, sessions and tokens of 90 days, to try the admin with
    DemoData {
        /// How many sessions, 1 to 10000000; users are a fifth of that, tokens five times as many
        #[arg(long, value_name = "N")]
        sessions: usize,
        /// Another seed makes other users, times and addresses
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
    },
    /// Print the settings in force as JOTWARD_* lines, without secrets; refuses those no server could start with
    Config,
    /// Ask the server at LISTEN whether it and its database are well; for container health checks
    Healthcheck,
}

/// Why the process ends early.
#[derive(Debug)]
pub enum Exit {
    /// All has been said (help, version); the exit status.
    Said(u8),
    /// What went wrong, in one line.
    Failed(String),
}

impl<E: std::error::Error> From<E> for Exit {
    fn from(error: E) -> Self {
        Self::Failed(one_line(&error.to_string()))
    }
}

/// Runs the command in `args`.
///
/// # Errors
/// What the process is to end with.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Result<(), Exit> {
    let cli = parse(args)?;
    refuse_unknown_variables()?;
    cli.settings.check()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve { demo } => Box::pin(serve::run(cli.settings, demo)).await,
            Command::Migrate => Ok(open(&cli.settings).await.map(drop)?),
            Command::User(command) => user::run(command, &cli.settings).await,
            Command::Session(command) => session::run(command, &cli.settings).await,
            Command::Event(command) => event::run(command, &cli.settings).await,
            Command::Webhook(command) => webhook::run(command, &cli.settings).await,
            Command::Authtoken(command) => authtoken::run(command, &cli.settings).await,
            Command::Token(command) => token::run(command, &cli.settings).await,
            Command::FlushExpiredTokens => token::flush_expired(None, &cli.settings).await,
            Command::DemoData { sessions, seed } => {
                Box::pin(demo_data::run(sessions, seed, &cli.settings)).await
            }
            Command::Config => {
                rehearse(&cli.settings)?;
                say(&cli.settings.lines().join("\n"))
            }
            Command::Healthcheck => healthcheck::run(&cli.settings).await,
        }
    })
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    let parsed = command()
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| {
        if error.use_stderr()
            && error.kind() != clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        {
            let text = error.to_string();
            let text = text.strip_prefix("error: ").unwrap_or(&text);
            return Exit::Failed(one_line(text.split("\n\n").next().unwrap_or(text)));
        }
        let _ = error.print();
        Exit::Said(u8::from(error.use_stderr()))
    })
}

/// The command line, with the settings only where help is asked for at length.
fn command() -> clap::Command {
    let command = Cli::command().mut_args(|arg| {
        let is_setting = arg.get_env().is_some();
        arg.hide_short_help(is_setting)
    });
    without_empty_variables(command)
}

fn refuse_unknown_variables() -> Result<(), Exit> {
    let command = Cli::command();
    let known: Vec<&str> = command
        .get_arguments()
        .filter_map(|arg| arg.get_env()?.to_str())
        .collect();
    let given = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    match unknown_variable(given, &known) {
        None => Ok(()),
        Some((name, Some(nearest))) => Err(Exit::Failed(format!(
            "unknown setting {name}; did you mean {nearest}?"
        ))),
        Some((name, None)) => Err(Exit::Failed(format!(
            "unknown setting {name}; `jotward config` prints those there are"
        ))),
    }
}

/// After a command that revoked something: notes how far the database is, and waits until running servers have heard,
/// so that what was answered is in force.
async fn settle(store: &Store, settings: &Settings) -> Result<(), Exit> {
    Tide::in_dir(&settings.data_dir).rise(store).await?;
    tokio::time::sleep(HEARD_WITHIN).await;
    Ok(())
}

/// Prints a text and a line's end. Who stopped reading has read enough.
fn say(text: &str) -> Result<(), Exit> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn config_prints_every_setting() {
        let cli = parse(["jotward", "config"].map(OsString::from)).expect("parses");
        let printed = cli.settings.lines();
        let command = Cli::command();
        let known: Vec<_> = command
            .get_arguments()
            .filter_map(|arg| arg.get_env()?.to_str())
            .collect();
        let names: Vec<_> = printed
            .iter()
            .filter_map(|line| line.trim_start_matches("# ").split('=').next())
            .collect();
        assert_eq!(names, known);
    }

    #[test]
    fn the_table_of_simplejwts_settings_names_only_what_there_is() {
        let table = include_str!("../../docs/simplejwt.md");
        let command = Cli::command();
        let known: Vec<_> = command
            .get_arguments()
            .filter_map(|arg| Some((arg.get_env()?.to_str()?, arg.get_default_values())))
            .collect();
        let rows = table.lines().filter(|line| line.starts_with("| `"));
        let mut named = 0;
        for cells in rows.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>()) {
            let Some(name) = cells.get(3).and_then(|cell| cell.strip_prefix("`JOTWARD_")) else {
                continue;
            };
            let name = format!("JOTWARD_{}", name.trim_end_matches('`'));
            let setting = known.iter().find(|(known, _)| *known == name);
            let (_, defaults) = setting.unwrap_or_else(|| panic!("there is no {name}"));
            let default = match defaults {
                [default] => format!("`{}`", default.to_string_lossy()),
                _ => String::new(),
            };
            assert_eq!(cells[4], default, "{name}");
            named += 1;
        }
        assert!(named >= 24, "{named}");
        for word in table.split('`') {
            let Some(_) = word
                .strip_prefix("JOTWARD_")
                .filter(|rest| !rest.is_empty())
            else {
                continue;
            };
            let name = word.split('=').next().unwrap_or(word);
            assert!(known.iter().any(|(known, _)| *known == name), "{name}");
        }
    }

    #[test]
    fn the_readme_lists_every_setting_with_its_default() {
        let readme = include_str!("../../README.md");
        let listed: Vec<_> = readme
            .lines()
            .filter(|line| line.starts_with("| `JOTWARD_"))
            .collect();
        let command = Cli::command();
        let settings = command
            .get_arguments()
            .filter_map(|arg| Some((arg, arg.get_env()?.to_str()?)));
        let expected: Vec<_> = settings
            .map(|(arg, name)| match arg.get_default_values() {
                [default] if !default.is_empty() => {
                    format!("| `{name}` | `{}` |", default.to_string_lossy())
                }
                _ => format!("| `{name}` | |"),
            })
            .collect();
        assert_eq!(listed.len(), expected.len());
        for (line, expected) in listed.iter().zip(&expected) {
            assert!(
                line.starts_with(expected),
                "{line} does not begin with {expected}"
            );
        }
    }
}
