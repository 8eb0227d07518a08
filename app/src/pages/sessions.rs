//! `/sessions`: what was noticed of one's account, and where one is signed in; each place can be signed out from here.
//!
//! Like `/users` it asks when it is opened and when somebody presses a button, never by itself.

mod card;
mod desk;
mod noticed;
mod questions;
mod words;

use leptos::prelude::*;

use super::end_of_session::EndOfSession;
use crate::ui::document::{Head, Module};
use crate::ui::notice::{Asleep, Notice, Tone};
use card::Cards;
use desk::Desk;
use noticed::Noticed;
use questions::{Elsewhere, Questions};

pub const HEAD: Head = Head {
    title: "My sessions",
    description: "Where you are signed in, and what was noticed of your account.",
    path: "/sessions",
    module: Some(Module::Desk),
};

/// The page.
#[component]
pub fn Sessions() -> impl IntoView {
    view! {
        <h1 class="page__title">"My sessions"</h1>
        <noscript>
            <p class="notice notice--warn">
                "Your sessions are read with a token your browser keeps, which needs JavaScript and WebAssembly. The "
                <a href="/admin/">"administration"</a> " works without."
            </p>
        </noscript>
        <SessionDesk />
        <EndOfSession />
    }
}

/// The living part of the page.
#[island]
fn SessionDesk() -> impl IntoView {
    let desk = Desk::new();
    let guard = desk.guard;
    Effect::new(move || desk.open());
    let is_waiting = move || !guard.is_open.get() || guard.is_busy.get();
    let is_busy = move || guard.is_busy.get().to_string();
    let is_settled = move || {
        desk.sessions.with(Option::is_some) || guard.trouble.with(|trouble| !trouble.is_empty())
    };

    view! {
        <Asleep alive=guard.is_alive />
        <div class="split">
            <div class="stack stack--wide">
                <Noticed desk />
                <section class="stack" aria-labelledby="list-title" aria-busy=is_busy>
                    <div class="row">
                        <h2 id="list-title" tabindex="-1" node_ref=desk.heading>
                            "Where you are signed in"
                        </h2>
                        <button class="btn" type="button" disabled=is_waiting on:click=move |_| desk.reload()>
                            "Reload"
                        </button>
                    </div>
                    <Notice tone=Tone::Done text=desk.done />
                    <Notice tone=Tone::Warn text=guard.waiting />
                    <Notice tone=Tone::Error text=guard.trouble />
                    <div class="skeleton" hidden=is_settled>
                        <p class="visually-hidden" role="status">
                            "Loading…"
                        </p>
                        <div></div>
                        <div></div>
                        <div></div>
                    </div>
                    <Cards desk />
                </section>
            </div>
            <aside class="stack" aria-label="Your account">
                <Elsewhere desk />
                <section class="card stack" aria-labelledby="change-title">
                    <h2 id="change-title">"Your password"</h2>
                    <p class="muted">"If somebody else may know it, choose another one."</p>
                    <p>
                        <a class="btn" href="/password">
                            "Change your password"
                        </a>
                    </p>
                </section>
            </aside>
        </div>
        <Questions desk />
    }
}
