//! What a verification is held against: axum as it comes, one handler that parses the same body and answers the
//! same. It is a process of its own, this program started again, so that its time on a processor can be read.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::Stdio;

use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::Outcome;

/// The argument that makes this program such a server.
pub const NAME: &str = "bare-axum";

/// A running one; it ends when its standard input does, and so with whoever started it.
pub struct Bare {
    /// Where it answers.
    pub address: SocketAddr,
    /// The process.
    pub pid: u32,
    child: tokio::process::Child,
}

#[derive(Deserialize)]
struct Asked {
    token: String,
}

#[derive(serde::Serialize)]
struct Nothing {}

impl Bare {
    /// Starts one.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start() -> Outcome<Self> {
        let mut child = tokio::process::Command::new(std::env::current_exe()?)
            .arg(NAME)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        Ok(Self {
            address: line.ok_or("no address")?.parse()?,
            pid: child.id().ok_or("it has ended")?,
            child,
        })
    }

    /// Ends it.
    pub async fn stop(mut self) {
        // It fails only for a process that has ended already.
        let _ = self.child.kill().await;
    }
}

/// Is one, with the same kind of runtime as Jotward's.
///
/// # Errors
/// It can not listen.
pub fn serve() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        let app = Router::new().route("/api/token/verify/", post(answer));
        Ok(axum::serve(listener, app).await?)
    })
}

async fn answer(Json(asked): Json<Asked>) -> Json<Nothing> {
    std::hint::black_box(asked.token);
    Json(Nothing {})
}
