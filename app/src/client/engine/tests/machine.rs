//! The machine that the client is tried on: a clock that may be wrong, a browser whose tabs share what browsers share, and
//! a server that can misbehave.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::*;
use crate::client::memory::{Held, Shared, Tab};
use crate::client::request::Deed;
use crate::client::storage::Storage;
use crate::client::wire::BLACKLIST;
use crate::client::world::Pause;

/// How long the tokens of a punctual server live, in milliseconds.
pub const FIVE_MINUTES: u64 = 300_000;

/// A machine with one browser: what its tabs share, and the server they talk to.
pub struct Machine {
    /// The time as it is.
    pub now: Cell<u64>,
    /// How wrong the browser's clock is.
    pub error: Cell<i64>,
    pub browser: Shared,
    /// What another tab has stored and this one does not see before some time has passed.
    pub on_its_way: RefCell<Option<Session>>,
    pub is_offline: Cell<bool>,
    pub server: RefCell<Server>,
}

pub struct Server {
    /// The only refresh token it takes is `r<generation>`, the only access token `a<generation>`.
    pub generation: u32,
    /// What it answers to a refresh instead.
    pub refresh_answer: Option<Result<Reply, Unreachable>>,
    /// What it answers to a protected call instead.
    pub call_answer: Option<Result<Reply, Unreachable>>,
    /// The generation of the refresh token in the browser's cookie, if there is one.
    pub cookie: Option<u32>,
    /// Whether it hands out refresh tokens in cookies only.
    pub insists_on_cookies: bool,
    /// Whether its access tokens live five minutes and say so.
    pub is_punctual: bool,
    /// When the latest access token was issued.
    pub issued_at: u64,
    /// How many protected calls it refused.
    pub refused: u32,
    /// The paths that were asked for, in order.
    pub asked: Vec<String>,
    /// What was said of where the refresh token is to be, in order.
    pub transports: Vec<Option<&'static str>>,
    /// The bodies that were sent, in order.
    pub told: Vec<String>,
    /// Whose access tokens are, as a payload; empty if they do not say.
    pub owner: &'static str,
}

/// A tab of a machine.
pub struct Window {
    machine: Rc<Machine>,
    tab: Tab,
}

impl World for Window {
    type Alone = Held;

    fn now(&self) -> u64 {
        self.machine
            .now
            .get()
            .strict_add_signed(self.machine.error.get())
    }

    fn chance(&self) -> u32 {
        0
    }

    fn storage(&self, place: Place) -> &dyn Storage {
        self.tab.storage(place)
    }

    fn changed(&self) {}

    fn is_offline(&self) -> bool {
        self.machine.is_offline.get()
    }

    async fn alone(&self) -> Held {
        self.tab.alone().await
    }

    async fn pause(&self, _milliseconds: u64) -> Pause {
        if let Some(session) = self.machine.on_its_way.take() {
            self.storage(Place::Browser).save(&session);
        }
        Pause::Over
    }

    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        let now = self.machine.now.get();
        let answer = self
            .machine
            .server
            .borrow_mut()
            .answer(now, request, bearer);
        AFewTurns(20).await; // everybody gets a turn while an answer is on its way
        answer
    }
}

impl Machine {
    pub fn stored(&self) -> Option<Session> {
        self.storage().load()
    }

    pub fn store_refresh(&self, refresh: &str) {
        let session = self.stored().expect("signed in");
        self.storage().save(&Session {
            refresh: Refresh::Held(refresh.to_owned()),
            ..session
        });
    }

    /// Why the shared session ended.
    pub fn ending(&self) -> Ending {
        self.storage().last_ending()
    }

    pub fn storage(&self) -> &dyn Storage {
        self.browser.storage()
    }
}

impl Server {
    fn answer(
        &mut self,
        now: u64,
        request: &Request,
        bearer: Option<&str>,
    ) -> Result<Reply, Unreachable> {
        self.asked.push(request.path.to_string());
        self.transports.push(request.cookies.word());
        let json = match &request.deed {
            Deed::Post(json) => json.as_str(),
            Deed::Get | Deed::Delete | Deed::Patch(_) => "",
        };
        if !json.is_empty() {
            self.told.push(json.to_owned());
        }
        match request.path.as_ref() {
            OBTAIN => Ok(self.tokens(now, request.cookies)),
            BLACKLIST => self.refresh_answer.clone().unwrap_or_else(|| {
                if request.cookies.word().is_some() {
                    self.cookie = None;
                }
                Ok(ok("{}"))
            }),
            REFRESH => self.refresh(now, request.cookies, json),
            _ => self.protected(now, bearer),
        }
    }

    fn refresh(&mut self, now: u64, cookies: Cookies, json: &str) -> Result<Reply, Unreachable> {
        if let Some(answer) = self.refresh_answer.clone() {
            return answer;
        }
        let presented = match (cookies, self.cookie) {
            (Cookies::Wanted | Cookies::WantedUntilClosed, Some(generation)) => {
                ["r", &generation.to_string()].concat()
            }
            (Cookies::Wanted | Cookies::WantedUntilClosed, None) => {
                return Ok(Reply {
                    status: 400,
                    body: r#"{"refresh":["This field is required."]}"#.to_owned(),
                    ..Reply::default()
                });
            }
            _ => json.split('"').nth(3).unwrap_or_default().to_owned(),
        };
        if presented != format!("r{}", self.generation) {
            return Ok(unauthorized("reuse"));
        }
        self.generation += 1;
        Ok(self.tokens(now, cookies))
    }

    fn tokens(&mut self, now: u64, cookies: Cookies) -> Reply {
        self.issued_at = now;
        let access = self.access();
        let is_in_cookie = match cookies {
            Cookies::Wanted | Cookies::WantedUntilClosed => true,
            Cookies::Taken => self.insists_on_cookies,
            Cookies::None => false,
        };
        if is_in_cookie {
            self.cookie = Some(self.generation);
            ok(&format!(r#"{{"access":"{access}"}}"#))
        } else {
            ok(&format!(
                r#"{{"access":"{access}","refresh":"r{}"}}"#,
                self.generation
            ))
        }
    }

    fn protected(&mut self, now: u64, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        if let Some(answer) = self.call_answer.clone() {
            return answer;
        }
        let has_run_out = self.is_punctual && now - self.issued_at >= FIVE_MINUTES;
        if bearer == Some(&self.access()) && !has_run_out {
            return Ok(ok("[]"));
        }
        self.refused += 1;
        Ok(unauthorized(""))
    }

    fn access(&self) -> String {
        // {"exp":1700000300,"iat":1700000000}
        let times = "eyJleHAiOjE3MDAwMDAzMDAsImlhdCI6MTcwMDAwMDAwMH0";
        match (self.is_punctual, self.owner) {
            (true, _) => format!("a{}.{times}.c2ln", self.generation),
            (false, "") => format!("a{}", self.generation),
            (false, owner) => format!("a{}.{owner}.c2ln", self.generation),
        }
    }

    pub fn asked_for_refresh(&self) -> usize {
        self.asked.iter().filter(|path| *path == REFRESH).count()
    }
}

pub struct AFewTurns(pub u32);

impl Future for AFewTurns {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

pub fn ok(body: &str) -> Reply {
    Reply {
        status: 200,
        body: body.to_owned(),
        ..Reply::default()
    }
}

pub fn unauthorized(ended: &str) -> Reply {
    Reply {
        status: 401,
        body: r#"{"detail":"…","code":"token_not_valid"}"#.to_owned(),
        ended: (!ended.is_empty()).then(|| ended.to_owned()),
        retry_after: None,
    }
}

/// A machine where somebody signed in at 0 with a token that lives `lifetime` milliseconds.
pub fn machine(lifetime: u64) -> Rc<Machine> {
    let session = Session {
        username: "ada".to_owned(),
        access: Some("a0".to_owned()),
        refresh: Refresh::Held("r0".to_owned()),
        cookie: CookieLife::OfItsToken,
        owner: 0,
        opened_at: 0,
        obtained_at: 0,
        lifetime: Some(lifetime),
        renewed_at: None,
    };
    let machine = nobodys_machine();
    machine.storage().save(&session);
    machine
}

/// A machine where nobody is signed in.
pub fn nobodys_machine() -> Rc<Machine> {
    Rc::new(Machine {
        now: Cell::new(0),
        error: Cell::new(0),
        browser: Shared::default(),
        on_its_way: RefCell::default(),
        is_offline: Cell::new(false),
        server: RefCell::new(Server {
            generation: 0,
            refresh_answer: None,
            call_answer: None,
            cookie: None,
            insists_on_cookies: false,
            is_punctual: false,
            issued_at: 0,
            refused: 0,
            asked: Vec::new(),
            transports: Vec::new(),
            owner: "",
            told: Vec::new(),
        }),
    })
}

pub fn window(machine: &Rc<Machine>) -> Window {
    Window {
        machine: Rc::clone(machine),
        tab: Tab::of(&machine.browser),
    }
}

pub fn tab(machine: &Rc<Machine>) -> Rc<Client<Window>> {
    Rc::new(Client::new(window(machine)))
}

pub fn call(client: &Rc<Client<Window>>) -> impl Future<Output = Result<String, Failure>> + use<> {
    Rc::clone(client).call(Request::get("/api/users/"))
}

pub fn later(trouble: Trouble) -> Failure {
    Failure::TryLater {
        trouble,
        after: None,
    }
}
