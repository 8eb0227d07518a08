//! `/login`: the form.

use leptos::html::Input;
use leptos::prelude::*;

use crate::ui::document::Head;
use crate::ui::field::{Asks, Field};

pub const HEAD: Head = Head {
    title: "Sign in",
    description: "Sign in to Jotward.",
    path: "/login",
    has_island: true,
};

/// The page.
#[component]
pub fn Login() -> impl IntoView {
    view! {
        <div class="login-card card stack">
            <h1 class="page__title">"Sign in"</h1>
            <LoginForm />
        </div>
    }
}

#[island]
fn LoginForm() -> impl IntoView {
    let username = NodeRef::<Input>::new();
    let error = RwSignal::new(None);
    view! {
        <form method="post" action="/login">
            <Field
                asks=Asks { name: "username", label: "Username", kind: "text", autocomplete: "username" }
                input=username
                error
            />
        </form>
    }
}
