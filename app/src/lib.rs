//! What the browser runs: the WASM client, its pages and the types of the HTTP API.
//!
//! Every page is complete HTML, rendered by the server ([`document`]); where it has to act, an island in it wakes
//! up in the browser. This crate knows no SQL and no axum, and only [`client`] knows the browser's storage and fetch.

// A view's type is as deep as its elements are nested, and a page is one type.
#![recursion_limit = "256"]

pub mod api;
mod browser;
pub mod client;
mod pages;
pub mod ui;

use leptos::prelude::*;

pub use ui::document::Site;

/// The pages this crate renders. Each has a route of its own; going from one to another is a plain page load.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Page {
    /// `/`: what this is, and where to go from here.
    Home,
    /// `/login`: the form, or why the last session ended.
    Login,
    /// `/users`: the protected list.
    Users,
    /// Any address nobody answers.
    NotFound,
}

/// A page as a whole HTML document. Pages without an island ask for no script at all.
#[must_use]
pub fn document(page: Page, site: Site) -> impl IntoView {
    pages::document(page, site)
}
