//! The browser as the token client's world.

use std::cell::Cell;

use js_sys::{Date, Function, Math, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::fetch;
use super::lock;
use super::memory::Memory;
use super::request::{Reply, Request, Unreachable};
use super::storage::{Place, Storage};
use super::web_storage::{self, Change, OfBrowser, OfTab};
use super::world::{Pause, World};

/// What ends a pause: the network is back, the page is looked at again, or was taken out of the browser's history.
const REASONS_TO_WAKE: [&str; 3] = ["online", "visibilitychange", "pageshow"];

/// The real thing.
pub struct Browser {
    page: Memory,
    was_online: Cell<bool>,
}

impl Browser {
    /// The browser this page is in.
    pub fn new() -> Self {
        Self {
            page: Memory::default(),
            was_online: Cell::new(says_online()),
        }
    }
}

impl World for Browser {
    type Alone = lock::Held;

    fn now(&self) -> u64 {
        now()
    }

    fn chance(&self) -> u32 {
        chance()
    }

    fn storage(&self, place: Place) -> &dyn Storage {
        match place {
            Place::Tab if web_storage::is_usable() => &OfTab,
            Place::Browser if web_storage::is_usable() => &OfBrowser,
            _ => &self.page,
        }
    }

    fn changed(&self) {
        web_storage::notify(Change::Here);
    }

    /// A browser that never was online since the page came does not know what it says: the page did come.
    fn is_offline(&self) -> bool {
        if says_online() {
            self.was_online.set(true);
            return false;
        }
        self.was_online.get()
    }

    async fn alone(&self) -> lock::Held {
        lock::alone().await
    }

    async fn pause(&self, milliseconds: u64) -> Pause {
        let Some(window) = web_sys::window() else {
            return Pause::Over;
        };
        let (over, end) = promise();
        for reason in REASONS_TO_WAKE {
            let _ = window.add_event_listener_with_callback(reason, &end); // can not fail, nor can the removal
        }
        start_timer(&end, milliseconds);
        // A timer has nothing to say; what wakes is an event.
        let is_woken = JsFuture::from(over)
            .await
            .is_ok_and(|event| event.is_object());
        for reason in REASONS_TO_WAKE {
            let _ = window.remove_event_listener_with_callback(reason, &end);
        }
        let is_seen = window.document().is_some_and(|document| !document.hidden());
        if is_woken && is_seen {
            Pause::Woken
        } else {
            Pause::Over
        }
    }

    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        fetch::send(request, bearer).await
    }
}

/// The time by this browser's clock, in milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    whole(Date::now())
}

/// A random number, good enough to spread retries by.
#[must_use]
pub fn chance() -> u32 {
    u32::try_from(whole(Math::random() * f64::from(u32::MAX))).unwrap_or(u32::MAX)
}

/// Waits, `milliseconds` long.
pub async fn sleep(milliseconds: u64) {
    let (over, end) = promise();
    start_timer(&end, milliseconds);
    let _ = JsFuture::from(over).await; // such a promise is never rejected
}

/// A promise, and the function that resolves it.
pub fn promise() -> (Promise, Function) {
    let mut resolver = None;
    let promise = Promise::new(&mut |resolve, _reject| resolver = Some(resolve));
    (promise, resolver.unwrap_or_default())
}

fn says_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

fn start_timer(end: &Function, milliseconds: u64) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let started = web_sys::window().map(|window| {
        window.set_timeout_with_callback_and_timeout_and_arguments_0(end, milliseconds)
    });
    if !matches!(started, Some(Ok(_))) {
        let _ = end.call0(&JsValue::NULL); // resolving a promise can not fail
    }
}

/// A non-negative number of JavaScript, which has no whole ones, without its fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and time is positive"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
