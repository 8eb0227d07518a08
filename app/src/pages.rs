//! The pages, one a file, and which of them belongs to which [`Page`].
//! No page fetches anything by itself: what has to be asked for is asked through [`crate::client`].

mod home;
mod login;
mod not_found;
mod users;

use leptos::prelude::*;

use crate::Page;
use crate::ui::document::{Document, Site};

/// The document of `page`.
pub fn document(page: Page, site: Site) -> impl IntoView {
    let (head, body) = match page {
        Page::Home => (home::HEAD, home::Home().into_any()),
        Page::Login => (login::HEAD, login::Login().into_any()),
        Page::Users => (users::HEAD, users::Users().into_any()),
        Page::NotFound => (not_found::HEAD, not_found::NotFound().into_any()),
    };
    view! { <Document head site>{body}</Document> }
}
