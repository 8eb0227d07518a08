//! Renders every page on the host and looks at what a browser would get.
#![cfg(feature = "ssr")]

use app::{ModuleNames, Offer, Page, Registration, Rendered, Site, TokenPlace, render};

const ALL: [Page; 8] = [
    Page::Home,
    Page::Login,
    Page::Register,
    Page::Users,
    Page::Sessions,
    Page::Lab,
    Page::Password,
    Page::NotFound,
];

fn rendered(page: Page) -> Rendered {
    rendered_where(Registration::Open, page)
}

fn rendered_where(registration: Registration, page: Page) -> Rendered {
    let site = Site {
        modules: ModuleNames {
            door: "door-0123".to_owned(),
            desk: "desk-0123".to_owned(),
            lab: "lab-0123".to_owned(),
        },
        style: "style-4567.css".to_owned(),
        favicon: "favicon-89ab.svg".to_owned(),
        offer: Offer {
            registration,
            tokens: TokenPlace::Cookie,
            access_lifetime: 300,
        },
    };
    render(page, site)
}

fn html(page: Page) -> String {
    rendered(page).html
}

#[test]
fn every_page_is_a_whole_document() {
    for page in ALL {
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
fn only_pages_with_an_island_have_a_script_and_it_carries_the_nonce() {
    for page in ALL {
        let Rendered { html, nonce } = rendered(page);
        let scripts = nonce.map_or(0, |nonce| {
            assert!(html.contains(&format!(r#"<script type="module" nonce="{nonce}">"#)));
            1
        });
        assert_eq!(html.matches("<script").count(), scripts, "{page:?}");
        let islands = html.matches("<leptos-island").count();
        assert_eq!(islands > 0, scripts > 0, "{page:?}");
    }
    assert!(rendered(Page::Login).nonce.is_some() && rendered(Page::Home).nonce.is_none());
    assert_ne!(rendered(Page::Login).nonce, rendered(Page::Login).nonce);
}

#[test]
fn a_script_loads_the_files_of_this_build() {
    for (page, module) in [
        (Page::Users, "door"),
        (Page::Sessions, "desk"),
        (Page::Lab, "lab"),
    ] {
        let html = html(page);
        for ending in ["js", "wasm"] {
            let address = format!(r#"href="/pkg/{module}-0123.{ending}""#);
            assert!(html.contains(&address), "{page:?} lacks {address}");
        }
    }
}

#[test]
fn the_login_form_can_be_filled_in_but_not_sent_before_it_is_alive() {
    let html = html(Page::Login);
    for part in [
        r#"<form method="post""#,
        r#"<label for="username">Username</label>"#,
        r#"autocomplete="username""#,
        r#"<label for="password">Password</label>"#,
        r#"type="password""#,
        r#"autocomplete="current-password""#,
        r#"aria-describedby="password-error""#,
        r#"type="checkbox" name="remember""#,
        "<noscript>",
    ] {
        assert!(html.contains(part), "no {part}");
    }
    let button = html
        .split("<button")
        .find(|tag| tag.contains(r#"type="submit""#));
    let tag = button.and_then(|button| button.split('>').next());
    assert!(tag.is_some_and(|tag| tag.contains("disabled")), "{tag:?}");
}

#[test]
fn the_way_to_an_account_is_shown_where_there_is_one() {
    let login = |registration| rendered_where(registration, Page::Login).html;
    assert!(login(Registration::Open).contains(r#"<a href="/register">"#));
    assert!(!login(Registration::Closed).contains("/register"));
}

#[test]
fn a_new_password_is_for_a_password_manager_to_choose_and_its_rule_is_said_beforehand() {
    for page in [Page::Register, Page::Password] {
        let html = html(page);
        let input = html
            .split("<input")
            .find(|tag| tag.contains(r#"autocomplete="new-password""#));
        let tag = input.and_then(|input| input.split('>').next());
        let tag = tag.unwrap_or_else(|| panic!("{page:?} has no such field"));
        assert!(tag.contains("-hint"), "{page:?}: {tag}");
        assert!(html.contains("At least 8 characters"), "{page:?}");
        assert!(!html.contains("onpaste"), "{page:?}");
    }
}

#[test]
fn the_users_page_says_that_it_loads_and_what_it_needs() {
    let html = html(Page::Users);
    for part in [
        "Loading…",
        "<noscript>",
        r#"role="timer""#,
        r#"aria-live="off""#,
    ] {
        assert!(html.contains(part), "no {part}");
    }
}

#[test]
fn the_sessions_page_says_that_it_loads_and_its_form_can_not_be_sent_before_it_is_alive() {
    let html = html(Page::Sessions);
    for part in [
        "Loading…",
        "<noscript>",
        r#"<label for="password">Password</label>"#,
        r#"autocomplete="current-password""#,
    ] {
        assert!(html.contains(part), "no {part}");
    }
    // What is in a dialog can not be seen before somebody is asked.
    let seen: String = html
        .split("<dialog")
        .map(|part| part.rsplit("</dialog>").next().unwrap_or_default())
        .collect();
    assert!(
        seen.split("<button").skip(1).all(|button| button
            .split('>')
            .next()
            .is_some_and(|tag| tag.contains("disabled") || tag.contains("hidden"))),
        "a button that does nothing yet is dead"
    );
}

#[test]
fn the_lab_reads_without_script_and_its_form_can_not_be_sent_before_it_is_alive() {
    let html = html(Page::Lab);
    assert_eq!(html.matches("What to expect").count(), 12);
    for part in [
        "<noscript>",
        r#"href="/lab/walk/""#,
        "A client in sixty lines",
        "async function call(path",
        "What rotation does not protect from",
        "rfc9700",
        r#"autocomplete="current-password""#,
    ] {
        assert!(html.contains(part), "no {part}");
    }
    assert!(
        html.split("<button").skip(1).all(|button| button
            .split('>')
            .next()
            .is_some_and(|tag| tag.contains("disabled"))),
        "a button that does nothing yet is dead"
    );
}

#[test]
fn the_bar_marks_the_page_being_shown() {
    assert!(html(Page::Users).contains("<a href=\"/users\" aria-current=\"page\">"));
    assert!(!html(Page::NotFound).contains("aria-current"));
}
