//! `/login`: the form, why the last session ended, and whether there is a session already.
//!
//! Until the island is alive the form can be filled in but not sent, so a password never travels by any way but the
//! token client's.

mod already;
mod form;

use leptos::prelude::*;

use super::keeping;
use crate::ui::document::{Head, Module, Registration, TokenPlace};
use already::Already;
use form::{Credentials, Trouble, sign_in};

use crate::browser;
use crate::client::{self, Ending};
use crate::ui::field::{CURRENT_PASSWORD, Field, USERNAME};
use crate::ui::notice::{Asleep, Notice, Tone};

pub const HEAD: Head = Head {
    title: "Sign in",
    description: "Sign in to Jotward.",
    path: "/login",
    module: Some(Module::Door),
};

/// The page.
#[component]
pub fn Login(
    /// Whether there is a way to an account.
    registration: Registration,
    /// Where the refresh token is kept.
    tokens: TokenPlace,
) -> impl IntoView {
    let invitation = (registration == Registration::Open).then(|| {
        view! {
            <p>"No account yet? " <a href="/register">"Create one"</a> "."</p>
        }
    });
    view! {
        <div class="login-card card stack" id=keeping::mark(tokens)>
            <h1 class="page__title">"Sign in"</h1>
            <noscript>
                <p class="notice notice--warn">
                    "Signing in here needs JavaScript and WebAssembly. The " <a href="/admin/">"administration"</a>
                    " works without."
                </p>
            </noscript>
            <SignIn />
            {invitation}
        </div>
    }
}

/// The living part of the page.
#[island]
fn SignIn() -> impl IntoView {
    let credentials = Credentials::new();
    let trouble = Trouble::new();
    let signed_in_as = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let alive = RwSignal::new(false);
    let busy = RwSignal::new(false);

    Effect::new(move || {
        let look = move || {
            signed_in_as
                .set(client::session().map_or_else(String::new, |session| session.username));
        };
        client::watch(move |_| look());
        look();
        reason.set(reason_in(&browser::query()));
        if !client::can_keep() {
            trouble.say(
                "This browser does not let pages keep anything, so nobody can stay signed in here.",
            );
        }
        alive.set(true);
    });

    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if alive.get_untracked() && !busy.get_untracked() {
            leptos::task::spawn_local(sign_in(credentials, trouble, busy));
        }
    };

    let is_busy = move || busy.get().to_string();
    let is_waiting = move || !alive.get() || busy.get();
    let is_needless = move || signed_in_as.with(|name| !name.is_empty());
    let label = move || {
        let label = if busy.get() {
            "Signing in…"
        } else {
            "Sign in"
        };
        label.to_owned()
    };

    view! {
        <Notice tone=Tone::Info text=reason />
        <Asleep alive />
        <Already signed_in_as />
        <form
            class="stack"
            method="post"
            action="/login"
            novalidate
            aria-label="Sign in"
            aria-busy=is_busy
            hidden=is_needless
            on:submit=on_submit
        >
            <Notice tone=Tone::Error text=trouble.general />
            <Field asks=USERNAME input=credentials.username error=trouble.username />
            <Field asks=CURRENT_PASSWORD input=credentials.password error=trouble.password />
            <label class="check">
                <input type="checkbox" name="remember" node_ref=credentials.remember />
                "Keep me signed in on this device"
            </label>
            <button class="btn btn--primary btn--wide" type="submit" disabled=is_waiting>
                {label}
            </button>
        </form>
    }
}

fn reason_in(query: &str) -> String {
    let word = client::query_value(query, "reason");
    word.map_or("", |word| Ending::from_word(&word).sentence())
        .to_owned()
}
