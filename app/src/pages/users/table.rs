//! The list itself, in all its states: on its way, there, empty, failed.

use leptos::prelude::*;

use super::desk::Desk;
use crate::api::ListedUser;

/// The list, or what stands in its place.
#[component]
pub fn Listing(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let (users, failed) = (desk.users, desk.guard.trouble);
    let nobody = move || {
        let is_search = desk.part.with(|part| !part.search.is_empty());
        if is_search {
            "Nobody's name or e-mail address begins so."
        } else {
            "Nobody has an account yet."
        }
    };
    let count = move || users.with(|users| users.as_ref().map(Vec::len));
    let is_settled = move || count().is_some() || failed.with(|why| !why.is_empty());
    let is_not_empty = move || count() != Some(0);
    let has_no_rows = move || count().unwrap_or_default() == 0;
    let rows = move || {
        users
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(row)
            .collect_view()
    };
    view! {
        <div class="skeleton" hidden=is_settled>
            <p class="visually-hidden" role="status">
                "Loading…"
            </p>
            <div></div>
            <div></div>
            <div></div>
        </div>
        <p class="empty card" role="status" hidden=is_not_empty>
            {nobody}
        </p>
        <div class="table-wrap" hidden=has_no_rows>
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
                {user.id.to_string()}
            </td>
            <th scope="row" data-label="Username">
                {user.username}
            </th>
            <td data-label="E-mail">{user.email}</td>
        </tr>
    }
}
