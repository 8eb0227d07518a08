//! A browser of the lab as the token client's world: storage in memory, one lock for its tabs, a clock that may be wrong, and
//! a network that records what passes and may lose an answer.

use std::cell::Cell;
use std::rc::Rc;

use super::cast::Actor;
use super::stage::Stage;
use crate::browser;
use crate::client::memory::{Held, Shared, Tab as Storages};
use crate::client::{
    Pause, Place, Reply, Request, Session, Storage, Unreachable, World, chance, send, sleep,
};

/// A browser: what its tabs share.
#[derive(Default)]
pub struct Machine {
    shared: Shared,
    /// What its clock shows.
    pub clock: Cell<Clock>,
    /// It has no lock for its tabs, as browsers had none before 2022.
    pub is_lockless: Cell<bool>,
}

/// A clock.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Clock {
    /// It shows the time.
    #[default]
    Right,
    /// It is wrong by so many milliseconds.
    Off(i64),
    /// It stands still since then, in milliseconds: to its client no token grows old any more, so it finds out by being
    /// refused.
    Stopped(u64),
}

impl Machine {
    /// Its clients look at no clock from now on.
    pub fn stop_the_clock(&self) {
        self.clock.set(Clock::Stopped(browser::now()));
    }
}

/// A tab of a [`Machine`].
pub struct LabWorld {
    machine: Rc<Machine>,
    storages: Storages,
    actor: Actor,
    stage: Option<Rc<Stage>>,
    /// The answer to the next refresh is lost on the way.
    pub loses_next: Cell<bool>,
}

impl LabWorld {
    /// A tab whose traffic is recorded by `stage`.
    pub fn recorded(machine: &Rc<Machine>, actor: Actor, stage: Rc<Stage>) -> Self {
        Self {
            storages: Storages::of(&machine.shared),
            machine: Rc::clone(machine),
            actor,
            stage: Some(stage),
            loses_next: Cell::new(false),
        }
    }

    /// A tab of its own browser that nobody looks at.
    pub fn unseen() -> Self {
        Self {
            machine: Rc::default(),
            storages: Storages::default(),
            actor: Actor::First,
            stage: None,
            loses_next: Cell::new(false),
        }
    }

    /// The browser it is a tab of.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    fn session(&self) -> Option<Session> {
        let places = [Place::Page, Place::Tab, Place::Browser];
        places
            .into_iter()
            .find_map(|place| self.storages.storage(place).load())
    }
}

impl World for LabWorld {
    type Alone = Option<Held>;

    fn now(&self) -> u64 {
        match self.machine.clock.get() {
            Clock::Right => browser::now(),
            Clock::Off(error) => browser::now().saturating_add_signed(error),
            Clock::Stopped(at) => at,
        }
    }

    fn chance(&self) -> u32 {
        chance()
    }

    fn storage(&self, place: Place) -> &dyn Storage {
        self.storages.storage(place)
    }

    fn changed(&self) {
        if let Some(stage) = &self.stage {
            stage.holds(self.actor, self.session().as_ref());
        }
    }

    fn is_offline(&self) -> bool {
        false
    }

    async fn alone(&self) -> Option<Held> {
        if self.machine.is_lockless.get() {
            return None;
        }
        Some(self.storages.alone().await)
    }

    async fn pause(&self, milliseconds: u64) -> Pause {
        sleep(milliseconds).await;
        Pause::Over
    }

    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        let Some(stage) = &self.stage else {
            return send(request, bearer).await;
        };
        let is_refresh = request.path == "/api/token/refresh/";
        let lose = is_refresh && self.loses_next.take();
        stage.exchange(self.actor, request, bearer, lose).await
    }
}
