//! `jotward serve`.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing_subscriber::EnvFilter;

use super::{Exit, demo, hasher, make_data_dir, open, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::recall::Recall;
use crate::registry::{Limits, Registry};
use crate::state::{AppState, Server};
use crate::throttle::LoginThrottle;
use crate::tide::{Tide, end_what_came_back};
use crate::token::Keys;
use crate::watch::Watch;

/// How long the database may take to say good-bye.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop (SIGTERM or SIGINT).
pub async fn run(settings: Settings, with_demo: bool) -> Result<(), Exit> {
    if with_demo && !settings.is_loopback() {
        let problem =
            "--demo makes users whose passwords everybody knows; it serves on loopback only";
        return Err(Exit::Failed(problem.to_owned()));
    }
    start_log();
    match make_data_dir(&settings) {
        // With both elsewhere it holds a note only, and whoever can not write one is warned.
        Err(_) if settings.signing_key.is_some() && settings.database_url.is_some() => {}
        made => made?,
    }
    let keys = Keys::new(settings.algorithm, &settings.signing_secret()?)?;
    let hasher = hasher(&settings)?;
    let clock = Clock::System;
    let watch = Watch::open(&settings, &clock).map_err(|error| Exit::Failed(error.to_string()))?;
    let store = open(&settings).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Exit::Failed(format!("can not listen on {}: {error}", settings.listen)))?;
    let tide = Arc::new(Tide::in_dir(&settings.data_dir));
    end_what_came_back(&tide, &store, &clock).await?;
    let registry = Registry::load(&store, Limits::of(&settings), clock.now()).await?;
    let base = format!("http://{}", settings.listen);
    if with_demo {
        demo::announce(&demo::make(&store, &hasher, &clock).await?, &base)?;
    } else {
        demo::refuse_known_passwords(&store, &hasher).await?;
    }
    say(&format!(
        "Jotward {} serves {base}",
        env!("CARGO_PKG_VERSION")
    ))?;
    let throttle = LoginThrottle::new(&settings, &clock);
    let state = Arc::new(Server {
        settings,
        store,
        keys,
        recall: Recall::default(),
        registry,
        hasher,
        throttle,
        watch,
        clock,
    });
    let store = state.store.clone();
    let mut chores = chores(&state, Arc::clone(&tide));
    crate::serve(listener, Arc::clone(&state), told_to_stop()?).await;
    chores.abort_all();
    // What was answered last is noted, too, and only then does the database close.
    let _ = timeout(GRACE, state.hand_on()).await;
    let _ = timeout(GRACE, tide.rise(&store)).await;
    let _ = timeout(GRACE, store.close()).await;
    Ok(())
}

/// What a server does beside answering.
fn chores(state: &AppState, tide: Arc<Tide>) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(Arc::clone(state).follow_revocations());
    chores.spawn(Arc::clone(state).hand_on_receipts());
    chores.spawn(Arc::clone(state).flush_now_and_then());
    chores.spawn(Arc::clone(state).watch_tide(tide));
    chores
}

fn start_log() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
}

fn told_to_stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
