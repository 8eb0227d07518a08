//! The bar on top of every page: the brand and the ways to the other pages.
//! It is plain HTML and the same for everybody; who is signed in is a matter of the page below.

use leptos::prelude::*;

const LINKS: [(&str, &str); 6] = [
    ("/", "Home"),
    ("/users", "Users"),
    ("/sessions", "Sessions"),
    ("/lab", "Lab"),
    ("/login", "Sign in"),
    ("/admin/", "Admin"),
];

/// The bar; the link that leads to `path`, the address of the page being shown, is marked as the current one.
#[must_use]
pub fn top_bar(path: &'static str) -> impl IntoView {
    view! {
        <header class="topbar">
            <a class="topbar__brand" href="/">
                <Mark />
                "Jotward"
            </a>
            <nav class="topbar__nav" aria-label="Main">
                {LINKS
                    .map(|(href, label)| {
                        view! {
                            <a href=href aria-current=(href == path).then_some("page")>
                                {label}
                            </a>
                        }
                    })
                    .to_vec()}
            </nav>
        </header>
    }
}

/// The logo: a ward (the notched bow of a key) around a jot (the dot).
#[must_use]
#[expect(non_snake_case, reason = "views use it as a component")]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
            <path
                class="mark__ward"
                d="M16 3 27 7v8c0 7-4.6 11.6-11 14C9.6 26.6 5 22 5 15V7z"
                fill="none"
                stroke-width="2.5"
                stroke-linejoin="round"
            />
            <circle class="mark__jot" cx="16" cy="11" r="2.6" />
            <path class="mark__stem" d="M16 16v6.5" fill="none" stroke-width="3" stroke-linecap="round" />
        </svg>
    }
}
