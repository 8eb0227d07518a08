//! `jotward user …`: users from the command line. What shuts a user out ends their sessions too; a running server
//! learns of it within a second.

use std::io::{self, BufRead};

use clap::Subcommand;
use secrecy::SecretString;

use super::{Exit, hasher, open, say, settle};
use crate::account::{AddUser, read_django_users};
use crate::clock::Clock;
use crate::config::Settings;
use crate::store::{Store, User};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user
    Add {
        /// The name they log in with
        name: String,
        /// Their e-mail address
        #[arg(long, default_value = "")]
        email: String,
        /// May see the admin and revoke there
        #[arg(long)]
        staff: bool,
        /// May do everything
        #[arg(long)]
        superuser: bool,
        /// May not log in yet
        #[arg(long)]
        inactive: bool,
        /// Read the password from the first line of standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take users over from Django, with their numbers and passwords: the output of `manage.py dumpdata auth.user` on
    /// standard input; all of them or none
    Import,
    /// List all users
    List,
    /// Set a user's password and end all their sessions
    Password {
        /// The user's name
        name: String,
        /// Read the password from the first line of standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let a user log in again
    Activate {
        /// The user's name
        name: String,
    },
    /// Shut a user out and end all their sessions
    Deactivate {
        /// The user's name
        name: String,
    },
    /// Delete a user and end all their sessions; the sessions stay on record
    Delete {
        /// The user's name
        name: String,
    },
}

/// Runs one of the commands.
pub async fn run(command: UserCommand, settings: &Settings) -> Result<(), Exit> {
    let store = open(settings).await?;
    let clock = Clock::System;
    match command {
        UserCommand::Add {
            name,
            email,
            staff,
            superuser,
            inactive,
            password_stdin,
        } => {
            let password = password(password_stdin)?;
            let add = AddUser {
                username: name.clone(),
                email,
                password,
                is_active: !inactive,
                is_staff: staff,
                is_superuser: superuser,
            };
            let id = store.add_user(add, &hasher(settings)?, &clock).await?;
            say(&format!("added user {id} \"{name}\""))?;
        }
        UserCommand::Import => import(&store, &clock).await?,
        UserCommand::List => list(&store).await?,
        UserCommand::Password {
            name,
            password_stdin,
        } => {
            let user = store.user_named(&name).await?;
            let password = password(password_stdin)?;
            let ended = store
                .change_password(&user, password, &hasher(settings)?, &clock)
                .await?;
            settle(&store, settings).await?;
            say(&format!(
                "changed the password of \"{name}\"; {}",
                sessions(ended)
            ))?;
        }
        UserCommand::Activate { name } => {
            let user = store.user_named(&name).await?;
            store.activate_user(&user, &clock).await?;
            say(&format!("\"{name}\" may log in"))?;
        }
        UserCommand::Deactivate { name } => {
            let ended = store
                .deactivate_user(&store.user_named(&name).await?, &clock)
                .await?;
            settle(&store, settings).await?;
            say(&format!(
                "\"{name}\" may not log in any more; {}",
                sessions(ended)
            ))?;
            warn_without_superuser(&store).await?;
        }
        UserCommand::Delete { name } => {
            let ended = store
                .delete_user(&store.user_named(&name).await?, &clock)
                .await?;
            settle(&store, settings).await?;
            say(&format!("deleted \"{name}\"; {}", sessions(ended)))?;
            warn_without_superuser(&store).await?;
        }
    }
    store.close().await;
    Ok(())
}

/// The command line may remove the last superuser, because it is the way back in; it says so.
async fn warn_without_superuser(store: &Store) -> Result<(), Exit> {
    if store.has_superuser().await? {
        return Ok(());
    }
    say(
        "no superuser is left who may log in: nobody manages users in the admin until `jotward user add --superuser`",
    )
}

async fn import(store: &Store, clock: &Clock) -> Result<(), Exit> {
    let dump = io::read_to_string(io::stdin().lock())?;
    let users = read_django_users(&dump)?;
    let imported = store.import_users(users, clock.now()).await?;
    say(&format!("took over {} users", imported.users))?;
    for name in &imported.without_email {
        say(&format!(
            "\"{name}\" has no e-mail address here: somebody else has it, or it is none"
        ))?;
    }
    for name in &imported.without_password {
        say(&format!(
            "\"{name}\" can not log in until `jotward user password {name}`: there is no hash of theirs that is understood here"
        ))?;
    }
    Ok(())
}

async fn list(store: &Store) -> Result<(), Exit> {
    say(&format!(
        "{:>6}  {:<24} {:<32} {:<8} role",
        "id", "username", "e-mail", "state"
    ))?;
    for user in store.users().await? {
        let state = if user.is_active { "active" } else { "inactive" };
        say(&format!(
            "{:>6}  {:<24} {:<32} {state:<8} {}",
            user.id,
            user.username,
            user.email,
            role(&user)
        ))?;
    }
    Ok(())
}

fn role(user: &User) -> &'static str {
    match (user.is_superuser, user.is_staff) {
        (true, _) => "superuser",
        (false, true) => "staff",
        (false, false) => "user",
    }
}

/// How many sessions ended, in words.
pub fn sessions(ended: usize) -> String {
    match ended {
        0 => "no session was open".to_owned(),
        1 => "1 session ended".to_owned(),
        n => format!("{n} sessions ended"),
    }
}

/// Reads a password: from a pipe, or from a person, without showing it.
fn password(from_stdin: bool) -> Result<SecretString, Exit> {
    if !from_stdin {
        let problem = "no terminal to ask for the password; pipe it in with --password-stdin";
        let ask =
            |what| rpassword::prompt_password(what).map_err(|_| Exit::Failed(problem.to_owned()));
        let password = ask("Password: ")?;
        if ask("Again: ")? != password {
            return Err(Exit::Failed(
                "the two passwords differ; nothing was changed".to_owned(),
            ));
        }
        return Ok(password.into());
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}
