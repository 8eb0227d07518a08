//! `/users`: the protected list, and the session it is read with.
//!
//! The page asks when it is opened and when somebody presses a button, never by itself: a renewal keeps a session
//! alive, and that is for a person to do.

mod desk;
mod pager;
mod part;
mod session_card;
mod table;

use leptos::prelude::*;

use super::end_of_session::EndOfSession;
use crate::ui::document::{Head, Module};
use crate::ui::notice::{Asleep, Notice, Tone};
use desk::Desk;
use pager::{Pager, Search};
use session_card::SessionCard;
use table::Listing;

pub const HEAD: Head = Head {
    title: "Users",
    description: "The protected list of users, and the session it is read with.",
    path: "/users",
    module: Some(Module::Door),
};

/// The page.
#[component]
pub fn Users() -> impl IntoView {
    view! {
        <h1 class="page__title">"Users"</h1>
        <noscript>
            <p class="notice notice--warn">
                "This list is read with a token your browser keeps, which needs JavaScript and WebAssembly. The "
                <a href="/admin/">"administration"</a> " works without."
            </p>
        </noscript>
        <UserDesk />
        <EndOfSession />
    }
}

/// The living part of the page.
#[island]
fn UserDesk() -> impl IntoView {
    let desk = Desk::new();
    Effect::new(move || desk.open());
    let is_waiting = move || !desk.guard.is_open.get() || desk.guard.is_busy.get();
    let is_busy = move || desk.guard.is_busy.get().to_string();

    view! {
        <Asleep alive=desk.guard.is_alive />
        <div class="split">
            <section class="stack" aria-labelledby="list-title" aria-busy=is_busy>
                <div class="row">
                    <h2 id="list-title">"Everybody with an account"</h2>
                    <button class="btn" type="button" disabled=is_waiting on:click=move |_| desk.reload()>
                        "Reload"
                    </button>
                </div>
                <Search desk />
                <Notice tone=Tone::Warn text=desk.guard.waiting />
                <Notice tone=Tone::Error text=desk.guard.trouble />
                <Pager desk />
                <Listing desk />
            </section>
            <aside class="stack" aria-label="Your session">
                <SessionCard desk />
                <section class="card stack" aria-labelledby="five-title">
                    <h2 id="five-title">"One renewal for all"</h2>
                    <p class="muted">
                        "Asks for the list five times at the same moment. If the access token has run out, \
                         the five share one renewal."
                    </p>
                    <p>
                        <button class="btn" type="button" disabled=is_waiting on:click=move |_| desk.call_five_times()>
                            "Five calls at once"
                        </button>
                    </p>
                    <p role="status" data-testid="five-result">
                        {desk.five}
                    </p>
                </section>
            </aside>
        </div>
    }
}
