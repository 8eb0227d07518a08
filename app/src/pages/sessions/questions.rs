//! The dialogs of the page, and the buttons that sign out elsewhere. Whoever took an access token could throw its owner
//! out, so the password is asked for before other sessions end (OWASP ASVS 5.0, 7.5.2).

use leptos::prelude::*;

use super::desk::{Desk, Question};
use crate::ui::dialog::Ask;
use crate::ui::field::{Asks, CURRENT_PASSWORD};

const NAME: Asks = Asks {
    name: "device",
    label: "Name",
    kind: "text",
    autocomplete: "off",
    hint: "At most 64 characters, such as \u{201c}Kitchen tablet\u{201d}. Without one it is called by its browser.",
};

/// Both dialogs.
#[component]
pub fn Questions(
    /// The page they are on.
    desk: Desk,
) -> impl IntoView {
    let (is_busy, dialogs) = (desk.guard.is_busy, desk.dialogs());
    view! {
        <Ask dialog=dialogs.proof is_busy asks=CURRENT_PASSWORD role="dialog" act=move |()| desk.answer() />
        <Ask dialog=dialogs.naming is_busy asks=NAME role="dialog" act=move |()| desk.answer() />
    }
}

/// The buttons that sign out elsewhere.
#[component]
pub fn Elsewhere(
    /// The page they are on.
    desk: Desk,
) -> impl IntoView {
    let is_closed = move || !desk.guard.is_open.get();
    view! {
        <section class="card stack" aria-labelledby="elsewhere-title">
            <h2 id="elsewhere-title">"Everywhere at once"</h2>
            <p class="muted">"Ends sessions you do not see or do not know. It takes your password."</p>
            <button class="btn btn--wide" type="button" disabled=is_closed on:click=move |_| desk.ask(Question::Others)>
                "Sign out everywhere else"
            </button>
            <button
                class="btn btn--wide"
                type="button"
                disabled=is_closed
                on:click=move |_| desk.ask(Question::Everywhere)
            >
                "Sign out everywhere"
            </button>
        </section>
    }
}
