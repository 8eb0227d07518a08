//! The browser's two storages. A browser may forbid them, or be full; then a session lasts as long as the page does.

use std::cell::RefCell;

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::StorageEvent;

use super::ending::Ending;
use super::json::Json;
use super::session::Session;
use super::storage::Storage;

const SESSION: &str = "jotward.session";
const ENDING: &str = "jotward.ending";
/// Is there while the browser has a cookie with a refresh token.
const COOKIE: &str = "jotward.cookie";

/// `localStorage`.
pub struct OfBrowser;
/// `sessionStorage`. Nobody else sees it, so nobody asks it for reasons.
pub struct OfTab;

/// Who changed the stored session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// This tab did.
    Here,
    /// Another tab did, or may have: this page slept meanwhile, or was offline.
    Elsewhere,
}

type Watchers = Vec<Box<dyn Fn(Change)>>;

thread_local! {
    static WATCHERS: RefCell<Watchers> = const { RefCell::new(Vec::new()) };
}

impl Storage for OfBrowser {
    fn load(&self) -> Option<Session> {
        Session::read(&LocalStorage::get(SESSION).ok()?)
    }

    fn save(&self, session: &Session) {
        // With the disk full the old tokens stay, and the next refresh asks to sign in again.
        let _ = LocalStorage::set(SESSION, session);
    }

    fn clear(&self, why: Ending) {
        // The reason first: the event that wakes the other tabs comes from the deletion.
        let _ = LocalStorage::set(ENDING, why.word()); // a full disk costs the reason, not the logout
        LocalStorage::delete(SESSION);
    }

    fn last_ending(&self) -> Ending {
        match LocalStorage::get(ENDING) {
            Ok(Json::Text(word)) => Ending::from_word(&word),
            _ => Ending::Logout,
        }
    }

    fn has_cookie(&self) -> bool {
        is_cookie_in_use()
    }

    fn set_cookie(&self, is_there: bool) {
        if is_there {
            let _ = LocalStorage::set(COOKIE, ""); // a full disk costs the second try
        } else {
            LocalStorage::delete(COOKIE);
        }
    }
}

impl Storage for OfTab {
    fn load(&self) -> Option<Session> {
        Session::read(&SessionStorage::get(SESSION).ok()?)
    }

    fn save(&self, session: &Session) {
        let _ = SessionStorage::set(SESSION, session); // as above
    }

    fn clear(&self, _why: Ending) {
        SessionStorage::delete(SESSION);
    }

    fn last_ending(&self) -> Ending {
        Ending::None
    }

    fn has_cookie(&self) -> bool {
        false
    }

    fn set_cookie(&self, _is_there: bool) {}
}

/// Whether anything can be kept.
#[must_use]
pub fn is_usable() -> bool {
    web_sys::window().is_some_and(|window| {
        matches!(window.local_storage(), Ok(Some(_)))
            && matches!(window.session_storage(), Ok(Some(_)))
    })
}

/// Whether the cookie of this browser is of a login in it, or of one that is owed its end.
#[must_use]
pub fn is_cookie_in_use() -> bool {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    storage.is_some_and(|storage| matches!(storage.get_item(COOKIE), Ok(Some(_))))
}

/// Calls `watcher` after every change of the stored session, and when the network is back, for as long as the page lives. True
/// if it is the first one.
pub fn watch(watcher: impl Fn(Change) + 'static) -> bool {
    let is_first = WATCHERS.with_borrow_mut(|watchers| {
        watchers.push(Box::new(watcher));
        watchers.len() == 1
    });
    if is_first {
        listen();
    }
    is_first
}

/// Tells all watchers.
pub fn notify(change: Change) {
    WATCHERS.with_borrow(|watchers| watchers.iter().for_each(|watcher| watcher(change)));
}

fn listen() {
    // One listener for all events, never removed. A page that comes back out of the browser's history has slept
    // through all events; and an event of storage without a key means that everything was cleared.
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        let concerns_us = event
            .dyn_ref::<StorageEvent>()
            .and_then(StorageEvent::key)
            .is_none_or(|key| key == SESSION);
        if concerns_us {
            notify(Change::Elsewhere);
        }
    })
    .into_js_value();
    if let Some(window) = web_sys::window() {
        for event in ["storage", "pageshow", "online"] {
            let _ = window.add_event_listener_with_callback(event, listener.unchecked_ref()); // can not fail
        }
    }
}
