//! `/register`: the form that makes somebody a user, where registration is open. Whoever registered is signed in, too.
//!
//! What a password must be is said before one is typed; nothing stands in the way of pasting one (WCAG 2.2, 3.3.8).

mod form;

use leptos::prelude::*;

use super::keeping;
use crate::client;
use crate::ui::document::{Head, Module, TokenPlace};
use crate::ui::field::{Asks, Field};
use crate::ui::notice::{Asleep, Notice, Tone};
use form::{Form, sign_up};

pub const HEAD: Head = Head {
    title: "Create an account",
    description: "Create an account with Jotward.",
    path: "/register",
    module: Some(Module::Desk),
};

const USERNAME: Asks = Asks {
    name: "username",
    label: "Username",
    kind: "text",
    autocomplete: "username",
    hint: "Letters, digits and characters of @ . + - _",
};
const EMAIL: Asks = Asks {
    name: "email",
    label: "E-mail address",
    kind: "email",
    autocomplete: "email",
    hint: "Whoever has an account here can see it.",
};
const PASSWORD: Asks = Asks {
    name: "password",
    label: "Password",
    kind: "password",
    autocomplete: "new-password",
    hint: super::password::RULE,
};

/// The page.
#[component]
pub fn Register(
    /// Where the refresh token is kept.
    tokens: TokenPlace,
) -> impl IntoView {
    view! {
        <div class="login-card card stack" id=keeping::mark(tokens)>
            <h1 class="page__title">"Create an account"</h1>
            <noscript>
                <p class="notice notice--warn">"Creating an account here needs JavaScript and WebAssembly."</p>
            </noscript>
            <SignUp />
            <p>"Have an account already? " <a href="/login">"Sign in"</a> "."</p>
        </div>
    }
}

/// The living part of the page.
#[island]
fn SignUp() -> impl IntoView {
    let form = Form::new();
    Effect::new(move || {
        if !client::can_keep() {
            form.trouble.set(
                "This browser does not let pages keep anything, so nobody can stay signed in here."
                    .to_owned(),
            );
        }
        form.is_alive.set(true);
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if form.is_alive.get_untracked() && !form.is_busy.get_untracked() {
            leptos::task::spawn_local(sign_up(form));
        }
    };
    let is_busy = move || form.is_busy.get().to_string();
    let is_waiting = move || !form.is_alive.get() || form.is_busy.get();
    view! {
        <Asleep alive=form.is_alive />
        <form
            class="stack"
            method="post"
            action="/register"
            novalidate
            aria-label="Create an account"
            aria-busy=is_busy
            on:submit=on_submit
        >
            <Notice tone=Tone::Error text=form.trouble />
            <Field asks=USERNAME input=form.username error=form.wrong_username />
            <Field asks=EMAIL input=form.email error=form.wrong_email />
            <Field asks=PASSWORD input=form.password error=form.wrong_password />
            <button class="btn btn--primary btn--wide" type="submit" disabled=is_waiting>
                "Create the account"
            </button>
        </form>
    }
}
