//! Tortures the server `JOTWARD_BIN` names and checks the history. Prints the seed before anything else; exit
//! status 1 when a promise was broken or too little happened.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use load::torture::{Engine, Failure, Plan, run};
use tokio::signal::unix::{SignalKind, signal};

/// Many clients, honest and not, use a server that is killed again and again; then the history is checked
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Arguments {
    /// How long clients are at work in all, in seconds
    #[arg(long, default_value_t = 30)]
    seconds: u64,

    /// Whence all chance comes: the same seed draws the same deeds, though not the same moments [default: random]
    #[arg(long)]
    seed: Option<u64>,

    /// The database under the server; both share the time
    #[arg(long, value_enum, default_value_t = Choice::Both)]
    database: Choice,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Choice {
    Sqlite,
    Postgres,
    Both,
}

impl Choice {
    fn engines(self) -> &'static [Engine] {
        match self {
            Self::Sqlite => &[Engine::Sqlite],
            Self::Postgres => &[Engine::Postgres],
            Self::Both => &[Engine::Sqlite, Engine::Postgres],
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("torture: seed {seed}");
    // Whoever is interrupted drops the run, and with it the server's process.
    let done = tokio::select! {
        done = torture(&arguments, seed) => done,
        status = told_to_stop() => return ExitCode::from(status),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("torture: {failure}\ntorture: failed; the seed was {seed}");
            ExitCode::FAILURE
        }
    }
}

/// The exit status for the signal that came.
async fn told_to_stop() -> u8 {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => 130,
        _ = terminate.recv() => 143,
    }
}

async fn torture(arguments: &Arguments, seed: u64) -> Result<(), Failure> {
    let engines = arguments.database.engines();
    let shares = engines.iter().map(|_| 1).sum::<u32>();
    for engine in engines {
        let plan = Plan {
            engine: *engine,
            lasts: Duration::from_secs(arguments.seconds) / shares,
            seed,
        };
        println!("torture: {engine}, {:?}", plan.lasts);
        println!("{}", run(plan).await?);
    }
    Ok(())
}
