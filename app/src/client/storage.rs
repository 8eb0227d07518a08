//! The session in the browser's storage: `localStorage` if the person wants to be remembered (shared by all tabs),
//! else `sessionStorage` (this tab only, gone when it is closed). A browser may forbid both; then there is none.

use std::cell::RefCell;

use gloo_storage::{LocalStorage, SessionStorage, Storage};
use leptos::ev;
use leptos::prelude::{window, window_event_listener, window_event_listener_untyped};

use super::ending::Ending;
use super::session::Session;

const SESSION: &str = "jotward.session";
const ENDING: &str = "jotward.ending";

/// How long a session is to be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keep {
    /// Until somebody signs out, in all tabs.
    Remembered,
    /// As long as this tab is open, and in no other.
    ThisTab,
}

/// Who changed the stored session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// This tab did.
    Here,
    /// Another tab did, or this page slept meanwhile.
    Elsewhere,
}

type Watchers = Vec<Box<dyn Fn(Change)>>;

thread_local! {
    static WATCHERS: RefCell<Watchers> = const { RefCell::new(Vec::new()) };
}

/// Calls `watcher` after every change of the stored session, for as long as the page lives.
pub fn watch(watcher: impl Fn(Change) + 'static) {
    let is_first = WATCHERS.with_borrow_mut(|watchers| {
        watchers.push(Box::new(watcher));
        watchers.len() == 1
    });
    if !is_first {
        return;
    }
    // The handles are not kept: these listeners live as long as the page.
    window_event_listener(ev::storage, |event| {
        // No key means that everything was cleared.
        if event.key().is_none_or(|key| key == SESSION) {
            notify(Change::Elsewhere);
        }
    });
    // A page that comes back out of the browser's history has slept through all events.
    window_event_listener_untyped("pageshow", |_| notify(Change::Elsewhere));
}

/// Whether anything can be kept.
pub fn usable() -> bool {
    let window = window();
    matches!(window.local_storage(), Ok(Some(_))) && matches!(window.session_storage(), Ok(Some(_)))
}

/// The session; this tab's own goes before the shared one.
pub fn load() -> Option<Session> {
    if !usable() {
        return None;
    }
    SessionStorage::get(SESSION)
        .or_else(|_| LocalStorage::get(SESSION))
        .ok()
}

/// Stores a session just opened.
pub fn open(session: &Session, keep: Keep) {
    match keep {
        Keep::Remembered => {
            SessionStorage::delete(SESSION);
            put::<LocalStorage>(session);
        }
        Keep::ThisTab => put::<SessionStorage>(session),
    }
    notify(Change::Here);
}

/// Stores a newer state of the session, where the session is.
pub fn replace(session: &Session) {
    if is_this_tabs() {
        put::<SessionStorage>(session);
    } else {
        put::<LocalStorage>(session);
    }
    notify(Change::Here);
}

/// Forgets the session. Other tabs that shared it find the reason beside it.
pub fn close(ending: Ending) {
    if is_this_tabs() {
        SessionStorage::delete(SESSION);
    } else {
        // The reason first: the event that wakes the other tabs comes from the deletion.
        let _ = LocalStorage::set(ENDING, ending.word()); // a full disk costs the reason, not the logout
        LocalStorage::delete(SESSION);
    }
    notify(Change::Here);
}

/// Why the shared session ended.
pub fn last_ending() -> Ending {
    if !usable() {
        return Ending::None;
    }
    LocalStorage::get::<String>(ENDING).map_or(Ending::Logout, |word| Ending::from_word(&word))
}

fn is_this_tabs() -> bool {
    SessionStorage::get::<Session>(SESSION).is_ok()
}

fn put<S: Storage>(session: &Session) {
    // With the disk full there is nowhere to keep it: the old tokens stay, and the next refresh asks to sign in again.
    let _ = S::set(SESSION, session);
}

fn notify(change: Change) {
    WATCHERS.with_borrow(|watchers| watchers.iter().for_each(|watcher| watcher(change)));
}
