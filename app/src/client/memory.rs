//! A browser without a browser: its storage and its lock in memory, for several clients in one page, and for tests.
//! Nothing here survives the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use futures_util::lock::{Mutex, OwnedMutexGuard};

use super::ending::Ending;
use super::session::Session;
use super::storage::{Place, Storage};

/// A storage in memory.
#[derive(Default)]
pub struct Memory {
    session: RefCell<Option<Session>>,
    ending: Cell<Option<Ending>>,
    has_cookie: Cell<bool>,
}

/// What the tabs of one browser share: a storage, and a lock.
#[derive(Clone, Default)]
pub struct Shared {
    storage: Rc<Memory>,
    lock: Arc<Mutex<()>>,
}

/// What one tab has: storages of its own, and what it shares with others.
#[derive(Default)]
pub struct Tab {
    page: Memory,
    own: Memory,
    shared: Shared,
}

/// The lock; dropping it lets the next tab in.
pub type Held = OwnedMutexGuard<()>;

impl Storage for Memory {
    fn load(&self) -> Option<Session> {
        self.session.borrow().clone()
    }

    fn save(&self, session: &Session) {
        self.session.replace(Some(session.clone()));
    }

    fn clear(&self, why: Ending) {
        self.session.replace(None);
        self.ending.set(Some(why));
    }

    fn last_ending(&self) -> Ending {
        self.ending.get().unwrap_or(Ending::None)
    }

    fn has_cookie(&self) -> bool {
        self.has_cookie.get()
    }

    fn set_cookie(&self, is_there: bool) {
        self.has_cookie.set(is_there);
    }
}

impl Shared {
    /// What all tabs see.
    #[must_use]
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }
}

impl Tab {
    /// A tab of the browser that `shared` belongs to.
    #[must_use]
    pub fn of(shared: &Shared) -> Self {
        Self {
            shared: shared.clone(),
            ..Self::default()
        }
    }

    /// As in [`super::World::storage`].
    #[must_use]
    pub fn storage(&self, place: Place) -> &dyn Storage {
        match place {
            Place::Page => &self.page,
            Place::Tab => &self.own,
            Place::Browser => self.shared.storage(),
        }
    }

    /// As in [`super::World::alone`].
    pub async fn alone(&self) -> Held {
        Arc::clone(&self.shared.lock).lock_owned().await
    }
}
