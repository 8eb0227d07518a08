//! Where a scene is played: it opens clients, records what they do, and looks at the registry after every change through a
//! session of its own, the observer's, which is not drawn and outlives the families it watches.

mod hands;
mod registry;
mod sessions;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::cast::{Actor, Cast};
use super::gate::{Gate, Pace};
use super::read::{self, Report};
use super::record::{Event, Finding, Record, Verdict};
use super::token::Token;
use super::world::{LabWorld, Machine};
use crate::api::{Family, LAB, REFRESH_TRANSPORT};
use crate::browser;
use crate::client::{
    Client, Cookies, Deed, Failure, Keep, Reply, Request, SignInFailure, Unreachable, send_seen,
    sleep,
};
pub use hands::Hand;
use registry::UnderWay;

/// A client of the lab.
pub type Tab = Client<LabWorld>;

/// The moment before each request while a scene plays by itself, in milliseconds: time to see it.
const MOMENT: u64 = 450;

/// Who plays: a name, and the password, which is in memory for as long as the lab is open.
struct Learner {
    username: String,
    password: String,
    observer: Rc<Tab>,
}

/// A stage.
pub struct Stage {
    /// When requests may go.
    pub gate: Gate,
    /// What happened.
    pub record: RefCell<Record>,
    learner: RefCell<Option<Learner>>,
    cast: Cell<Cast>,
    hands: RefCell<Vec<Hand>>,
    /// How many there ever were.
    dealt: Cell<usize>,
    family: RefCell<Option<Family>>,
    /// How far the server's clock is ahead of this one, in seconds.
    ahead: Cell<i64>,
    /// The request that waits for a step, in words.
    next: RefCell<String>,
    watched: RefCell<String>,
    /// The newest refresh token of every session that was opened and may be alive, by session.
    alive: RefCell<Vec<(String, String)>>,
    /// A session was opened whose refresh token is in a cookie of this browser.
    has_cookie: Cell<bool>,
    /// How many requests of a scene are under way.
    under_way: Cell<u32>,
    lifetime: Cell<u32>,
    waits_until: Cell<u64>,
    /// How long it waits as a whole, in seconds.
    waits_for: Cell<u64>,
    changed: Box<dyn Fn()>,
}

impl Stage {
    /// An empty stage, which calls `changed` whenever there is something new to see.
    pub fn new(changed: impl Fn() + 'static) -> Self {
        Self {
            gate: Gate::new(),
            record: RefCell::default(),
            learner: RefCell::default(),
            cast: Cell::new(Cast::Alone),
            hands: RefCell::default(),
            dealt: Cell::new(0),
            family: RefCell::default(),
            ahead: Cell::new(0),
            next: RefCell::default(),
            watched: RefCell::default(),
            alive: RefCell::default(),
            has_cookie: Cell::new(false),
            under_way: Cell::new(0),
            lifetime: Cell::new(5),
            waits_until: Cell::new(0),
            waits_for: Cell::new(0),
            changed: Box::new(changed),
        }
    }

    /// Lets somebody in: opens the observer's session.
    pub async fn enter(&self, username: String, password: String) -> Result<(), SignInFailure> {
        let observer = Rc::new(Client::new(LabWorld::unseen()));
        observer.call_itself(LAB);
        observer.sign_in(&username, &password, Keep::Memory).await?;
        *self.learner.borrow_mut() = Some(Learner {
            username,
            password,
            observer,
        });
        Ok(())
    }

    /// Clears the stage for a scene.
    pub fn begin(&self, cast: Cast) {
        self.cast.set(cast);
        self.record.borrow_mut().clear();
        self.hands.borrow_mut().clear();
        self.watched.borrow_mut().clear();
        *self.family.borrow_mut() = None;
        self.next.borrow_mut().clear();
        self.waits_until.set(0);
        self.gate.begin();
        (self.changed)();
    }

    /// Who plays in it.
    pub fn cast(&self) -> Cast {
        self.cast.get()
    }

    /// The watched session, as it was on record after the last change.
    pub fn family(&self) -> Option<Family> {
        self.family.borrow().clone()
    }

    /// The request that waits for a step, in words; empty if none does.
    pub fn next(&self) -> String {
        self.next.borrow().clone()
    }

    /// The server's clock, in seconds, as far as it can be known here.
    pub fn server_time(&self) -> i64 {
        browser::seconds() + self.ahead.get()
    }

    /// How long access tokens are asked to live, in seconds; zero leaves it to the server.
    pub fn lifetime(&self) -> u32 {
        self.lifetime.get()
    }

    /// Changes that.
    pub fn set_lifetime(&self, seconds: u32) {
        self.lifetime.set(seconds);
    }

    /// A tab of `machine`, signed in if `machine` is.
    pub fn tab(self: &Rc<Self>, machine: &Rc<Machine>, actor: Actor) -> Rc<Tab> {
        let world = LabWorld::recorded(machine, actor, Rc::clone(self));
        let tab = Rc::new(Client::new(world));
        tab.call_itself(LAB);
        let seconds = self.lifetime.get();
        tab.ask_for_access_lifetime((seconds > 0).then_some(seconds));
        tab
    }

    /// Signs the learner in at `tab`. False, with a finding that says why, if that did not work.
    pub async fn sign_in(&self, tab: &Tab, keep: Keep) -> bool {
        let who = self
            .learner
            .borrow()
            .as_ref()
            .map(|learner| (learner.username.clone(), learner.password.clone()));
        let Some((username, password)) = who else {
            return false;
        };
        match tab.sign_in(&username, &password, keep).await {
            Ok(()) => true,
            Err(failure) => {
                self.find(false, &sentence(failure));
                false
            }
        }
    }

    /// The request that exchanges `refresh`, or what is in the cookie, as a client sends it that has no rules.
    pub fn refreshing(&self, refresh: Option<&str>) -> Request {
        let mut members = Vec::new();
        if let Some(refresh) = refresh {
            members.push(["\"refresh\":\"", refresh, "\""].concat());
        }
        if self.lifetime.get() > 0 {
            let seconds = self.lifetime.get().to_string();
            members.push(["\"access_lifetime\":", &seconds].concat());
        }
        let json = ["{", &members.join(","), "}"].concat();
        Request::post("/api/token/refresh/", json).with(match refresh {
            Some(_) => Cookies::None,
            None => Cookies::Wanted,
        })
    }

    /// One request by nobody's rules but the caller's.
    pub async fn raw(
        &self,
        actor: Actor,
        request: &Request,
        bearer: Option<&str>,
    ) -> Option<Reply> {
        self.exchange(actor, request, bearer, false).await.ok()
    }

    /// Sends a request, with a record of it, of its answer, and of what it changed.
    ///
    /// # Errors
    /// [`Unreachable`] if the network failed, or if the answer is to be lost: then the server has done it all the same.
    pub async fn exchange(
        &self,
        actor: Actor,
        request: &Request,
        bearer: Option<&str>,
        lose: bool,
    ) -> Result<Reply, Unreachable> {
        if self.gate.pace() == Pace::Play {
            sleep(MOMENT).await;
        }
        *self.next.borrow_mut() = self.announced(actor, request);
        self.gate.pass().await;
        self.next.borrow_mut().clear();
        let under_way = UnderWay::begin(&self.under_way);
        let headers = headers(request, bearer);
        let number = self.record.borrow_mut().ask(actor, request, headers);
        if request.cookies == Cookies::Wanted {
            if self.has_cookie.get() {
                self.record.borrow_mut().add_cookie(number);
            }
            // Before it is sent: the scene may be given up before there is an answer, and the cookie comes all the same.
            self.has_cookie
                .set(self.has_cookie.get() || request.path == "/api/token/");
        }
        (self.changed)();
        let outcome = send_seen(request, bearer).await;
        if let Ok((reply, _)) = &outcome {
            self.note_tokens(request, reply);
        }
        if !matches!(request.deed, Deed::Get) {
            self.look(actor).await;
        }
        drop(under_way);
        let answer = outcome.as_ref().ok().cloned();
        self.record.borrow_mut().answer(number, answer, lose);
        (self.changed)();
        match outcome {
            Ok((reply, _)) if !lose => Ok(reply),
            _ => Err(Unreachable),
        }
    }

    /// What the server says of `token`, in full; `None` if it can not be asked.
    pub async fn explain(&self, token: &str) -> Option<Report> {
        // Whatever stands in a forged token is base64url and dots; nothing needs escaping.
        let json = ["{\"token\":\"", token, "\"}"].concat();
        let request = Request::post("/api/token/explain/", json);
        read::report(&self.ask(request).await?)
    }

    /// Says that something happened in a client alone.
    pub fn remark(&self, actor: Actor, text: &str) {
        let event = Event::Remark(text.to_owned());
        self.record.borrow_mut().add(actor, event);
        (self.changed)();
    }

    /// Says what came of the scene, and whether that is what it promised.
    pub fn find(&self, held: bool, text: &str) {
        let verdict = match (held, self.gate.was_stepped()) {
            (true, _) => Verdict::Held,
            (false, false) => Verdict::Failed,
            (false, true) => Verdict::TooSlow,
        };
        let text = text.to_owned();
        self.record
            .borrow_mut()
            .findings
            .push(Finding { verdict, text });
        (self.changed)();
    }

    /// What `actor` is about to ask, in words.
    fn announced(&self, actor: Actor, request: &Request) -> String {
        let method = match request.deed {
            Deed::Get => " sends GET ",
            Deed::Post(_) => " sends POST ",
            Deed::Patch(_) => " sends PATCH ",
            Deed::Delete => " sends DELETE ",
        };
        [self.cast().name(actor), method, &request.path].concat()
    }
}

/// The token called `name` in an answer.
pub fn token_in(reply: &Reply, name: &str) -> Option<Token> {
    let key = ["\"", name, "\":\""].concat();
    let (_, rest) = reply.body.split_once(&key)?;
    Token::read(rest.split('"').next()?)
}

/// The headers a request is sent with, as far as they matter to the server.
fn headers(request: &Request, bearer: Option<&str>) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Accept", "application/json".to_owned())];
    if matches!(request.deed, Deed::Post(_) | Deed::Patch(_)) {
        headers.push(("Content-Type", "application/json".to_owned()));
    }
    if let Some(bearer) = bearer {
        headers.push(("Authorization", ["Bearer ", bearer].concat()));
    }
    if request.cookies == Cookies::Wanted {
        headers.push((REFRESH_TRANSPORT, "cookie".to_owned()));
    }
    headers
}

/// What to say of a login that did not work.
pub fn sentence(failure: SignInFailure) -> String {
    match failure {
        SignInFailure::Fields { username, password } => username.or(password).unwrap_or_default(),
        SignInFailure::Wrong => {
            "The username or the password is not right, or the account is switched off.".to_owned()
        }
        SignInFailure::Rejected(sentence) => sentence,
        SignInFailure::TryLater { trouble, after } => trouble.with_advice(after),
    }
}

/// What to say of a call that did not work.
pub fn reason(failure: &Failure) -> String {
    match failure {
        Failure::TryLater { trouble, .. } => trouble.sentence().to_owned(),
        Failure::Ended(ending) => ["signed out, reason: ", ending.word()].concat(),
        Failure::Rejected(sentence) => sentence.clone(),
    }
}
