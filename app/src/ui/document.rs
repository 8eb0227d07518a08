//! The HTML document around a page: head, bar, main landmark, footer.
//! Nothing inline but the script that wakes islands, and that only on pages which have one.

use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;

use super::topbar::top_bar;

/// A WASM module with its script: the islands of some of the pages. Three small ones, and not one for all, because most
/// people see two pages, and wait for what they load.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Module {
    /// Signing in, and the list of users.
    Door,
    /// What one does with one's own account.
    Desk,
    /// The lab.
    Lab,
}

/// The names the modules and their scripts have in this build, without ending: `/pkg/<name>.js` and `/pkg/<name>.wasm`.
#[derive(Clone, Debug)]
pub struct ModuleNames {
    /// Of [`Module::Door`].
    pub door: String,
    /// Of [`Module::Desk`].
    pub desk: String,
    /// Of [`Module::Lab`].
    pub lab: String,
}

/// What pages depend on: the files of this build, and what this server offers.
#[derive(Clone, Debug)]
pub struct Site {
    /// The modules.
    pub modules: ModuleNames,
    /// Where the stylesheet is, below the root of the site: no slash in front.
    pub style: String,
    /// Where the icon is, below the root of the site: no slash in front.
    pub favicon: String,
    /// What this server offers.
    pub offer: Offer,
}

/// What a server offers, as far as pages depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Whether strangers may become users.
    pub registration: Registration,
    /// Where pages that sign somebody in keep the refresh token.
    pub tokens: TokenPlace,
    /// How long access tokens live at most, in seconds.
    pub access_lifetime: i64,
}

impl Offer {
    /// Nothing: for pages that lead nowhere.
    pub const NOTHING: Self = Self {
        registration: Registration::Closed,
        tokens: TokenPlace::Storage,
        access_lifetime: 0,
    };
}

/// Where pages that sign somebody in keep the refresh token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenPlace {
    /// In the browser's storage, where script can read it.
    Storage,
    /// In a cookie that no script can read.
    Cookie,
}

/// Whether strangers may become users.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Registration {
    /// They may, at `/register`.
    Open,
    /// Only an administrator adds users; `/register` is not there.
    Closed,
}

impl ModuleNames {
    fn name(self, module: Module) -> String {
        match module {
            Module::Door => self.door,
            Module::Desk => self.desk,
            Module::Lab => self.lab,
        }
    }
}

/// What a document says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The title, without the product's name.
    pub title: &'static str,
    /// One sentence for search engines and link previews.
    pub description: &'static str,
    /// The address of the page in the bar, where it is one of them.
    pub path: &'static str,
    /// The module with the page's islands; a page without one has no script at all.
    pub module: Option<Module>,
}

/// A whole document around `children`, which become the main landmark.
#[component]
pub fn Document(
    /// What the document says about itself.
    head: Head,
    /// The files of this build.
    site: Site,
    /// The page.
    children: Children,
) -> impl IntoView {
    let title = format!("{} · Jotward", head.title);
    let style = format!("/{}", site.style);
    let favicon = format!("/{}", site.favicon);
    let options = head.module.map(|module| {
        LeptosOptions::builder()
            .output_name(site.modules.name(module))
            .site_pkg_dir("pkg")
            .build()
    });
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <meta name="description" content=head.description />
                <link rel="icon" type="image/svg+xml" href=favicon />
                <link rel="stylesheet" href=style />
                {options.map(|options| view! { <HydrationScripts options islands=true /> })}
            </head>
            <body>
                <a class="skip-link" href="#main">
                    "Skip to the content"
                </a>
                {top_bar(head.path)}
                <main class="page" id="main" tabindex="-1">
                    {children()}
                </main>
                <footer class="footer">
                    <p>
                        <span class="muted">"Jotward keeps sessions. Passwords and tokens are never logged."</span>
                    </p>
                </footer>
            </body>
        </html>
    }
}
