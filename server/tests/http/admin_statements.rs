//! What a page of the admin costs: a few statements and a page of HTML, however much is on record. A new page is a new line in
//! [`PAGES`].

use axum::http::header;
use jotward::demo_data::{Scope, fill};
use jotward::store::{Direction, Store};

use crate::harness::statements::{counted, log_all};
use crate::harness::{Database, START, TestApp, on_both_databases};

/// How many statements a page may take, who asks included.
const STATEMENTS: usize = 5;

/// How many bytes of HTML it may have.
const BYTES: usize = 60_000;

/// Every page that is asked for with `GET`, its filters and its sorts. What stands in braces is taken from what is on record.
const PAGES: &[&str] = &[
    "/admin/outstanding/",
    "/admin/outstanding/?before={token}",
    "/admin/outstanding/?after={token}",
    "/admin/outstanding/?q={username}",
    "/admin/outstanding/?q={jti}",
    "/admin/outstanding/?q=nothing-like-it",
    "/admin/outstanding/{token}/blacklist/",
    "/admin/sessions/{session}/end/",
    "/admin/blacklisted/",
    "/admin/blacklisted/?q={username}",
    "/admin/blacklisted/?q=admin",
    "/admin/api-tokens/",
    "/admin/api-tokens/?q={username}",
    "/admin/api-tokens/{user}/reset/",
];

/// What stands for what is in braces.
async fn on_record(store: &Store) -> Vec<(&'static str, String)> {
    let found = store
        .outstanding("", Direction::Newest)
        .await
        .expect("a page");
    // Somebody who can be looked for, in the middle of the page.
    let is_live = |row: &&jotward::store::OutstandingRow| {
        row.token_type == "access" && row.ended_at.is_none() && row.username.is_some()
    };
    let row = found
        .rows
        .iter()
        .skip(10)
        .find(is_live)
        .expect("a live session");
    let (user, _) = store
        .api_tokens("", Direction::Newest)
        .await
        .expect("a page")
        .edges(|row| row.user_id.to_string());
    let user = user.unwrap_or_else(|| "1".to_owned());
    vec![
        ("{token}", row.id.to_string()),
        ("{jti}", row.jti.clone()),
        ("{session}", row.session_id.clone()),
        ("{username}", row.username.clone().unwrap_or_default()),
        ("{user}", user),
    ]
}

on_both_databases! {
    async fn every_page_takes_few_statements(database) {
        let app = TestApp::new(filled(database).await, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        log_all(app.store()).await;
        let (_, asked) = counted(app.store(), app.store().ping()).await;
        assert_eq!(asked.len(), 1, "what is asked is counted: {asked:?}");
        let on_record = on_record(app.store()).await;
        let mut most = 0;
        for page in PAGES {
            let path = on_record.iter().fold((*page).to_owned(), |path, (name, value)| path.replace(name, value));
            let (answer, statements) = counted(app.store(), app.get(&path, &[(header::COOKIE, &cookie)])).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(statements.len() <= STATEMENTS, "{page} takes {}: {statements:#?}", statements.len());
            assert!(answer.body.len() <= BYTES, "{page} has {} bytes", answer.body.len());
            most = most.max(statements.len());
        }
        assert!(most > 1, "pages ask the database");
    }
}

/// A database with a past.
async fn filled(database: Database) -> Database {
    let settings = jotward::config::Settings::from_flags([""; 0]).expect("defaults");
    let scope = Scope::new(400, 1, START, &settings).expect("so many");
    fill(&database.store, scope, |_| ()).await.expect("filled");
    database
}
