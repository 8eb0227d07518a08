//! The rules of the token client: when to renew, what to repeat, when to give up. At most one renewal is under way
//! in a tab (single flight) and in a browser (the lock), and no call is repeated more than once.

use std::cell::Cell;
use std::rc::Rc;

use serde::Serialize;

use super::answer::{self, Failure, SignInFailure, Verdict};
use super::ending::Ending;
use super::flight::SingleFlight;
use super::session::{Freshness, Session};
use super::storage::Keep;
use super::world::{Reply, Request, Unreachable, World};

/// How often storage is looked at for the tokens of another tab, and how long in between, in milliseconds.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: u64 = 100;

/// Whether the server knows that somebody signed out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Farewell {
    /// It does: no token of the session opens anything any more.
    Heard,
    /// It could not be reached: this browser has forgotten the session, the server has not.
    Unheard,
}

/// One token client in one world.
pub struct Client<W> {
    world: W,
    renewal: SingleFlight<Result<Session, Failure>>,
    renewals: Cell<u64>,
}

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct Presented<'a> {
    refresh: &'a str,
}

impl<W: World> Client<W> {
    /// A client that has done nothing yet.
    pub fn new(world: W) -> Self {
        Self {
            world,
            renewal: SingleFlight::new(),
            renewals: Cell::new(0),
        }
    }

    /// How many renewals this client asked for and got.
    pub fn renewals(&self) -> u64 {
        self.renewals.get()
    }

    /// The body of a successful answer to `request`, with a token that was good for it.
    pub async fn call(self: Rc<Self>, request: Request) -> Result<String, Failure> {
        let session = self.usable_session().await?;
        match self.send(&request, &session).await {
            Verdict::Fine(body) => return Ok(body),
            Verdict::Failed(failure) => return Err(self.settle(failure, &session)),
            Verdict::Stale => {}
        }
        let session = self.renew(session).await?;
        match self.send(&request, &session).await {
            Verdict::Fine(body) => Ok(body),
            Verdict::Failed(failure) => Err(self.settle(failure, &session)),
            // A third try would fare no better, and a fourth, and a fifth.
            Verdict::Stale => Err(Failure::Rejected(
                "The server refuses even a token it has just issued. Sign out and in again; \
                 if that does not help, tell an administrator."
                    .to_owned(),
            )),
        }
    }

    /// Opens a session.
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        keep: Keep,
    ) -> Result<(), SignInFailure> {
        let asked_at = self.world.now();
        let tokens = answer::of_sign_in(
            self.post("/api/token/", &Credentials { username, password })
                .await,
        )?;
        self.world
            .open(&Session::opened(username, tokens, asked_at), keep);
        Ok(())
    }

    /// Ends the session. It waits for a renewal under way, for only the newest refresh token ends it properly.
    pub async fn sign_out(&self) -> Farewell {
        let _alone = self.world.alone().await;
        let Some(session) = self.world.load() else {
            return Farewell::Heard;
        };
        self.world.close(Ending::Logout);
        let answer = self
            .post(
                "/api/token/blacklist/",
                &Presented {
                    refresh: &session.refresh,
                },
            )
            .await;
        if answer::heard_logout(answer) {
            Farewell::Heard
        } else {
            Farewell::Unheard
        }
    }

    /// Forgets a session that was ended at the server already. It waits for a renewal under way, whose answer would be
    /// stored after it otherwise.
    pub async fn forget(&self) {
        let _alone = self.world.alone().await;
        if self.world.load().is_some() {
            self.world.close(Ending::Logout);
        }
    }

    /// The session, its access token renewed if that was due.
    async fn usable_session(self: &Rc<Self>) -> Result<Session, Failure> {
        let session = self.world.load().ok_or(Failure::Ended(Ending::None))?;
        let freshness = session.freshness(self.world.now());
        if freshness == Freshness::Fresh {
            return Ok(session);
        }
        match self.renew(session.clone()).await {
            // It has not run out yet, so it will do until the server can renew it.
            Err(Failure::TryLater { .. }) if freshness == Freshness::Due => Ok(session),
            renewed => renewed,
        }
    }

    /// A session newer than `old`: by the renewal that is under way, or by one of our own.
    async fn renew(self: &Rc<Self>, old: Session) -> Result<Session, Failure> {
        let this = Rc::clone(self);
        self.renewal
            .join(async move { this.renew_alone(old).await })
            .await
    }

    async fn renew_alone(&self, old: Session) -> Result<Session, Failure> {
        let _alone = self.world.alone().await;
        let session = self.world.load().ok_or(Failure::Ended(Ending::Logout))?;
        if session.access != old.access {
            return Ok(session); // somebody else has, while we waited
        }
        let asked_at = self.world.now();
        let answer = self
            .post(
                "/api/token/refresh/",
                &Presented {
                    refresh: &session.refresh,
                },
            )
            .await;
        let outcome = answer::of_refresh(answer);
        if let Err(Failure::Ended(Ending::Refused)) = outcome {
            self.wait_for_another_tab(&session).await;
        }
        // Where there are no locks, another tab may have been faster, or have signed out.
        match self.world.load() {
            None => return Err(Failure::Ended(Ending::Logout)),
            Some(current) if current.refresh != session.refresh => return Ok(current),
            Some(_) => {}
        }
        match outcome {
            Ok(tokens) => {
                let renewed = session.renewed(tokens, asked_at);
                self.renewals.set(self.renewals.get() + 1);
                self.world.replace(&renewed);
                Ok(renewed)
            }
            Err(failure) => Err(self.settle(failure, &session)),
        }
    }

    /// A token refused for no reason given may have been spent by another tab whose tokens are not here yet.
    async fn wait_for_another_tab(&self, session: &Session) {
        let is_newest = |stored: &Session| stored.refresh == session.refresh;
        for _ in 0..LOOKS {
            if !self.world.load().as_ref().is_some_and(is_newest) {
                return;
            }
            self.world.pause(BETWEEN_LOOKS).await;
        }
    }

    /// Forgets `session` if `failure` says that it is over, and it is still the one in use.
    fn settle(&self, failure: Failure, session: &Session) -> Failure {
        if let Failure::Ended(ending) = failure
            && self
                .world
                .load()
                .is_some_and(|current| current.refresh == session.refresh)
        {
            self.world.close(ending);
        }
        failure
    }

    async fn send(&self, request: &Request, session: &Session) -> Verdict {
        answer::of_call(self.world.send(request, Some(&session.access)).await)
    }

    async fn post(&self, path: &'static str, body: &impl Serialize) -> Result<Reply, Unreachable> {
        let json = serde_json::to_string(body).unwrap_or_default(); // strings always become JSON
        self.world.send(&Request::post(path, json), None).await
    }
}

#[cfg(test)]
mod tests;
