//! The few things of a browser that pages and client alike may use: its clock, its timers, chance, and the address
//! bar. Storage and network are not among them. Only called when a page is alive, never while it is rendered.

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The time by this browser's clock, in milliseconds since 1970.
#[must_use]
pub fn now() -> u64 {
    whole(js_sys::Date::now())
}

/// The same, in seconds.
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

/// A random number, good enough to spread retries by.
#[must_use]
pub fn chance() -> u32 {
    u32::try_from(whole(js_sys::Math::random() * f64::from(u32::MAX))).unwrap_or(u32::MAX)
}

/// Waits, `milliseconds` long.
pub async fn sleep(milliseconds: u64) {
    TimeoutFuture::new(u32::try_from(milliseconds).unwrap_or(u32::MAX)).await;
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

/// A non-negative number of JavaScript, which has no whole ones, without its fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and time is positive"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
