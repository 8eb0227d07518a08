//! Renders every page on the host and looks at what a browser would get.
#![cfg(feature = "ssr")]

use app::{Page, Site};
use leptos::nonce::provide_nonce;
use leptos::prelude::*;

fn html(page: Page) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_nonce();
        let site = Site {
            output_name: "jotward-0123".to_owned(),
            style: "style-4567.css".to_owned(),
            favicon: "favicon-89ab.svg".to_owned(),
        };
        app::document(page, site).into_view().to_html()
    })
}

#[test]
fn every_page_is_a_whole_document() {
    for page in [Page::Home, Page::Login, Page::Users, Page::NotFound] {
        let html = html(page);
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{page:?}"
        );
        assert!(html.ends_with("</html>"), "{page:?}");
        for part in [
            "<meta charset=\"utf-8\">",
            "width=device-width",
            "<meta name=\"color-scheme\" content=\"light dark\">",
            "href=\"/style-4567.css\"",
            "href=\"/favicon-89ab.svg\"",
            "href=\"#main\"",
            "<main id=\"main\"",
        ] {
            assert!(html.contains(part), "{page:?} lacks {part}");
        }
        assert_eq!(html.matches("<h1").count(), 1, "{page:?}");
        assert!(
            !html.contains(" style="),
            "the policy forbids inline styles: {page:?}"
        );
    }
}

#[test]
fn only_pages_with_an_island_ask_for_a_script() {
    for (page, has_island) in [
        (Page::Home, false),
        (Page::Login, true),
        (Page::Users, true),
        (Page::NotFound, false),
    ] {
        let html = html(page);
        assert_eq!(html.contains("<script"), has_island, "{page:?}");
        assert_eq!(html.contains("<leptos-island"), has_island, "{page:?}");
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script type=\"module\" nonce=").count()
        );
    }
}

#[test]
fn the_bar_marks_the_page_being_shown() {
    assert!(html(Page::Users).contains("<a href=\"/users\" aria-current=\"page\">"));
    assert!(!html(Page::NotFound).contains("aria-current"));
}
