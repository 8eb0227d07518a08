//! The rules of the token client: when to renew, what to repeat, when to give up. At most one renewal is under way
//! in a tab (single flight) and in a browser (the lock), and no call is repeated more than once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde::Serialize;

use super::answer::{self, Failure, SignInFailure, Verdict};
use super::ending::Ending;
use super::flight::SingleFlight;
use super::request::{Cookies, Deed, Reply, Request, Unreachable};
use super::session::{CookieLife, Freshness, Refresh, Session};
use super::shelf::Shelf;
use super::storage::{Keep, Place};
use super::wire::{Credentials, OBTAIN, Presented, REFRESH};
use super::world::World;

/// How often storage is looked at for the tokens of another tab, and how long in between, in milliseconds.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: u64 = 100;

/// One token client in one world.
pub struct Client<W> {
    world: W,
    renewal: SingleFlight<Result<Session, Failure>>,
    renewals: Cell<u64>,
    access_lifetime: Cell<Option<u32>>,
    name: Cell<Option<&'static str>>,
    /// The name of whom this page has called for; empty before.
    person: RefCell<String>,
}

impl<W: World> Client<W> {
    /// A client that has done nothing yet.
    pub fn new(world: W) -> Self {
        Self {
            world,
            renewal: SingleFlight::new(),
            renewals: Cell::new(0),
            access_lifetime: Cell::new(None),
            name: Cell::new(None),
            person: RefCell::default(),
        }
    }

    /// The world it was made in.
    pub fn world(&self) -> &W {
        &self.world
    }

    /// Asks for access tokens that live at most so many seconds, from the next login or renewal on. The server gives
    /// shorter lives than its own, never longer; one that does not know the wish gives its own.
    pub fn ask_for_access_lifetime(&self, seconds: Option<u32>) {
        self.access_lifetime.set(seconds);
    }

    /// Calls itself so at every login from now on: users read it at their sessions. A server that does not know the field
    /// takes no notice.
    pub fn call_itself(&self, name: &'static str) {
        self.name.set(Some(name));
    }

    /// How many renewals this client asked for and got.
    pub fn renewals(&self) -> u64 {
        self.renewals.get()
    }

    /// The session, as it is kept right now. A page that has called for one person has none when there is another's.
    pub fn session(&self) -> Option<Session> {
        let session = self.shelf().load()?;
        let person = self.person.borrow();
        (person.is_empty() || *person == session.username).then_some(session)
    }

    /// Why the last session of this browser ended, as far as this tab can know.
    pub fn last_ending(&self) -> Ending {
        if self.is_anothers() {
            return Ending::Another;
        }
        self.world.storage(Place::Browser).last_ending()
    }

    /// The body of a successful answer to `request`, with a token that was good for it.
    ///
    /// # Errors
    ///
    /// Says whether to try later, to sign in again, or what the server objects to.
    pub async fn call(self: Rc<Self>, mut request: Request) -> Result<String, Failure> {
        let session = self.usable_session().await?;
        if request.deed != Deed::Get {
            // The session may end with it, and the cookie goes with the answer then.
            request.cookies = session.cookies();
        }
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

    /// Opens a session, and keeps it as `keep` says. Where tabs may share a cookie it is [`Client::sign_in_in_turn`] that is
    /// wanted.
    ///
    /// # Errors
    ///
    /// Says which field is wrong, or what else went wrong.
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        keep: Keep,
    ) -> Result<(), SignInFailure> {
        let asked_at = self.world.now();
        let credentials = Credentials {
            username,
            password,
            access_lifetime: self.access_lifetime.get(),
            client: self.name.get(),
        };
        let cookies = match keep {
            Keep::Cookie => Cookies::Wanted,
            Keep::SessionCookie => Cookies::WantedUntilClosed,
            Keep::Remembered | Keep::ThisTab | Keep::Memory => Cookies::Taken,
        };
        let tokens = answer::of_sign_in(self.post(OBTAIN, &credentials, cookies).await)?;
        let mut session = Session::opened(username, tokens, asked_at);
        if keep == Keep::SessionCookie {
            session.cookie = CookieLife::UntilClosed;
        }
        self.shelf().open(&session, keep);
        self.person.replace(session.username);
        self.world.changed();
        Ok(())
    }

    /// The session, its access token renewed if that was due.
    async fn usable_session(self: &Rc<Self>) -> Result<Session, Failure> {
        let session = self.own(Ending::None)?;
        self.person.borrow_mut().clone_from(&session.username);
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
        let session = self.own(Ending::Logout)?;
        if session.access.is_some() && session.access != old.access {
            return Ok(session); // somebody else has, while we waited
        }
        let asked_at = self.world.now();
        let answer = self
            .present(REFRESH, &session, self.access_lifetime.get())
            .await;
        let outcome = match answer::of_refresh(answer) {
            // A browser without the cookie has kept it for as long as it was told to.
            Err(Failure::Ended(Ending::Refused)) if session.refresh == Refresh::Cookie => {
                Err(Failure::Ended(Ending::Expired))
            }
            outcome => outcome,
        };
        if let Err(Failure::Ended(Ending::Refused)) = outcome {
            self.wait_for_another_tab(&session).await;
        }
        // Where there are no locks, another tab may have been faster, or have signed out.
        if !self.is_newest(&session) {
            return self.own(Ending::Logout);
        }
        match outcome {
            Ok(tokens) => {
                let former = session.owner;
                let renewed = session.renewed(tokens, asked_at);
                if renewed.is_of_another_than(former) {
                    return Err(self.settle(Failure::Ended(Ending::Another), &renewed));
                }
                self.renewals.set(self.renewals.get() + 1);
                self.shelf().replace(&renewed);
                self.world.changed();
                Ok(renewed)
            }
            Err(failure) => Err(self.settle(failure, &session)),
        }
    }

    /// A token refused for no reason given may have been spent by another tab whose tokens are not here yet.
    async fn wait_for_another_tab(&self, session: &Session) {
        for _ in 0..LOOKS {
            if !self.is_newest(session) {
                return;
            }
            self.world.pause(BETWEEN_LOOKS).await;
        }
    }

    /// Forgets `session` if `failure` says that it is over, and it is still the one in use.
    fn settle(&self, failure: Failure, session: &Session) -> Failure {
        if let Failure::Ended(ending) = failure
            && self.is_newest(session)
        {
            self.close(ending);
        }
        failure
    }

    /// Whether there is a session here, but of another person than this page has called for.
    pub(super) fn is_anothers(&self) -> bool {
        self.shelf().load().is_some() && self.session().is_none()
    }

    /// The session, or why there is none: `otherwise`, if it is not that there is another's.
    fn own(&self, otherwise: Ending) -> Result<Session, Failure> {
        self.session().ok_or_else(|| {
            Failure::Ended(if self.is_anothers() {
                Ending::Another
            } else {
                otherwise
            })
        })
    }

    fn is_newest(&self, session: &Session) -> bool {
        self.session()
            .is_some_and(|current| current.is_as_new_as(session))
    }

    pub(super) fn close(&self, ending: Ending) {
        self.shelf().close(ending);
        self.person.borrow_mut().clear();
        self.world.changed();
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf::of(&self.world)
    }

    async fn send(&self, request: &Request, session: &Session) -> Verdict {
        match session.access.as_deref() {
            Some(access) => answer::of_call(self.ask(request, Some(access)).await),
            None => Verdict::Stale,
        }
    }

    pub(super) async fn present(
        &self,
        path: &'static str,
        session: &Session,
        access_lifetime: Option<u32>,
    ) -> Result<Reply, Unreachable> {
        let body = Presented {
            refresh: match &session.refresh {
                Refresh::Held(token) => Some(token),
                Refresh::Cookie => None,
            },
            access_lifetime,
        };
        self.post(path, &body, session.cookies()).await
    }

    async fn post(
        &self,
        path: &'static str,
        body: &impl Serialize,
        cookies: Cookies,
    ) -> Result<Reply, Unreachable> {
        let json = serde_json::to_string(body).unwrap_or_default(); // strings always become JSON
        self.ask(&Request::post(path, json).with(cookies), None)
            .await
    }

    /// Sends a request, unless it could get nowhere.
    pub(super) async fn ask(
        &self,
        request: &Request,
        bearer: Option<&str>,
    ) -> Result<Reply, Unreachable> {
        if self.world.is_offline() {
            return Err(Unreachable);
        }
        self.world.send(request, bearer).await
    }
}

#[cfg(test)]
mod tests;
