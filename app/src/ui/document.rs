//! The HTML document around a page: head, bar, main landmark, footer.
//! Nothing inline but the script that wakes islands, and that only on pages which have one.

use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;

use super::topbar::top_bar;

/// The files of this build that every page refers to.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name the script and the WASM module share, without ending: `/pkg/<output_name>.js`.
    pub output_name: String,
    /// Where the stylesheet is, below the root of the site: no slash in front.
    pub style: String,
    /// Where the icon is, below the root of the site: no slash in front.
    pub favicon: String,
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
    /// Whether the page has an island, and so needs the script.
    pub has_island: bool,
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
    let options = head.has_island.then(|| {
        LeptosOptions::builder()
            .output_name(site.output_name)
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
