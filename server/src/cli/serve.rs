//! `jotward serve`.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{Exit, demo, hasher, make_data_dir, open, say};
use crate::clock::Clock;
use crate::config::Settings;
use crate::registry::Registry;
use crate::state::Server;
use crate::throttle::LoginThrottle;
use crate::token::Keys;

/// Serves until the process is told to stop (SIGTERM or SIGINT).
pub async fn run(settings: Settings, with_demo: bool) -> Result<(), Exit> {
    if with_demo && !settings.is_loopback() {
        let problem =
            "--demo makes users whose passwords everybody knows; it serves on loopback only";
        return Err(Exit::Failed(problem.to_owned()));
    }
    start_log();
    if settings.signing_key.is_none() {
        make_data_dir(&settings)?;
    }
    let keys = Keys::new(settings.algorithm, &settings.signing_secret()?)?;
    let hasher = hasher(&settings)?;
    let clock = Clock::System;
    let store = open(&settings).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Exit::Failed(format!("can not listen on {}: {error}", settings.listen)))?;
    let registry = Registry::load(&store, settings.leeway.get(), clock.now()).await?;
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
        registry,
        hasher,
        throttle,
        clock,
    });
    let followed = tokio::spawn(Arc::clone(&state).follow_revocations());
    crate::serve(listener, state, told_to_stop()?).await;
    followed.abort();
    Ok(())
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
