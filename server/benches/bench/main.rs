//! The promises about speed, each as a ratio of two figures taken in one run. `make bench` runs all rows;
//! `scripts/bench verify login` runs some. `scripts/bench admin` times the admin's pages instead. It drives the binary that `JOTWARD_BIN` names. It measures and prints: what
//! a machine under other load shows is no reason to fail.

mod admin;
mod bare;
mod crowd;
mod driver;
mod empty;
mod flood;
mod flush;
mod heading;
mod login;
mod memory;
mod peers;
mod postgres;
mod refresh;
mod rounds;
mod seed;
mod table;
mod verify;
mod world;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use table::Table;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

/// What measuring gives, or why it could not be done.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long everything may take: filling two databases for the admin takes the most.
const PATIENCE: Duration = Duration::from_mins(90);

/// The rows of `make bench`, by name.
const ROWS: [&str; 8] = [
    "memory", "verify", "refresh", "postgres", "million", "login", "flood", "flush",
];

fn main() -> ExitCode {
    // Cargo adds arguments of its own, such as --bench.
    let names: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    if names.iter().any(|name| name == bare::NAME) {
        return done(bare::serve());
    }
    // One thread asks all questions: the server needs the processor more.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    done(runtime.map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            tokio::select! {
                all = timeout(PATIENCE, all(&names)) => all?,
                // Whoever is dropped ends the servers it started.
                () = told_to_stop() => Err("stopped".into()),
            }
        })
    }))
}

fn done(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn told_to_stop() {
    let heard = async |kind| match signal(kind) {
        Ok(mut signal) => signal.recv().await.map_or((), drop),
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = heard(SignalKind::terminate()) => {}
        () = heard(SignalKind::interrupt()) => {}
    }
}

async fn all(names: &[String]) -> Outcome<()> {
    let chosen: Vec<&str> = if names.is_empty() {
        ROWS.to_vec()
    } else {
        names.iter().map(String::as_str).collect()
    };
    let mut table = Table::default();
    for name in chosen {
        eprintln!("bench: {name}");
        if let Err(error) = run(name, &mut table).await {
            table.note(format!("{name}: not measured: {error}"));
        }
    }
    println!("{}\n", heading::heading());
    if !table.is_empty() {
        println!("{table}");
    }
    Ok(())
}

async fn run(name: &str, table: &mut Table) -> Outcome<()> {
    match name {
        "verify" => verify::measure(table).await,
        "refresh" => refresh::measure(table).await,
        "postgres" => postgres::measure(table).await,
        "million" => empty::measure(table).await,
        "login" => login::measure(table).await,
        "flood" => flood::measure(table).await,
        "flush" => flush::measure(table).await,
        "memory" => memory::measure(table).await,
        "peers" => peers::measure(table).await,
        "admin" => admin::measure(table).await,
        _ => Err(format!("there is no such row; there are {}", ROWS.join(", ")).into()),
    }
}
