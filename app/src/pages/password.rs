//! `/password`: another password for whoever knows the present one. The session it is done in goes on; the others end
//! unless the person says otherwise (OWASP ASVS 5.0, 7.4.3).

mod desk;

use leptos::prelude::*;

use super::end_of_session::EndOfSession;
use crate::ui::document::{Head, Module};
use crate::ui::field::{Asks, Field};
use crate::ui::notice::{Asleep, Notice, Tone};
use desk::Desk;

pub const HEAD: Head = Head {
    title: "Change your password",
    description: "Choose another password.",
    path: "/password",
    module: Some(Module::Desk),
};

/// The shortest password the server takes, in characters.
const SHORTEST: usize = 8;

/// What a password must be, said before one is chosen.
pub const RULE: &str = "At least 8 characters. A sentence of your own is good; spaces count.";

const CURRENT: Asks = Asks {
    name: "current",
    label: "Current password",
    kind: "password",
    autocomplete: "current-password",
    hint: "",
};
const NEW: Asks = Asks {
    name: "new",
    label: "New password",
    kind: "password",
    autocomplete: "new-password",
    hint: RULE,
};

/// What is wrong with a password that somebody chooses; empty where nothing is.
pub fn objection(password: &str) -> String {
    let sentence = match password.chars().count() {
        0 => "Please choose a password.",
        1..SHORTEST => "This password is too short. It needs at least 8 characters.",
        _ => "",
    };
    sentence.to_owned()
}

/// The page.
#[component]
pub fn Password() -> impl IntoView {
    view! {
        <div class="login-card card stack">
            <h1 class="page__title">"Change your password"</h1>
            <noscript>
                <p class="notice notice--warn">"Changing it here needs JavaScript and WebAssembly."</p>
            </noscript>
            <PasswordDesk />
            <p>
                <a href="/sessions">"Back to my sessions"</a>
            </p>
        </div>
        <EndOfSession />
    }
}

/// The living part of the page.
#[island]
fn PasswordDesk() -> impl IntoView {
    let desk = Desk::new();
    let guard = desk.guard;
    Effect::new(move || desk.open());
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.change();
    };
    let is_closed = move || !guard.is_open.get();
    let is_busy = move || guard.is_busy.get().to_string();
    view! {
        <Asleep alive=guard.is_alive />
        <form
            class="stack"
            method="post"
            action="/password"
            novalidate
            aria-label="Change your password"
            aria-busy=is_busy
            on:submit=on_submit
        >
            <Notice tone=Tone::Done text=desk.done />
            <Notice tone=Tone::Error text=guard.trouble />
            // For password managers, which then know whose password it is.
            <input type="text" name="username" autocomplete="username" hidden node_ref=desk.username />
            <Field asks=CURRENT input=desk.current error=desk.wrong_current />
            <Field asks=NEW input=desk.new error=desk.wrong_new />
            <label class="check">
                <input type="checkbox" name="others" checked node_ref=desk.others />
                "Sign out my other devices"
            </label>
            <button class="btn btn--primary btn--wide" type="submit" disabled=is_closed aria-disabled=is_busy>
                "Change the password"
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_measured_in_characters() {
        assert!(!objection("").is_empty());
        assert!(!objection("1234567").is_empty());
        assert_eq!(objection("12345678"), "");
        assert_eq!(objection("пароль-1"), "");
        assert!(RULE.contains(&SHORTEST.to_string()));
    }
}
