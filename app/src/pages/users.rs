//! `/users`: the protected list.

use leptos::prelude::*;

use crate::ui::document::Head;

pub const HEAD: Head = Head {
    title: "Users",
    description: "The protected list of users.",
    path: "/users",
    has_island: true,
};

/// The page.
#[component]
pub fn Users() -> impl IntoView {
    view! {
        <h1 class="page__title">"Users"</h1>
        <UserList />
    }
}

#[island]
fn UserList() -> impl IntoView {
    view! { <p>"Loading…"</p> }
}
