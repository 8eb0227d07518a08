//! What the browser runs: the WASM client, its pages and the types of the HTTP API.
//!
//! Every page is complete HTML, rendered by the server (`document`); where it has to act, an island in it wakes
//! up in the browser. This crate knows no SQL and no axum, and only [`client`] knows the browser's storage and fetch.

// A browser's module has the islands of some pages, and no documents: it uses a part of what pages share.
#![cfg_attr(
    not(feature = "ssr"),
    expect(dead_code, reason = "each module uses a part")
)]
// A view's type is as deep as its elements are nested, and a page is one type.
#![recursion_limit = "256"]

pub mod api;
mod browser;
pub mod client;
#[cfg(feature = "lab")]
mod lab;
mod pages;
pub mod ui;

#[cfg(feature = "ssr")]
use std::sync::Arc;

#[cfg(feature = "ssr")]
use leptos::nonce::Nonce;
#[cfg(feature = "ssr")]
use leptos::prelude::*;

pub use ui::document::{Head, Module, ModuleNames, Offer, Registration, Site, TokenPlace};

/// The pages this crate renders. Each has a route of its own; going from one to another is a plain page load.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Page {
    /// `/`: what this is, and where to go from here.
    Home,
    /// `/login`: the form, or why the last session ended.
    Login,
    /// `/register`: the form that makes somebody a user; where registration is closed it is to be answered as not there.
    Register,
    /// `/users`: the protected list.
    Users,
    /// `/sessions`: where one is signed in, and what was noticed.
    Sessions,
    /// `/lab`: refresh tokens, tried out against this server.
    Lab,
    /// `/password`: another password.
    Password,
    /// Any address nobody answers.
    NotFound,
}

/// A page as a whole HTML document. Pages without an island ask for no script at all.
#[cfg(feature = "ssr")]
#[must_use]
pub fn document(page: Page, site: Site) -> impl IntoView {
    pages::document(page, site)
}

/// A document around what the server made itself; it has no script, whatever `head` says of a module.
#[cfg(feature = "ssr")]
#[must_use]
pub fn around(head: Head, site: Site, content: AnyView) -> String {
    let head = Head {
        module: None,
        ..head
    };
    Owner::new().with(|| {
        let document =
            view! { <ui::document::Document head site>{content}</ui::document::Document> };
        document.into_view().to_html()
    })
}

/// A page as a browser gets it.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rendered {
    /// The document.
    pub html: String,
    /// The one-time word its script carries, to be named in its policy (CSP Level 3); `None` if it has no script.
    pub nonce: Option<String>,
}

/// Renders `page`. Nothing in a page waits for anything, so this needs no executor, and adds no script of its own.
#[cfg(feature = "ssr")]
#[must_use]
pub fn render(page: Page, site: Site) -> Rendered {
    // What an island is given as its children is told apart by this context.
    let context = Arc::new(hydration_context::SsrSharedContext::new_islands());
    Owner::new_root(Some(context)).with(|| {
        let nonce = Nonce::new();
        provide_context(nonce.clone());
        Rendered {
            html: document(page, site).into_view().to_html(),
            nonce: page.has_island().then(|| nonce.to_string()),
        }
    })
}
