//! `/login`: the form, why the last session ended, and whether there is a session already.
//!
//! Until the island is alive the form can be filled in but not sent, so a password never travels by any way but the
//! token client's.

mod already;
mod form;

use leptos::prelude::*;

use crate::ui::document::Head;
use already::Already;
use form::{Credentials, Trouble, sign_in};

use crate::browser;
use crate::client::{self, Ending};
use crate::ui::field::{Asks, Field};
use crate::ui::notice::{Notice, Tone};

pub const HEAD: Head = Head {
    title: "Sign in",
    description: "Sign in to Jotward.",
    path: "/login",
    has_island: true,
};

const USERNAME: Asks = Asks {
    name: "username",
    label: "Username",
    kind: "text",
    autocomplete: "username",
};
const PASSWORD: Asks = Asks {
    name: "password",
    label: "Password",
    kind: "password",
    autocomplete: "current-password",
};

/// The page.
#[component]
pub fn Login() -> impl IntoView {
    view! {
        <div class="login-card card stack">
            <h1 class="page__title">"Sign in"</h1>
            <noscript>
                <p class="notice notice--warn">
                    "Signing in here needs JavaScript and WebAssembly. The " <a href="/admin/">"administration"</a>
                    " works without."
                </p>
            </noscript>
            <SignIn />
        </div>
    }
}

/// The living part of the page.
#[island]
fn SignIn() -> impl IntoView {
    let credentials = Credentials::new();
    let trouble = Trouble::new();
    let signed_in_as = RwSignal::new(None::<String>);
    let reason = RwSignal::new(None::<String>);
    let alive = RwSignal::new(false);
    let busy = RwSignal::new(false);

    Effect::new(move || {
        let look = move || signed_in_as.set(client::session().map(|session| session.username));
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

    view! {
        <Notice tone=Tone::Info text=reason />
        <Already signed_in_as />
        <form
            class="stack"
            method="post"
            action="/login"
            novalidate
            aria-label="Sign in"
            aria-busy=move || busy.get().to_string()
            hidden=move || signed_in_as.with(Option::is_some)
            on:submit=on_submit
        >
            <Notice tone=Tone::Error text=trouble.general />
            <Field asks=USERNAME input=credentials.username error=trouble.username />
            <Field asks=PASSWORD input=credentials.password error=trouble.password />
            <label class="check">
                <input type="checkbox" name="remember" node_ref=credentials.remember />
                "Keep me signed in on this device"
            </label>
            <button class="btn btn--primary btn--wide" type="submit" disabled=move || !alive.get() || busy.get()>
                {move || if busy.get() { "Signing in…" } else { "Sign in" }}
            </button>
        </form>
    }
}

fn reason_in(query: &str) -> Option<String> {
    let word = client::query_value(query, "reason")?;
    let sentence = Ending::from_word(&word).sentence();
    (!sentence.is_empty()).then(|| sentence.to_owned())
}
