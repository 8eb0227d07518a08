//! Which page is which [`Page`], as whole documents. Only the server makes documents; the browser's modules have no use
//! for the pages they do not wake.

use leptos::prelude::*;

use super::{home, lab, login, not_found, password, register, sessions, users};
use crate::Page;
use crate::ui::document::{Document, Head, Offer, Site};

impl Page {
    /// Whether something in the page comes alive in the browser.
    #[must_use]
    pub fn has_island(self) -> bool {
        self.head().module.is_some()
    }

    fn head(self) -> Head {
        match self {
            Page::Home => home::HEAD,
            Page::Login => login::HEAD,
            Page::Register => register::HEAD,
            Page::Users => users::HEAD,
            Page::Sessions => sessions::HEAD,
            Page::Lab => lab::HEAD,
            Page::Password => password::HEAD,
            Page::NotFound => not_found::HEAD,
        }
    }
}

/// The document of `page`.
pub fn document(page: Page, site: Site) -> impl IntoView {
    let body = match page {
        Page::Home => home::Home().into_any(),
        Page::Login => {
            let Offer {
                registration,
                tokens,
                ..
            } = site.offer;
            view! { <login::Login registration tokens /> }.into_any()
        }
        Page::Register => view! { <register::Register tokens=site.offer.tokens /> }.into_any(),
        Page::Users => users::Users().into_any(),
        Page::Sessions => sessions::Sessions().into_any(),
        Page::Lab => {
            let longest = site.offer.access_lifetime;
            view! { <lab::Lab longest /> }.into_any()
        }
        Page::Password => password::Password().into_any(),
        Page::NotFound => not_found::NotFound().into_any(),
    };
    view! { <Document head=page.head() site>{body}</Document> }
}
