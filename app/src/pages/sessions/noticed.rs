//! What was noticed of the account, latest first: of sessions that are alive and of those that are over alike.

use leptos::prelude::*;

use super::desk::Desk;
use super::words::{self, Told};
use crate::ui::when::when;

/// The section; hidden until it is known whether there is anything.
#[component]
pub fn Noticed(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let is_unknown = move || desk.sessions.with(Option::is_none);
    let is_empty = move || desk.told.with(Vec::is_empty);
    let items = move || {
        let told = desk.told.get().into_iter();
        told.map(|told| item(told, desk)).collect::<Vec<_>>()
    };
    view! {
        <section class="stack" aria-labelledby="noticed-title" hidden=is_unknown>
            <h2 id="noticed-title">"What was noticed"</h2>
            <p class="muted" hidden=move || !is_empty()>
                "Nothing unusual in the last 30 days."
            </p>
            <ul class="stack" aria-labelledby="noticed-title" hidden=is_empty>
                {items}
            </ul>
        </section>
    }
}

fn item(told: Told, desk: Desk) -> impl IntoView {
    view! {
        <li class=told.tone.class()>
            <p>{told.what}</p>
            <p class="notice__where">{words::times(told.times)} {when(told.at, desk.now)} {told.whence}</p>
        </li>
    }
}
