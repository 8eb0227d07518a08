//! Any address nobody answers. Ships no script.

use leptos::prelude::*;

use crate::ui::document::Head;

pub const HEAD: Head = Head {
    title: "Not found",
    description: "There is no page at this address.",
    path: "",
    module: None,
};

/// The page.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <section class="empty stack">
            <h1 class="page__title">"There is no page here."</h1>
            <p>"The address may be misspelt, or the page has moved."</p>
            <p>
                <a class="btn btn--primary" href="/">
                    "Go to the home page"
                </a>
            </p>
        </section>
    }
}
