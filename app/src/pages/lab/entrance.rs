//! The way into the lab: a login like any other, but its session belongs to the lab alone.
//! The password stays in this page's memory, because every scene signs in anew.

use leptos::html::Input;
use leptos::prelude::*;

use super::bench::Bench;
use crate::ui::field::{CURRENT_PASSWORD, Field, USERNAME};
use crate::ui::notice::{Notice, Tone};

/// The form, while nobody is in.
#[component]
pub fn Entrance(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let (username, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let (no_username, no_password) = (RwSignal::default(), RwSignal::default());
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let [name, secret] = [username, password].map(|input| {
            let input = input.get_untracked();
            input.map(|input| input.value()).unwrap_or_default()
        });
        let missing = |text: &str, said: &str| match text {
            "" => said.to_owned(),
            _ => String::new(),
        };
        no_username.set(missing(&name, "Please enter your username."));
        no_password.set(missing(&secret, "Please enter your password."));
        let first = if name.is_empty() { username } else { password };
        if name.is_empty() || secret.is_empty() {
            if let Some(input) = first.get_untracked() {
                let _ = input.focus(); // an input that can not be focused is not there any more
            }
        } else if bench.is_alive.get_untracked() && !bench.is_entering.get_untracked() {
            bench.enter(name, secret);
        }
    };
    let is_waiting = move || !bench.is_alive.get() || bench.is_entering.get();
    let is_in = move || bench.is_open.get();
    view! {
        <form
            class="card stack lab__live"
            method="post"
            action="/lab"
            novalidate
            aria-label="Sign in to the lab"
            hidden=is_in
            on:submit=on_submit
        >
            <p>
                "Sign in, choose a scene, and play it. Afterwards every arrow and every card can be opened."
            </p>
            <p>
                "Sign in with an account of this server: every scene opens a real session of its own, which ends when you play the next scene or leave. \
                 A server started with " <code>"--demo"</code> " has " <code>"alice"</code> " with the password "
                <code>"alice-demo-pass"</code> "."
            </p>
            <Notice tone=Tone::Error text=bench.trouble />
            <div class="search">
                <Field asks=USERNAME input=username error=no_username />
                <Field asks=CURRENT_PASSWORD input=password error=no_password />
                <button class="btn btn--primary" type="submit" disabled=is_waiting>
                    "Enter the lab"
                </button>
            </div>
            <p class="muted">
                "The password is kept in this page's memory until you leave, and nowhere else. \
                 Your own session in this browser is not touched."
            </p>
        </form>
    }
}
