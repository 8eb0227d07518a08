//! One run on one database: users, a server, clients, kills, and the verdict.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::check::{Windows, check};
use super::foe::Foe;
use super::life::Life;
use super::summary::Summary;
use super::world::World;
use super::{admin, chaos, show};
use crate::client::Client;
use crate::postgres::{Database, PostgresError};
use crate::process::{Operator, ProcessError, Server, Settings};

/// Clients at once, each with a user of its own.
const CLIENTS: usize = 28;

/// Violations that are shown; the rest is counted.
const SHOWN: usize = 4;

/// Windows short enough to be waited out within a run.
const SHORT: Windows = Windows {
    reuse: Duration::from_secs(3),
    retry: Duration::from_secs(8),
};

/// The windows of a server that can not be told others.
const DEFAULT: Windows = Windows {
    reuse: Duration::from_secs(10),
    retry: Duration::from_mins(1),
};

const REUSE_INTERVAL: &str = "JOTWARD_REFRESH_REUSE_INTERVAL";
const RETRY_WINDOW: &str = "JOTWARD_REFRESH_RETRY_WINDOW";

/// The database under the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// A file in the data directory.
    Sqlite,
    /// A fresh database on the server `TEST_DATABASE_URL` names.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// On what.
    pub engine: Engine,
    /// For how long.
    pub lasts: Duration,
    /// Whence all chance comes.
    pub seed: u64,
}

/// Why a run is no success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server's process.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The database.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The admin could not log in.
    #[error("{0}")]
    Admin(String),
    /// Promises were broken; the report.
    #[error("{0}")]
    Violations(String),
    /// Too little happened to say anything.
    #[error("too little happened: {0}")]
    TooLittle(String),
}

/// Runs, and answers what happened, for people.
///
/// # Errors
/// See [`Failure`].
pub async fn run(plan: Plan) -> Result<String, Failure> {
    let database = match plan.engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Database::make().await?),
    };
    let done = run_on(plan, database.as_ref()).await;
    if let Some(database) = database {
        database.delete().await?;
    }
    done
}

async fn run_on(plan: Plan, database: Option<&Database>) -> Result<String, Failure> {
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let (mut server, windows) = server(database).await?;
    let names: Vec<String> = (0..CLIENTS).map(|who| format!("user{who}")).collect();
    add_users(&server.operator(), &names).await?;
    server.start().await?;

    let mut browser = Client::new(server.address(), "admin");
    let cookie = admin::log_in(&mut browser, "root", &password("root")).await;
    let cookie = cookie.map_err(|error| Failure::Admin(error.to_string()))?;
    let world = World::new(
        server.address(),
        windows,
        server.operator(),
        cookie,
        plan.lasts,
    );
    let world = Arc::new(world);
    let mut clients = JoinSet::new();
    for (who, name) in names.into_iter().enumerate() {
        let password = password(&name);
        let life = Life::new(Arc::clone(&world), random.fork(), who, name, password);
        clients.spawn(life.live());
    }
    let mut foe = Foe::of(&server, database);
    chaos::rage(&world, &mut server, &mut foe, random.fork()).await?;
    // A client that panics lost its part of the history; the others' still counts.
    while clients.join_next().await.is_some() {}
    server.stop().await?;
    verdict(plan, windows, &world, &server)
}

fn verdict(
    plan: Plan,
    windows: Windows,
    world: &World,
    server: &Server,
) -> Result<String, Failure> {
    let events = world.history();
    let violations = check(&events, windows);
    let summary = Summary::of(&events, windows);
    if !violations.is_empty() {
        let mut report = format!("seed {} on {}\n{summary}\n\n", plan.seed, plan.engine);
        for violation in violations.iter().take(SHOWN) {
            report.push_str(&show::violation(violation, &events));
            report.push('\n');
        }
        report.push_str(&show::tally(&violations));
        report.push_str("\nthe end of the server's log:\n");
        report.push_str(&server.log());
        return Err(Failure::Violations(report));
    }
    let missing = summary.too_little(plan.lasts);
    if missing.is_empty() {
        Ok(summary.to_string())
    } else {
        let missing = missing.join("; ");
        Err(Failure::TooLittle(format!("{missing}\n{summary}")))
    }
}

async fn server(database: Option<&Database>) -> Result<(Server, Windows), ProcessError> {
    let mut settings = Settings::new();
    let mut set = |name: &str, value: &str| settings.insert(name.into(), value.into());
    // Hashing a password is slow on purpose, and not what is tried here.
    set("JOTWARD_ARGON2_MEMORY", "64");
    set("JOTWARD_ARGON2_ITERATIONS", "1");
    set("JOTWARD_THROTTLE", "off");
    set("JOTWARD_ACCESS_TOKEN_LIFETIME", "6h");
    if let Some(database) = database {
        set("JOTWARD_DATABASE_URL", &database.url());
    }
    let plain = Server::new(settings.clone())?;
    let operator = plain.operator();
    if !(operator.knows(REUSE_INTERVAL).await? && operator.knows(RETRY_WINDOW).await?) {
        return Ok((plain, DEFAULT));
    }
    for (name, window) in [(REUSE_INTERVAL, SHORT.reuse), (RETRY_WINDOW, SHORT.retry)] {
        settings.insert(name.into(), format!("{}s", window.as_secs()));
    }
    Ok((Server::new(settings)?, SHORT))
}

async fn add_users(operator: &Operator, names: &[String]) -> Result<(), ProcessError> {
    let add = async |name: &str, more: &[&str]| {
        let arguments = [&["user", "add", name, "--password-stdin"], more].concat();
        operator.run(&arguments, Some(&password(name))).await
    };
    add("root", &["--superuser"]).await?;
    for name in names {
        add(name, &[]).await?;
    }
    Ok(())
}

fn password(name: &str) -> String {
    format!("{name} tortures 1 server")
}
