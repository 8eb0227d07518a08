//! `jotward serve`.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{Exit, demo, say};
use crate::config::{LogFormat, Settings};
use crate::start::start;
use crate::state::Server;

/// Serves until the process is told to stop (SIGTERM or SIGINT).
pub async fn run(settings: Settings, with_demo: bool) -> Result<(), Exit> {
    if with_demo && !settings.is_loopback() {
        let problem =
            "--demo makes users whose passwords everybody knows; it serves on loopback only";
        return Err(Exit::Failed(problem.to_owned()));
    }
    start_log(settings.log_format);
    let address = settings.listen;
    let running = start(settings).await?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Exit::Failed(format!("can not listen on {address}: {error}")))?;
    let base = format!("http://{address}");
    greet(&running.state, with_demo, &base).await?;
    crate::serve(listener, Arc::clone(&running.state), told_to_stop()?).await;
    running.stop().await;
    Ok(())
}

async fn greet(server: &Server, with_demo: bool, base: &str) -> Result<(), Exit> {
    let (store, hasher) = (&server.store, &server.hasher);
    if with_demo {
        demo::announce(&demo::make(store, hasher, &server.clock).await?, base)?;
    } else {
        demo::refuse_known_passwords(store, hasher).await?;
    }
    say(&format!(
        "Jotward {} serves {base}",
        env!("CARGO_PKG_VERSION")
    ))
}

fn start_log(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
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
