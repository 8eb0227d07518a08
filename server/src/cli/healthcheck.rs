//! `jotward healthcheck`: one request to the server of these settings.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Exit, say};
use crate::config::Settings;

const PATIENCE: Duration = Duration::from_secs(5);

/// Succeeds when the server answers that it is ready.
pub async fn run(settings: &Settings) -> Result<(), Exit> {
    let mut address = settings.listen;
    // A server on all addresses answers on loopback too.
    if address.ip().is_unspecified() {
        let loopback = if address.is_ipv4() {
            "127.0.0.1"
        } else {
            "::1"
        };
        address.set_ip(loopback.parse()?);
    }
    let answer = timeout(PATIENCE, ask(address)).await;
    match answer {
        Ok(Ok(status)) if status.starts_with("HTTP/1.1 200") => say("ok"),
        Ok(Ok(status)) => Err(Exit::Failed(format!("{address} is not ready: {status}"))),
        Ok(Err(error)) => Err(Exit::Failed(format!("{address} does not answer: {error}"))),
        Err(_) => Err(Exit::Failed(format!(
            "{address} does not answer within {} s",
            PATIENCE.as_secs()
        ))),
    }
}

async fn ask(address: std::net::SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
