//! Patience on a machine that loses its network, sleeps, and meets servers in trouble. Time passes only in pauses.

use std::cell::{Cell, RefCell};

use futures::executor::block_on;

use super::*;
use crate::client::ending::Ending;
use crate::client::memory::{Held, Shared, Tab};
use crate::client::request::{Reply, Unreachable};
use crate::client::session::{CookieLife, Refresh, Session};
use crate::client::storage::{Keep, Place, Storage};

/// A machine in some trouble.
struct Machine {
    tab: Tab,
    now: Cell<u64>,
    /// What is answered, first come, first served; afterwards everything is well.
    answers: RefCell<Vec<Result<Reply, Unreachable>>>,
    /// When each request was sent.
    asked_at: RefCell<Vec<u64>>,
    /// How often the network is looked for in vain.
    offline_looks: Cell<u32>,
    /// How long each timer takes in truth: a machine that sleeps has late ones.
    oversleeps: Cell<u64>,
    /// Whether pauses end at once.
    is_woken: Cell<bool>,
}

impl World for Rc<Machine> {
    type Alone = Held;

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn chance(&self) -> u32 {
        0
    }

    fn storage(&self, place: Place) -> &dyn Storage {
        self.tab.storage(place)
    }

    fn changed(&self) {}

    fn is_offline(&self) -> bool {
        self.offline_looks.get() > 0
    }

    async fn alone(&self) -> Held {
        self.tab.alone().await
    }

    async fn pause(&self, milliseconds: u64) -> Pause {
        self.offline_looks
            .set(self.offline_looks.get().saturating_sub(1));
        if self.is_woken.take() {
            return Pause::Woken;
        }
        self.now
            .set(self.now.get() + milliseconds + self.oversleeps.take());
        Pause::Over
    }

    async fn send(&self, _: &Request, _: Option<&str>) -> Result<Reply, Unreachable> {
        self.asked_at.borrow_mut().push(self.now.get());
        let mut answers = self.answers.borrow_mut();
        if answers.is_empty() {
            return Ok(reply(200, None));
        }
        answers.remove(0)
    }
}

fn reply(status: u16, retry_after: Option<u64>) -> Reply {
    Reply {
        status,
        body: "[]".to_owned(),
        retry_after,
        ended: None,
    }
}

/// A machine where somebody is signed in, and that hears `answers` first.
fn machine(answers: &[Result<Reply, Unreachable>]) -> Rc<Machine> {
    let machine = Machine {
        tab: Tab::of(&Shared::default()),
        now: Cell::new(0),
        answers: RefCell::new(answers.to_vec()),
        asked_at: RefCell::default(),
        offline_looks: Cell::new(0),
        oversleeps: Cell::new(0),
        is_woken: Cell::new(false),
    };
    machine.tab.storage(Place::Browser).save(&Session {
        username: "ada".to_owned(),
        access: Some("a".to_owned()),
        refresh: Refresh::Held("r".to_owned()),
        cookie: CookieLife::OfItsToken,
        owner: 0,
        opened_at: 0,
        obtained_at: 0,
        lifetime: None,
        renewed_at: None,
    });
    Rc::new(machine)
}

/// What came of asking, and what was waited for.
fn ask(machine: &Rc<Machine>) -> (Result<String, Failure>, Vec<Wait>) {
    let client = Rc::new(Client::new(Rc::clone(machine)));
    let waits = RefCell::new(Vec::new());
    let answer = block_on(client.get_patiently("/api/users/", &|wait| {
        waits.borrow_mut().push(wait);
    }));
    (answer, waits.into_inner())
}

fn seconds_asked_at(machine: &Machine) -> Vec<u64> {
    let asked_at = machine.asked_at.borrow();
    asked_at.iter().map(|at| at / 1_000).collect()
}

#[test]
fn trouble_is_waited_out_with_longer_and_longer_pauses() {
    let machine = machine(&[
        Err(Unreachable),
        Ok(reply(503, None)),
        Err(Unreachable),
        Err(Unreachable),
    ]);
    let (answer, waits) = ask(&machine);
    assert_eq!(answer.as_deref(), Ok("[]"));
    assert_eq!(*machine.asked_at.borrow(), [0, 500, 1_500, 3_500, 7_500]);
    assert_eq!(
        waits[1],
        Wait::Pause {
            trouble: Trouble::Failing,
            milliseconds: 1_000
        }
    );
}

#[test]
fn patience_has_an_end_and_ends_no_session() {
    let machine = machine(&[const { Err(Unreachable) }; 9]);
    let (answer, _) = ask(&machine);
    assert!(matches!(answer, Err(Failure::TryLater { .. })));
    assert_eq!(machine.asked_at.borrow().len(), 6);
    assert!(machine.tab.storage(Place::Browser).load().is_some());
}

#[test]
fn a_machine_without_a_network_asks_nothing_and_goes_on_when_it_is_back() {
    let machine = machine(&[]);
    machine.offline_looks.set(7_200);
    let (answer, waits) = ask(&machine);
    assert_eq!(answer.as_deref(), Ok("[]"));
    assert_eq!(waits, [Wait::Network]);
    assert_eq!(seconds_asked_at(&machine), [7_200]);
}

#[test]
fn a_network_lost_in_a_pause_costs_no_attempt() {
    let machine = machine(&[const { Err(Unreachable) }; 8]);
    let client = Rc::new(Client::new(Rc::clone(&machine)));
    let there = Rc::clone(&machine);
    let answer = block_on(client.get_patiently("/api/users/", &|wait| {
        if wait != Wait::Network && there.asked_at.borrow().len() == 5 {
            there.offline_looks.set(100);
        }
    }));
    assert_eq!(answer.as_deref(), Ok("[]"));
}

#[test]
fn a_timer_that_fires_late_after_a_sleep_is_not_followed_by_the_rest_of_the_pause() {
    let machine = machine(&[Ok(reply(503, Some(30)))]);
    machine.oversleeps.set(3_600_000);
    assert!(ask(&machine).0.is_ok());
    assert_eq!(seconds_asked_at(&machine), [0, 3_601]);
}

#[test]
fn who_wakes_up_goes_on_at_once() {
    let machine = machine(&[const { Err(Unreachable) }; 3]);
    machine.is_woken.set(true);
    assert!(ask(&machine).0.is_ok());
    assert_eq!(
        *machine.asked_at.borrow(),
        [0, 0, 500, 1_500],
        "and patience begins anew"
    );
}

#[test]
fn who_wakes_up_still_waits_as_long_as_the_server_asked() {
    let machine = machine(&[Ok(reply(429, Some(7)))]);
    machine.is_woken.set(true);
    assert!(ask(&machine).0.is_ok());
    assert_eq!(*machine.asked_at.borrow(), [0, 7_000]);
}

#[test]
fn a_clock_that_is_set_back_makes_no_pause_longer() {
    let machine = machine(&[Ok(reply(503, Some(3)))]);
    machine.now.set(3_600_000);
    let client = Rc::new(Client::new(Rc::clone(&machine)));
    let there = Rc::clone(&machine);
    let answer = block_on(client.get_patiently("/api/users/", &|_| there.now.set(0)));
    assert!(answer.is_ok());
    assert_eq!(*machine.asked_at.borrow(), [3_600_000, 3_000]);
}

#[test]
fn what_is_done_offline_fails_at_once_and_loses_nothing() {
    let machine = machine(&[]);
    machine.offline_looks.set(1);
    let client = Rc::new(Client::new(Rc::clone(&machine)));
    assert!(matches!(
        block_on(Rc::clone(&client).call(Request::get("/api/users/"))),
        Err(Failure::TryLater { .. })
    ));
    assert!(block_on(client.sign_in("ada", "secret", Keep::Memory)).is_err());
    assert!(machine.asked_at.borrow().is_empty());
    assert!(client.session().is_some());
    assert_eq!(client.last_ending(), Ending::None);
}
