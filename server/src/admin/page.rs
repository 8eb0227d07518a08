//! The document around every page of the admin.

use axum::response::Html;
use leptos::prelude::*;

use super::Admin;
use crate::site::admin_style_paths;

/// What the bar leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Section {
    /// How things are.
    Overview,
    /// Logins, and all that descends from each.
    Sessions,
    /// Tokens that were issued.
    Outstanding,
    /// Tokens that must not be used again.
    Blacklisted,
    /// Who may log in.
    Users,
    /// What they open sessions on.
    Devices,
    /// What happened, and who did it.
    Events,
    /// Users who have an API token.
    ApiTokens,
    /// What a token says, and whether it holds.
    Explain,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Overview,
        Self::Sessions,
        Self::Outstanding,
        Self::Blacklisted,
        Self::Users,
        Self::Devices,
        Self::Events,
        Self::ApiTokens,
        Self::Explain,
    ];

    /// Its address.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/admin/",
            Self::Sessions => "/admin/sessions/",
            Self::Outstanding => "/admin/outstanding/",
            Self::Blacklisted => "/admin/blacklisted/",
            Self::Users => "/admin/users/",
            Self::Devices => "/admin/devices/",
            Self::Events => "/admin/events/",
            Self::ApiTokens => "/admin/api-tokens/",
            Self::Explain => "/admin/explain/",
        }
    }

    /// Its name in the bar.
    fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Sessions => "Sessions",
            Self::Outstanding => "Outstanding",
            Self::Blacklisted => "Blacklisted",
            Self::Users => "Users",
            Self::Devices => "Devices",
            Self::Events => "Events",
            Self::ApiTokens => "API tokens",
            Self::Explain => "Explain a token",
        }
    }

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Outstanding => "Outstanding tokens",
            Self::Blacklisted => "Blacklisted tokens",
            other => other.label(),
        }
    }
}

/// A whole document. Without an `admin` the bar shows no lists.
pub fn document(
    title: &str,
    admin: Option<&Admin>,
    current: Option<Section>,
    content: impl IntoView + 'static,
) -> Html<String> {
    let title = format!("{title} · Jotward admin");
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{title}</title>
                <link rel="icon" type="image/svg+xml" href=crate::site::favicon_path() />
                {admin_style_paths().map(|href| view! { <link rel="stylesheet" href=href /> }).into_iter().collect_view()}
            </head>
            <body class="admin">
                <a class="skip-link" href="#main">"Skip to the content"</a>
                {bar(admin, current)}
                <main class="page" id="main" tabindex="-1">{content}</main>
            </body>
        </html>
    };
    Html(document.to_html())
}

fn bar(admin: Option<&Admin>, current: Option<Section>) -> impl IntoView + use<> {
    let links = admin.map(|_| {
        Section::ALL.map(|section| {
            let here = (current == Some(section)).then_some("page");
            view! { <a href=section.path() aria-current=here>{section.label()}</a> }
        })
    });
    // Nothing is in it: where there is little room it shows the links beside it, elsewhere they are always there.
    let menu = admin.map(|_| {
        view! {
            <details class="topbar__menu">
                <summary>"Menu"</summary>
            </details>
        }
    });
    view! {
        <header class="topbar">
            <a class="topbar__brand" href="/admin/">
                <app::ui::topbar::Mark />
                "Jotward admin"
            </a>
            {menu}
            {admin.map(log_out)}
            <nav class="topbar__nav" aria-label="Admin">
                {links.map(|links| links.into_iter().collect_view())}
                <a href="/">"Site"</a>
            </nav>
        </header>
    }
}

fn log_out(admin: &Admin) -> impl IntoView + use<> {
    let name = admin.user.username.clone();
    let own_session = format!("/admin/sessions/{}/", admin.session);
    view! {
        <form class="row" method="post" action="/admin/logout/">
            <span class="muted">"Signed in as " <a href=own_session title="Your session">{name}</a></span>
            <button class="btn btn--quiet btn--small">"Sign out"</button>
        </form>
    }
}
