//! The few things of a browser that pages may use: its clock, a tick, and the address bar. Storage and network are not
//! among them. Only called when a page is alive, never while it is rendered.

use gloo_timers::callback::Interval;
use leptos::prelude::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};

pub use crate::client::now;

/// The time by this browser's clock, in unix seconds.
#[must_use]
pub fn seconds() -> i64 {
    i64::try_from(now() / 1_000).unwrap_or(i64::MAX)
}

/// A time in unix seconds, for machines (RFC 3339) and, in this browser's time zone, for people.
#[expect(
    clippy::cast_precision_loss,
    reason = "JavaScript's times are such numbers"
)]
#[must_use]
pub fn date(at: i64) -> (String, String) {
    let date = js_sys::Date::new(&(at as f64 * 1e3).into());
    (date.to_iso_string().into(), date.to_string().into())
}

/// Calls `tick` every second, for as long as the page lives.
pub fn every_second(tick: impl FnMut() + 'static) {
    Interval::new(1_000, tick).forget();
}

/// Puts `text` into the clipboard, where the browser lets pages do that.
pub fn copy(text: &str) {
    if window().is_secure_context() {
        let copied = window().navigator().clipboard().write_text(text);
        // Who has forbidden it sees the text all the same.
        spawn_local(async move { drop(JsFuture::from(copied).await) });
    }
}

/// The scheme, host and port of the page.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The element with this id, where the page has one.
#[must_use]
pub fn element(id: &str) -> Option<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast;
    let element = leptos::prelude::document().get_element_by_id(id)?;
    Some(element.unchecked_into())
}

/// Whether the focus is nowhere, because what had it is gone.
#[must_use]
pub fn is_focus_lost() -> bool {
    let focused = leptos::prelude::document().active_element();
    focused.is_none_or(|element| element.tag_name() == "BODY")
}

/// The path and query of the page.
#[must_use]
pub fn here() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    path + &query()
}

/// The query of the page, with its question mark.
#[must_use]
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Goes to another page of this site. The page left is not kept in the history, so *back* does not lead into it.
pub fn go_to(path: &str) {
    let _ = window().location().replace(path); // fails for malformed addresses only; ours are paths
}
