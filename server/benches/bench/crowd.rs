//! Clients who all do the same for a while: as fast as they are answered, or at a pace of their own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use load::stats::Sample;
use load::wire::{Wire, post};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use crate::Outcome;
use crate::world::{AGENT, PASSWORD};

/// What a client asks for.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Presents the refresh token and keeps its successor.
    Refresh,
    /// Has the access token verified.
    Verify,
    /// Logs in.
    Login,
}

/// What a crowd did.
#[derive(Debug)]
pub struct Done {
    /// How long each request took. With a pace it counts from when the request was due.
    pub latencies: Sample,
    /// How long all took.
    pub took: Duration,
}

impl Done {
    /// Requests a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        count(self.latencies.count()) / self.took.as_secs_f64()
    }

    /// The 99th percentile, in milliseconds.
    #[must_use]
    pub fn p99(&self) -> f64 {
        self.latencies.quantile(990).as_secs_f64() * 1e3
    }
}

/// A count as a figure.
#[must_use]
pub fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A user agent with its connection and its tokens.
pub struct Client {
    wire: Wire,
    login: Vec<u8>,
    refresh: String,
    verify: Vec<u8>,
    forgives: bool,
    /// How often it was refused and forgave.
    pub refused: usize,
}

#[derive(Deserialize)]
struct Pair<'a> {
    #[serde(borrow)]
    refresh: &'a str,
    #[serde(borrow)]
    access: &'a str,
}

impl Client {
    /// A client of this user's, who is not logged in yet.
    #[must_use]
    pub fn new(server: SocketAddr, user: &str) -> Self {
        let body = format!(r#"{{"username":"{user}","password":"{PASSWORD}"}}"#);
        Self {
            wire: Wire::new(server),
            login: post("/api/token/", AGENT, &body),
            refresh: String::new(),
            verify: Vec::new(),
            forgives: false,
            refused: 0,
        }
    }

    /// The same, but whoever refuses it is only asked for new tokens.
    #[must_use]
    pub fn forgiving(mut self) -> Self {
        self.forgives = true;
        self
    }

    /// Logs in and keeps the tokens.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn log_in(&mut self) -> Outcome<()> {
        let reply = self.wire.exchange(&self.login).await?;
        if reply.status != 200 {
            return Err(refused(reply.status, reply.body));
        }
        let pair: Pair = serde_json::from_slice(reply.body)?;
        pair.refresh.clone_into(&mut self.refresh);
        let body = format!(r#"{{"token":"{}"}}"#, pair.access);
        self.verify = post("/api/token/verify/", AGENT, &body);
        Ok(())
    }

    async fn ask(&mut self, what: What) -> Outcome<()> {
        match what {
            What::Login => self.log_in().await,
            What::Verify => {
                let reply = self.wire.exchange(&self.verify).await?;
                let fine = reply.status == 200;
                fine.then_some(())
                    .ok_or_else(|| refused(reply.status, reply.body))
            }
            What::Refresh => {
                let body = format!(r#"{{"refresh":"{}"}}"#, self.refresh);
                let request = post("/api/token/refresh/", AGENT, &body);
                let reply = self.wire.exchange(&request).await?;
                if reply.status != 200 {
                    return Err(refused(reply.status, reply.body));
                }
                let pair: Pair = serde_json::from_slice(reply.body)?;
                pair.refresh.clone_into(&mut self.refresh);
                Ok(())
            }
        }
    }

    /// The same client asking another server, which verifies anything.
    #[must_use]
    pub fn elsewhere(&self, server: SocketAddr) -> Self {
        Self {
            wire: Wire::new(server),
            login: self.login.clone(),
            refresh: self.refresh.clone(),
            verify: self.verify.clone(),
            forgives: self.forgives,
            refused: 0,
        }
    }
}

fn refused(status: u16, body: &[u8]) -> Box<dyn std::error::Error + Send + Sync> {
    format!("answered {status}: {}", String::from_utf8_lossy(body)).into()
}

/// Has all clients ask for `time`, each as soon as it was answered.
///
/// # Errors
/// Anybody was refused.
pub async fn rush(clients: &mut Vec<Client>, what: What, time: Duration) -> Outcome<Done> {
    run(clients, what, time, None).await
}

/// Has all clients ask for `time`, each `per_second` times a second, whether it was answered or not.
///
/// # Errors
/// Anybody was refused.
pub async fn stroll(
    clients: &mut Vec<Client>,
    what: What,
    time: Duration,
    per_second: u32,
) -> Outcome<Done> {
    run(
        clients,
        what,
        time,
        Some(Duration::from_secs(1) / per_second),
    )
    .await
}

async fn run(
    clients: &mut Vec<Client>,
    what: What,
    time: Duration,
    every: Option<Duration>,
) -> Outcome<Done> {
    let begun = Instant::now();
    let mut all = JoinSet::new();
    let crowd = u32::try_from(clients.len()).unwrap_or(1).max(1);
    for (place, client) in (0u32..).zip(clients.drain(..)) {
        let due = begun + every.unwrap_or_default() * place / crowd;
        all.spawn(one(client, what, due, every, begun + time));
    }
    let mut latencies = Vec::new();
    while let Some(one) = all.join_next().await {
        let (client, its) = one??;
        clients.push(client);
        latencies.extend(its);
    }
    Ok(Done {
        latencies: Sample::new(latencies),
        took: begun.elapsed(),
    })
}

/// A client that was late asks at once, and its request counts from when it was due: who waits in a queue waits. That
/// the load generator itself woke late is not the server's fault and does not count.
async fn one(
    mut client: Client,
    what: What,
    mut due: Instant,
    every: Option<Duration>,
    until: Instant,
) -> Outcome<(Client, Vec<Duration>)> {
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let now = Instant::now();
        let begun = match every {
            None => now,
            Some(_) if due <= now => due,
            Some(_) => {
                sleep_until(due.into()).await;
                Instant::now()
            }
        };
        match client.ask(what).await {
            Ok(()) => latencies.push(begun.elapsed()),
            Err(error) if !client.forgives => return Err(error),
            Err(_) => {
                client.refused += 1;
                // Should that fail, too, the next request will.
                let _ = client.log_in().await;
            }
        }
        due += every.unwrap_or_default();
    }
    Ok((client, latencies))
}
