//! The client against a server that misbehaves, in one tab and in two. No clock but the test's, no browser.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::executor::block_on;
use futures::future::{join, join_all};
use futures::lock::{Mutex, OwnedMutexGuard};

use super::*;
use crate::client::answer::Trouble;
use crate::client::world::Deed;

/// A browser: what its tabs share, and the server they talk to.
struct Machine {
    now: Cell<u64>,
    stored: RefCell<Option<Session>>,
    ending: Cell<Option<Ending>>,
    lock: Arc<Mutex<()>>,
    /// What another tab has stored and this one does not see before some time has passed.
    on_its_way: RefCell<Option<Session>>,
    server: RefCell<Server>,
}

struct Server {
    /// The only refresh token it takes is `r<generation>`, the only access token `a<generation>`.
    generation: u32,
    /// What it answers to a refresh instead.
    refresh_answer: Option<Result<Reply, Unreachable>>,
    /// What it answers to a protected call instead.
    call_answer: Option<Result<Reply, Unreachable>>,
    /// The paths that were asked for, in order.
    asked: Vec<String>,
}

struct Tab(Rc<Machine>);

impl World for Tab {
    type Alone = OwnedMutexGuard<()>;

    fn now(&self) -> u64 {
        self.0.now.get()
    }

    fn load(&self) -> Option<Session> {
        self.0.stored.borrow().clone()
    }

    fn open(&self, session: &Session, _keep: Keep) {
        self.0.stored.replace(Some(session.clone()));
    }

    fn replace(&self, session: &Session) {
        self.0.stored.replace(Some(session.clone()));
    }

    fn close(&self, ending: Ending) {
        self.0.stored.replace(None);
        self.0.ending.set(Some(ending));
    }

    async fn alone(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.0.lock).lock_owned().await
    }

    async fn pause(&self, _milliseconds: u64) {
        if let Some(session) = self.0.on_its_way.take() {
            self.0.stored.replace(Some(session));
        }
    }

    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        let answer = self.0.server.borrow_mut().answer(request, bearer);
        AFewTurns(20).await; // everybody gets a turn while an answer is on its way
        answer
    }
}

impl Server {
    fn answer(&mut self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        self.asked.push(request.path.to_string());
        match request.path.as_ref() {
            "/api/token/" => Ok(ok(r#"{"refresh":"r0","access":"a0"}"#)),
            "/api/token/blacklist/" => self.refresh_answer.clone().unwrap_or_else(|| Ok(ok("{}"))),
            "/api/token/refresh/" => {
                if let Some(answer) = self.refresh_answer.clone() {
                    return answer;
                }
                if request.deed != Deed::Post(format!(r#"{{"refresh":"r{}"}}"#, self.generation)) {
                    return Ok(unauthorized("reuse"));
                }
                self.generation += 1;
                Ok(ok(&format!(
                    r#"{{"access":"a{0}","refresh":"r{0}"}}"#,
                    self.generation
                )))
            }
            _ => {
                if let Some(answer) = self.call_answer.clone() {
                    return answer;
                }
                if bearer == Some(&format!("a{}", self.generation)) {
                    Ok(ok("[]"))
                } else {
                    Ok(unauthorized(""))
                }
            }
        }
    }

    fn asked_for_refresh(&self) -> usize {
        self.asked
            .iter()
            .filter(|path| *path == "/api/token/refresh/")
            .count()
    }
}

struct AFewTurns(u32);

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

fn ok(body: &str) -> Reply {
    Reply {
        status: 200,
        body: body.to_owned(),
        ..Reply::default()
    }
}

fn unauthorized(ended: &str) -> Reply {
    Reply {
        status: 401,
        body: r#"{"detail":"…","code":"token_not_valid"}"#.to_owned(),
        ended: (!ended.is_empty()).then(|| ended.to_owned()),
        retry_after: None,
    }
}

/// A machine where somebody signed in at 0 with a token that lives `lifetime` milliseconds.
fn machine(lifetime: u64) -> Rc<Machine> {
    let session = Session {
        username: "ada".to_owned(),
        access: "a0".to_owned(),
        refresh: "r0".to_owned(),
        obtained_at: 0,
        lifetime: Some(lifetime),
        renewed_at: None,
    };
    Rc::new(Machine {
        now: Cell::new(0),
        stored: RefCell::new(Some(session)),
        ending: Cell::new(None),
        lock: Arc::default(),
        on_its_way: RefCell::default(),
        server: RefCell::new(Server {
            generation: 0,
            refresh_answer: None,
            call_answer: None,
            asked: Vec::new(),
        }),
    })
}

fn tab(machine: &Rc<Machine>) -> Rc<Client<Tab>> {
    Rc::new(Client::new(Tab(Rc::clone(machine))))
}

fn call(client: &Rc<Client<Tab>>) -> impl Future<Output = Result<String, Failure>> + use<> {
    Rc::clone(client).call(Request::get("/api/users/"))
}

fn later(trouble: Trouble) -> Failure {
    Failure::TryLater {
        trouble,
        after: None,
    }
}

#[test]
fn a_fresh_token_is_just_used() {
    let machine = machine(300_000);
    assert_eq!(block_on(call(&tab(&machine))), Ok("[]".to_owned()));
    assert_eq!(machine.server.borrow().asked, ["/api/users/"]);
}

#[test]
fn five_calls_with_a_spent_token_renew_it_once() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let results = block_on(join_all((0..5).map(|_| call(&client))));
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
    assert_eq!(client.renewals(), 1);
}

#[test]
fn five_calls_refused_at_once_renew_once_and_are_repeated() {
    let machine = machine(300_000);
    machine.server.borrow_mut().generation = 1; // "a0" is not accepted any more
    machine
        .stored
        .borrow_mut()
        .as_mut()
        .expect("signed in")
        .refresh = "r1".to_owned();
    let results = block_on(join_all((0..5).map(|_| call(&tab(&machine)))));
    assert!(
        results.iter().all(Result::is_ok),
        "five tabs, and not one of them lost"
    );
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
    assert_eq!(machine.server.borrow().asked.len(), 11);
}

#[test]
fn a_tab_uses_what_another_tab_has_renewed() {
    let machine = machine(3_000);
    machine.now.set(2_900);
    let (one, other) = (tab(&machine), tab(&machine));
    let (first, second) = block_on(join(call(&one), call(&other)));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(one.renewals() + other.renewals(), 1);
}

#[test]
fn a_token_another_tab_has_spent_ends_nothing_when_that_tabs_tokens_come_late() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let old = machine.stored.borrow().clone().expect("signed in");
    machine.on_its_way.replace(Some(Session {
        access: "a1".to_owned(),
        refresh: "r1".to_owned(),
        ..old
    }));
    let client = tab(&machine);
    {
        let mut server = machine.server.borrow_mut();
        server.generation = 1;
        server.refresh_answer = Some(Ok(unauthorized("")));
    }
    assert!(block_on(call(&client)).is_ok());
    assert_eq!(machine.ending.get(), None);
    assert_eq!(machine.server.borrow().asked_for_refresh(), 1);
}

#[test]
fn each_expiry_is_a_renewal_of_its_own() {
    let machine = machine(3_000);
    let client = tab(&machine);
    machine.now.set(3_000);
    assert!(block_on(call(&client)).is_ok());
    // These tokens do not say how long they live, so the server has to.
    machine.server.borrow_mut().generation += 1;
    machine
        .stored
        .borrow_mut()
        .as_mut()
        .expect("signed in")
        .refresh = "r2".to_owned();
    assert!(block_on(call(&client)).is_ok());
    assert_eq!(client.renewals(), 2);
}

#[test]
fn trouble_keeps_the_session_and_the_same_refresh_token() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    let client = tab(&machine);
    assert_eq!(block_on(call(&client)), Err(later(Trouble::Unreachable)));
    assert!(
        machine
            .stored
            .borrow()
            .as_ref()
            .is_some_and(|session| session.refresh == "r0")
    );
    machine.server.borrow_mut().refresh_answer = None;
    assert!(block_on(call(&client)).is_ok());
}

#[test]
fn a_token_that_is_only_due_still_does_when_it_can_not_be_renewed() {
    let machine = machine(300_000);
    machine.now.set(295_000);
    machine.server.borrow_mut().refresh_answer = Some(Ok(Reply {
        status: 503,
        ..Reply::default()
    }));
    assert!(block_on(call(&tab(&machine))).is_ok());
}

#[test]
fn a_refused_refresh_ends_the_session_for_the_servers_reason() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    machine.server.borrow_mut().refresh_answer = Some(Ok(unauthorized("admin")));
    let client = tab(&machine);
    let results = block_on(join_all((0..5).map(|_| call(&client))));
    assert!(
        results
            .iter()
            .all(|result| *result == Err(Failure::Ended(Ending::Admin)))
    );
    assert!(machine.stored.borrow().is_none());
    assert_eq!(machine.ending.get(), Some(Ending::Admin));
    assert_eq!(machine.server.borrow().asked, ["/api/token/refresh/"]);
    assert_eq!(block_on(call(&client)), Err(Failure::Ended(Ending::None)));
}

#[test]
fn a_token_refused_twice_does_not_loop() {
    let machine = machine(300_000);
    machine.server.borrow_mut().call_answer = Some(Ok(unauthorized("")));
    assert!(matches!(
        block_on(call(&tab(&machine))),
        Err(Failure::Rejected(_))
    ));
    assert_eq!(
        machine.server.borrow().asked,
        ["/api/users/", "/api/token/refresh/", "/api/users/"]
    );
    assert!(
        machine.stored.borrow().is_some(),
        "the server's confusion is not the person's fault"
    );
}

#[test]
fn a_disabled_user_is_signed_out() {
    let machine = machine(300_000);
    let body = r#"{"detail":"User is inactive","code":"user_inactive"}"#.to_owned();
    machine.server.borrow_mut().call_answer = Some(Ok(Reply {
        status: 401,
        body,
        ..Reply::default()
    }));
    assert_eq!(
        block_on(call(&tab(&machine))),
        Err(Failure::Ended(Ending::UserDisabled))
    );
    assert!(machine.stored.borrow().is_none());
}

#[test]
fn an_answer_does_not_bring_back_a_session_that_was_closed_meanwhile() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let closing = async {
        AFewTurns(2).await; // the refresh is on its way
        Tab(Rc::clone(&machine)).close(Ending::Logout);
    };
    let (result, ()) = block_on(join(call(&tab(&machine)), closing));
    assert_eq!(result, Err(Failure::Ended(Ending::Logout)));
    assert!(machine.stored.borrow().is_none());
}

#[test]
fn signing_out_waits_for_a_renewal_and_ends_the_newest_token() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let (result, farewell) = block_on(join(call(&client), client.sign_out()));
    assert_eq!(farewell, Farewell::Heard);
    assert!(machine.stored.borrow().is_none());
    assert_eq!(result, Ok("[]".to_owned()), "the call was under way before");
    let asked = machine.server.borrow().asked.clone();
    assert_eq!(asked[0], "/api/token/refresh/");
    assert!(asked.iter().any(|path| path == "/api/token/blacklist/"));
}

#[test]
fn signing_out_forgets_the_session_even_if_nobody_hears_it() {
    let machine = machine(300_000);
    machine.server.borrow_mut().refresh_answer = Some(Err(Unreachable));
    assert_eq!(block_on(tab(&machine).sign_out()), Farewell::Unheard);
    assert!(machine.stored.borrow().is_none());
}

#[test]
fn a_session_ended_by_its_own_user_is_forgotten_after_a_renewal_under_way() {
    let machine = machine(3_000);
    machine.now.set(3_000);
    let client = tab(&machine);
    let (result, ()) = block_on(join(call(&client), client.forget()));
    assert_eq!(result, Ok("[]".to_owned()), "the call was under way before");
    assert!(machine.stored.borrow().is_none());
    assert_eq!(machine.ending.get(), Some(Ending::Logout));
}

#[test]
fn signing_in_stores_the_name_and_the_time_of_asking() {
    let machine = machine(0);
    machine.stored.replace(None);
    machine.now.set(77);
    assert_eq!(
        block_on(tab(&machine).sign_in("grace", "secret", Keep::ThisTab)),
        Ok(())
    );
    let stored = machine.stored.borrow();
    let session = stored.as_ref().expect("signed in");
    assert_eq!(
        (session.username.as_str(), session.obtained_at),
        ("grace", 77)
    );
}
