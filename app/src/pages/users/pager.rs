//! Finding users among many: the search, and the way from page to page. Both ask only when somebody presses a button.

use leptos::prelude::*;

use super::desk::Desk;

/// The search.
#[component]
pub fn Search(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.find();
    };
    let is_closed = move || !desk.guard.is_open.get();
    view! {
        <form class="search" role="search" method="get" action="/users" on:submit=on_submit>
            <div class="field">
                <label for="search">"Name or e-mail address begins with"</label>
                <input
                    id="search"
                    type="search"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="254"
                    node_ref=desk.search
                />
            </div>
            <button class="btn" type="submit" disabled=is_closed>
                "Search"
            </button>
        </form>
    }
}

/// The way to the pages before and after this one; hidden where there is one page.
#[component]
pub fn Pager(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let words = move || {
        desk.users.with(|users| {
            let users = users.as_deref().unwrap_or_default();
            desk.part
                .with(|part| part.words(users, desk.has_more.get()))
        })
    };
    // Not disabled: that would take the focus away from who goes through the pages.
    let is_first = move || desk.part.with(super::part::Part::is_first);
    let is_last = move || !desk.has_more.get();
    let is_only = move || is_first() && is_last();
    view! {
        <nav class="pager" aria-label="Pages of users" hidden=is_only>
            <button
                class="btn"
                type="button"
                aria-disabled=move || is_first().to_string()
                on:click=move |_| desk.previous()
            >
                "Previous"
            </button>
            <p role="status" data-testid="part">
                {words}
            </p>
            <button
                class="btn"
                type="button"
                aria-disabled=move || is_last().to_string()
                on:click=move |_| desk.next()
            >
                "Next"
            </button>
        </nav>
    }
}
