//! The list itself, in all its states: on its way, there, empty, failed.

use leptos::prelude::*;

use crate::api::ListedUser;

/// The list, or what stands in its place.
#[component]
pub fn Listing(
    /// The list, once there is one.
    users: RwSignal<Option<Vec<ListedUser>>>,
    /// Why there is none, if that is known.
    failed: RwSignal<Option<String>>,
) -> impl IntoView {
    let is_loading = move || users.with(Option::is_none) && failed.with(Option::is_none);
    let is_empty = move || users.with(|users| users.as_ref().is_some_and(Vec::is_empty));
    let has_rows =
        move || users.with(|users| users.as_ref().is_some_and(|users| !users.is_empty()));
    let rows = move || {
        users
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(row)
            .collect_view()
    };
    view! {
        <div class="skeleton" hidden=move || !is_loading()>
            <p class="visually-hidden" role="status">
                "Loading…"
            </p>
            <div></div>
            <div></div>
            <div></div>
        </div>
        <p class="empty card" hidden=move || !is_empty()>
            "Nobody has an account yet."
        </p>
        <div class="table-wrap" hidden=move || !has_rows()>
            <table class="table">
                <caption class="visually-hidden">"Users by number"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"Username"</th>
                        <th scope="col">"E-mail"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(user: ListedUser) -> impl IntoView {
    view! {
        <tr>
            <td class="mono" data-label="Number">
                {user.id}
            </td>
            <th scope="row" data-label="Username">
                {user.username}
            </th>
            <td data-label="E-mail">{user.email}</td>
        </tr>
    }
}
