//! One request of one user agent, written into the history with what came of it. It tries nothing twice: whoever
//! retries makes another event.

use std::sync::Arc;

use hyper::header::{COOKIE, HeaderName, LOCATION};
use serde_json::json;

use super::history::{Action, Event, Outcome, Token};
use super::token::{Held, Tokens};
use super::world::World;
use crate::client::{Answer, Ask, Client, Leave, Trouble};
use crate::process::ProcessError;

/// Browsers say with every request where it came from, and the admin insists on it.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// One user agent of a user.
pub struct Hand {
    client: Client,
    agent: Arc<str>,
    who: usize,
    world: Arc<World>,
}

/// What came of a request, and the tokens it brought.
pub struct Reply {
    /// As it stands in the history.
    pub outcome: Outcome,
    /// What is to be used next.
    pub tokens: Option<Tokens>,
}

impl Hand {
    /// The user agent `agent` of client `who`.
    pub fn new(world: &Arc<World>, who: usize, agent: &str) -> Self {
        Self {
            client: Client::new(world.address, agent).patience(std::time::Duration::from_secs(5)),
            agent: agent.into(),
            who,
            world: Arc::clone(world),
        }
    }

    /// Its header `User-Agent`.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Logs in.
    pub async fn log_in(&mut self, name: &str, password: &str) -> Reply {
        let body = json!({"username": name, "password": password});
        self.perform(Action::Login, None, Ask::post_json("/api/token/", &body))
            .await
    }

    /// Presents a refresh token for its successor.
    pub async fn refresh(&mut self, held: &Held) -> Reply {
        self.perform(Action::Refresh, Some(&held.token), refresh(held))
            .await
    }

    /// Presents a refresh token and never hears the answer.
    pub async fn lose_refresh(&mut self, held: &Held, leave: Leave) -> Outcome {
        let start = self.world.now();
        let outcome = match self.client.abandon(refresh(held), leave).await {
            Err(Trouble::NotSent(_)) => Outcome::NotSent,
            Ok(()) | Err(Trouble::NoAnswer(_)) => Outcome::Unknown,
        };
        self.record(Action::Refresh, Some(&held.token), start, outcome)
    }

    /// Asks for the protected list.
    pub async fn users(&mut self, held: &Held) -> Reply {
        let ask = Ask::get("/api/users/").bearer(&held.compact);
        self.perform(Action::Users, Some(&held.token), ask).await
    }

    /// Asks whether an access token holds.
    pub async fn verify(&mut self, held: &Held) -> Reply {
        let ask = Ask::post_json("/api/token/verify/", &json!({"token": &*held.compact}));
        self.perform(Action::Verify, Some(&held.token), ask).await
    }

    /// Logs out.
    pub async fn log_out(&mut self, held: &Held) -> Reply {
        let body = json!({"refresh": &*held.compact});
        let ask = Ask::post_json("/api/token/blacklist/", &body);
        self.perform(Action::Logout, Some(&held.token), ask).await
    }

    /// Ends the session of a token, as an admin.
    pub async fn end_as_admin(&mut self, held: &Held) -> Reply {
        let path = format!("/admin/sessions/{}/end/", held.token.sid);
        let ask = Ask::post_form(&path, &[("reason", "torture")])
            .with(FETCH_SITE, "same-origin")
            .with(COOKIE, &self.world.admin_cookie);
        self.perform(Action::AdminEnd, Some(&held.token), ask).await
    }

    /// Runs a command of the operator's that ends all sessions of the user.
    pub async fn command(
        &mut self,
        action: Action,
        arguments: &[&str],
        input: Option<&str>,
    ) -> Outcome {
        let world = Arc::clone(&self.world);
        // Never closed, so there is always a permit to be had.
        let _one = world.commands.acquire().await.ok();
        let start = world.now();
        let outcome = match world.operator.run(arguments, input).await {
            Ok(_) => Outcome::Accepted(None),
            Err(ProcessError::System(..)) => Outcome::NotSent,
            Err(_) => Outcome::Unknown,
        };
        self.record(action, None, start, outcome)
    }

    async fn perform(&mut self, action: Action, presented: Option<&Token>, ask: Ask) -> Reply {
        let start = self.world.now();
        let (outcome, tokens) = match self.client.send(ask).await {
            Ok(answer) => judge(action, &answer),
            Err(Trouble::NotSent(_)) => (Outcome::NotSent, None),
            Err(Trouble::NoAnswer(_)) => (Outcome::Unknown, None),
        };
        let outcome = self.record(action, presented, start, outcome);
        Reply { outcome, tokens }
    }

    fn record(
        &self,
        action: Action,
        presented: Option<&Token>,
        start: u64,
        outcome: Outcome,
    ) -> Outcome {
        self.world.record(Event {
            client: self.who,
            user: self.who,
            agent: Arc::clone(&self.agent),
            start,
            end: self.world.now(),
            action,
            presented: presented.cloned(),
            outcome: outcome.clone(),
        });
        outcome
    }
}

fn refresh(held: &Held) -> Ask {
    Ask::post_json("/api/token/refresh/", &json!({"refresh": &*held.compact}))
}

/// Statuses become outcomes. The admin's pages answer with redirections: to the record of the revocation when it was
/// done, to the login when the admin is nobody.
fn judge(action: Action, answer: &Answer) -> (Outcome, Option<Tokens>) {
    let status = answer.status.as_u16();
    if answer.status.is_server_error() {
        let retry_after = answer.header("retry-after").is_some();
        let outcome = Outcome::Failed {
            status,
            retry_after,
        };
        return (outcome, None);
    }
    let to_record = || {
        let location = answer.headers.get(LOCATION);
        location.is_some_and(|to| to.as_bytes().starts_with(b"/admin/revocations/"))
    };
    let done = match action {
        Action::AdminEnd => status == 303 && to_record(),
        _ => answer.status.is_success(),
    };
    if done {
        let tokens = Tokens::read(&answer.body);
        let pair = tokens.as_ref().map(|tokens| Box::new(tokens.pair()));
        return (Outcome::Accepted(pair), tokens);
    }
    let ended = answer.header("jotward-session-ended").map(str::to_owned);
    (Outcome::Refused { status, ended }, None)
}
