//! What a page of the admin costs: a few statements and a page of HTML, however much is on record. A new page is a new line in
//! [`PAGES`].

use axum::http::header;
use jotward::demo_data::{Scope, fill};
use jotward::store::{ApiTokenFilter, ListedApiToken, ListedToken, Part};

use crate::harness::statements::{counted, log_all};
use crate::harness::{Database, START, TestApp, on_both_databases};

/// How many statements a page may take, who asks included.
const STATEMENTS: usize = 5;

/// How many bytes of HTML it may have.
const BYTES: usize = 60_000;

/// Every page that is asked for with `GET`, its filters and its sorts. What stands in braces is taken from what is on record.
const PAGES: &[&str] = &[
    "/admin/",
    "/admin/sessions/",
    "/admin/sessions/?sort=opened&dir=asc",
    "/admin/sessions/?sort=expires",
    "/admin/sessions/?sort=ended",
    "/admin/sessions/?q={username}",
    "/admin/sessions/?q=a",
    "/admin/sessions/?q={username}@",
    "/admin/sessions/?q={session}",
    "/admin/sessions/?q={jti}",
    "/admin/sessions/?q={ip}",
    "/admin/sessions/?q=203.0.113.0/24",
    "/admin/sessions/?address=0.0.0.0/0",
    "/admin/sessions/?address=2001:db8::/32&status=ended",
    "/admin/sessions/?status=live",
    "/admin/sessions/?status=run-out",
    "/admin/sessions/?status=ended&reason=logout",
    "/admin/sessions/?reason=reuse",
    "/admin/sessions/?type=admin",
    "/admin/sessions/?user={user}",
    "/admin/sessions/?user={user}&status=live&address=0.0.0.0/0",
    "/admin/sessions/?from=2026-12-01&until=2027-01-01",
    "/admin/sessions/?revocation=1",
    "/admin/sessions/?q=nothing-like-it",
    "/admin/sessions/{session}/",
    "/admin/sessions/{session}/?live=1",
    "/admin/sessions/{session}/end/",
    "/admin/outstanding/",
    "/admin/outstanding/?sort=expires&dir=asc",
    "/admin/outstanding/?next={token}",
    "/admin/outstanding/?prev={token}",
    "/admin/outstanding/?q={username}",
    "/admin/outstanding/?q=a",
    "/admin/outstanding/?q={jti}",
    "/admin/outstanding/?q={session}",
    "/admin/outstanding/?q={ip}",
    "/admin/outstanding/?address=0.0.0.0/0&status=live",
    "/admin/outstanding/?q=abcdef0123",
    "/admin/outstanding/?status=live",
    "/admin/outstanding/?status=rotated",
    "/admin/outstanding/?status=blacklisted",
    "/admin/outstanding/?status=ended&reason=reuse",
    "/admin/outstanding/?type=admin",
    "/admin/outstanding/?user={user}&type=refresh&status=live",
    "/admin/outstanding/?q=nothing-like-it",
    "/admin/outstanding/{token}/blacklist/",
    "/admin/blacklisted/",
    "/admin/blacklisted/?sort=issued",
    "/admin/blacklisted/?status=revoked",
    "/admin/blacklisted/?reason=reuse",
    "/admin/blacklisted/?actor=admin",
    "/admin/blacklisted/?type=access&address=0.0.0.0/0",
    "/admin/blacklisted/?q={username}",
    "/admin/blacklisted/?q=a&reason=admin",
    "/admin/users/{user}/",
    "/admin/users/{user}/edit/",
    "/admin/users/{user}/password/",
    "/admin/users/{user}/deactivate/",
    "/admin/users/{user}/delete/",
    "/admin/users/new/",
    "/admin/explain/",
    "/admin/users/",
    "/admin/users/?sort=username&dir=asc",
    "/admin/users/?q={username}",
    "/admin/users/?q={ip}",
    "/admin/users/?status=shut-out",
    "/admin/users/?type=staff",
    "/admin/devices/",
    "/admin/devices/?sort=last",
    "/admin/devices/?q={username}",
    "/admin/devices/?address=0.0.0.0/0",
    "/admin/devices/?type=phone",
    "/admin/events/",
    "/admin/events/?dir=asc",
    "/admin/events/?q={username}",
    "/admin/events/?q={session}",
    "/admin/events/?q={ip}",
    "/admin/events/?address=0.0.0.0/0&kind=authn_login_fail",
    "/admin/events/?actor=admin",
    "/admin/events/?status=alarming",
    "/admin/events/?status=told&user={user}",
    "/admin/events/?kind=authn_token_reuse",
    "/admin/users/{user}/end-sessions/",
    "/admin/revoke/?status=live&reason=logout",
    "/admin/revoke/?q={username}",
    "/admin/revoke/?address=203.0.113.0/24&from=2027-01-01",
    "/admin/revoke/?id={session}",
    "/admin/revoke/?q=abcdef0123&address=203.0.113.0/24&from=2027-01-01",
    "/admin/revoke/?address=203.0.113.0/24&from=1970-01-01&type=client",
    "/admin/revoke/tokens/?q={username}&from=1970-01-01",
    "/admin/revoke/tokens/?q={jti}",
    "/admin/revoke/tokens/?q=abcdef0123&address=203.0.113.0/24&from=2027-01-01",
    "/admin/revoke/tokens/?address=203.0.113.0/24&from=1970-01-01&status=live",
    "/admin/revoke/tokens/?address={ip}&type=refresh",
    "/admin/revoke/tokens/?type=access",
    "/admin/revoke/tokens/?session={session}",
    "/admin/revoke/everyone/",
    "/admin/revocations/",
    "/admin/api-tokens/",
    "/admin/api-tokens/?q={username}",
    "/admin/api-tokens/{keyed}/reset/",
];

/// What stands for what is in braces.
async fn on_record(app: &TestApp) -> Vec<(&'static str, String)> {
    // Somebody who can be looked for, in the middle of a page.
    let found = app.outstanding("").await;
    let is_live = |row: &&ListedToken| {
        row.token_type == "access" && row.ended_at.is_none() && row.username.is_some()
    };
    let row = found.iter().skip(10).find(is_live).expect("a live session");
    let keyed = ApiTokenFilter::default();
    let order = keyed.orders()[0];
    let keyed = keyed.list(order).page(app.store(), &Part::First, 1).await;
    let keyed: Vec<ListedApiToken> = keyed.expect("a page").rows;
    let keyed = keyed.first().map(|row| row.user_id);
    vec![
        ("{token}", row.id.to_string()),
        ("{jti}", row.jti.clone()),
        ("{session}", row.session_id.clone()),
        ("{username}", row.username.clone().unwrap_or_default()),
        ("{user}", row.user_id.unwrap_or_default().to_string()),
        ("{ip}", row.ip.clone()),
        ("{keyed}", keyed.unwrap_or(1).to_string()),
    ]
}

on_both_databases! {
    async fn every_page_takes_few_statements(database) {
        let app = TestApp::new(filled(database).await, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        log_all(app.store()).await;
        let (_, asked) = counted(app.store(), app.store().ping()).await;
        assert_eq!(asked.len(), 1, "what is asked is counted: {asked:?}");
        let on_record = on_record(&app).await;
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
