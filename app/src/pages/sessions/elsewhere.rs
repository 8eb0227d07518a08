//! The form that signs out everywhere else. The server asks for the password, or whoever took an access token could
//! throw its owner out.

use leptos::prelude::*;

use super::desk::Desk;
use crate::ui::field::{Asks, Field};

const PASSWORD: Asks = Asks {
    name: "password",
    label: "Password",
    kind: "password",
    autocomplete: "current-password",
};

/// The form.
#[component]
pub fn SignOutElsewhere(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let is_closed = move || !desk.guard.is_open.get();
    let is_busy = move || desk.guard.is_busy.get().to_string();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.end_others();
    };
    view! {
        <form
            class="card stack"
            method="post"
            action="/sessions"
            novalidate
            aria-labelledby="elsewhere-title"
            on:submit=on_submit
        >
            <h2 id="elsewhere-title">"Sign out everywhere else"</h2>
            <p class="muted">"Ends every session of yours but this one. It takes your password."</p>
            <Field asks=PASSWORD input=desk.password error=desk.objection />
            <button class="btn btn--wide" type="submit" disabled=is_closed aria-disabled=is_busy>
                "Sign out everywhere else"
            </button>
        </form>
    }
}
