//! A request and its answer as they went over the wire, and the request as a program in four languages; or a row as it was
//! written.

use leptos::prelude::*;

use super::bench::{Bench, stage};
use super::words;
use crate::browser;
use crate::lab::copy_as::Language;

/// All there is to see of an exchange.
#[component]
pub fn Detail(
    /// The state of the page.
    bench: Bench,
    /// Which exchange.
    number: usize,
) -> impl IntoView {
    let shown = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    let copy = move |language: Language| {
        let stage = stage();
        let record = stage.record.borrow();
        let Some(exchange) = record.exchanges.get(number) else {
            return;
        };
        let text = language.text(exchange, &browser::origin());
        browser::copy(&text);
        let carries = if words::is_with_cookie(exchange) {
            " copied, without the cookie, which no page can read."
        } else {
            " copied. It carries tokens of this scene, and comes from another program: a spent one ends the session."
        };
        said.set([language.name(), carries].concat());
        shown.set(text);
    };
    let request = words::request(&stage().record.borrow(), number);
    // The answer may still be on its way when a line is opened.
    let response = move || {
        bench.mark.track();
        words::response(&stage().record.borrow(), number)
    };
    let is_told = move || {
        bench.mark.track();
        words::is_end_told(&stage().record.borrow(), number)
    };
    view! {
        <div class="wire__detail stack">
            <h3>"Request"</h3>
            <pre role="group" aria-label="Request">{request}</pre>
            <h3>"Answer"</h3>
            <pre role="group" aria-label="Answer">{response}</pre>
            <p class="muted" hidden=move || !is_told()>
                "jotward-session-ended says why, to clients that know it. Others have the 401, and that is enough."
            </p>
            <p class="actions">
                "Copy the request as "
                {Language::ALL
                    .map(|language| {
                        view! {
                            <button class="btn btn--small" type="button" on:click=move |_| copy(language)>
                                {language.name()}
                            </button>
                        }
                    })
                    .to_vec()}
            </p>
            <p role="status">{said}</p>
            <pre role="group" aria-label="Copied" hidden=move || shown.with(String::is_empty)>{shown}</pre>
        </div>
    }
}

/// A row, and what it is for.
#[component]
pub fn RowDetail(
    /// What the database does for such a change.
    remark: &'static str,
    /// Its table, and what stands in it.
    row: String,
) -> impl IntoView {
    view! {
        <div class="wire__detail stack">
            <p class="muted">{remark}</p>
            <pre role="group" aria-label="Row">{row}</pre>
        </div>
    }
}
