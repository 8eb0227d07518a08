//! The admin's list of sessions: what is found by which search and filter, in which order, page by page, and as a file.

use axum::http::header;
use jotward::store::Seen;
use jotward::token::SessionId;
use serde_json::{Value, json};

use crate::admin_lists::link;
use crate::conformance::sign;
use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new(
    "2001:db8:1:2::9",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
);

async fn get(app: &TestApp, cookie: &str, query: &str) -> Answer {
    let path = format!("/admin/sessions/{query}");
    app.get(&path, &[(header::COOKIE, cookie)]).await
}

/// The ids of the sessions on a page, in its order.
fn ids(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.body);
    let rows = page.body.split_once("<tbody>").map_or("", |(_, rows)| rows);
    let links = rows.split("href=\"/admin/sessions/").skip(1);
    let ids = links.filter_map(|rest| rest.split_once("/\"").map(|(id, _)| id.to_owned()));
    ids.filter(|id| id.len() == 36).collect()
}

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("text").to_owned()
}

on_both_databases! {
    async fn a_session_is_found_by_who_and_where_and_what(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (alice, access) = OFFICE.logs_in(&app, "alice").await;
        app.wait(60);
        let (_, own) = HOME.logs_in(&app, "admin").await;
        app.state.hand_on().await;
        let (office, home) = (sid(&access), sid(&own));
        let jti = claims(&access)["jti"].as_str().expect("text").to_owned();

        assert_eq!(ids(&get(&app, &cookie, "").await).len(), 3, "the admin's own is one");
        for query in [
            "?q=ALI", "?q=alice@example.com", "?q=alice@", &format!("?q={office}"), &format!("?q={}", office.to_uppercase()),
            &format!("?q={jti}"), "?q=203.0.113.7", "?q=203.0.113.0/24", "?address=203.0.0.0/8", "?q=alice&status=live",
            "?q=alice&type=client", "?q=alice&address=203.0.113.9", "?address=203.0.113.7&type=client",
        ] {
            assert_eq!(ids(&get(&app, &cookie, query).await), [office.as_str()], "{query}");
        }
        assert_eq!(ids(&get(&app, &cookie, "?q=2001:db8::/32").await), [home.as_str()]);
        assert_eq!(ids(&get(&app, &cookie, "?q=2001:db8:1:2::1").await), [home.as_str()], "by its network");
        let admins = ids(&get(&app, &cookie, "?type=admin").await);
        assert!(admins.len() == 1 && !admins.contains(&home), "{admins:?}");
        for query in ["?q=nobody", "?q=2001:db8:2::/48", "?q=alice&status=ended", "?reason=reuse", "?q=bob", "?user=77", "?device=x",
                      "?from=2027-01-16", "?until=2027-01-14", "?q=alice&user=1"] {
            let page = get(&app, &cookie, query).await;
            assert_eq!(ids(&page), Vec::<String>::new(), "{query}");
            assert!(page.body.contains("0 sessions"), "{query}");
        }
        assert_eq!(ids(&get(&app, &cookie, "?from=2027-01-15&until=2027-01-15&q=alice").await), [office.as_str()]);

        app.blacklist(&alice).await;
        for query in ["?status=ended", "?reason=logout", "?q=alice&reason=logout", "?sort=ended"] {
            let page = get(&app, &cookie, query).await;
            assert_eq!(ids(&page), [office.as_str()], "{query}");
            assert!(page.body.contains("ended: signed out"), "{query}");
        }
    }
}

on_both_databases! {
    async fn a_session_of_another_issuer_is_none_of_the_admin(database) {
        let app = TestApp::new(database, &["--adopt-foreign-tokens=true"]).await;
        let cookie = app.admin_cookie("admin").await;
        let foreign = json!({"token_type": "refresh", "exp": START + 3600, "iat": START, "jti": "f0f0", "user_id": "2"});
        let foreign = sign(&json!({"alg": "HS256", "typ": "JWT"}), &foreign);
        // It is opened to be ended; no access token was ever issued in it.
        assert_eq!(app.blacklist(&foreign).await.status, 200);
        assert_eq!(ids(&get(&app, &cookie, "?type=client&q=alice").await).len(), 1);
        assert_eq!(ids(&get(&app, &cookie, "?type=admin").await).len(), 1, "that of who looks");
    }
}

on_both_databases! {
    async fn sessions_that_wander_hide_no_other(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let mut seen = Vec::new();
        let at = |access: &str, network: String| Seen {
            session: SessionId::parse(&sid(access)).expect("an id"),
            at: START,
            ip: network.replace("0/24", "1"),
            network,
            country: String::new(),
        };
        for wanderer in 0..3 {
            let (_, access) = HOME.logs_in(&app, "alice").await;
            // As many networks as are kept of a session; its own is one of them.
            seen.extend((0..190).map(|n| at(&access, format!("10.{wanderer}.{n}.0/24"))));
        }
        let (_, access) = HOME.logs_in(&app, "alice").await;
        seen.push(at(&access, "10.200.0.0/24".to_owned()));
        let noted = app.store().write(move |tx| Box::pin(async move { tx.note_seen(&seen).await }));
        noted.await.expect("noted");
        let found = ids(&get(&app, &cookie, "?address=10.0.0.0/8").await);
        assert_eq!(found.len(), 4);
        assert!(found.contains(&sid(&access)));
    }
}

on_both_databases! {
    async fn what_can_not_be_read_shows_nothing_and_says_so(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for (query, wrong) in [
            ("?address=10.0.0", "neither an address nor a block"),
            ("?status=alive", "none of the choices"),
            ("?reason=x", "none of the choices"),
            ("?user=alice", "not a number"),
            ("?from=15.1.2027", "not a day"),
        ] {
            let page = get(&app, &cookie, query).await;
            assert_eq!(page.status, 400, "{query}");
            assert!(page.body.contains(wrong) && page.body.contains("aria-invalid=\"true\""), "{query}: {}", page.body);
            assert!(!page.body.contains("<table"), "{query}");
            assert_eq!(get(&app, &cookie, &format!("export.csv{query}")).await.status, 400, "{query}");
        }
        // A place nobody can be at is no place.
        assert_eq!(ids(&get(&app, &cookie, "?sort=nonsense&dir=up").await).len(), 1);
    }
}

on_both_databases! {
    async fn pages_follow_each_other_in_every_order(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let mut opened = Vec::new();
        for n in 0..120 {
            let (_, access) = OFFICE.logs_in(&app, "alice").await;
            opened.push(sid(&access));
            app.wait(n % 2);
        }
        opened.sort();
        opened.reverse();
        for (query, upwards) in [("?q=alice", false), ("?q=alice&dir=asc", true), ("?type=client&sort=expires&dir=asc", true)] {
            let (mut page, mut seen, mut pages) = (get(&app, &cookie, query).await, Vec::new(), 1);
            let first = ids(&page);
            assert_eq!(first.len(), 50);
            assert!(page.body.contains("120 sessions"), "{query}");
            loop {
                seen.extend(ids(&page));
                if !page.body.contains("Next →") {
                    break;
                }
                let next = link(&page, "Next →");
                page = app.get(&next, &[(header::COOKIE, &cookie)]).await;
                pages += 1;
            }
            if upwards {
                seen.reverse();
            }
            assert_eq!((seen.as_slice(), pages), (opened.as_slice(), 3), "{query}");
            for _ in 1..pages {
                let prev = link(&page, "← Previous");
                page = app.get(&prev, &[(header::COOKIE, &cookie)]).await;
            }
            assert_eq!(ids(&page), first, "{query}");
        }
    }
}

on_both_databases! {
    async fn a_list_is_a_file_too(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let caller = Caller::new("203.0.113.7", "=cmd|' /C calc'!A0");
        for _ in 0..3 {
            caller.logs_in(&app, "alice").await;
        }
        let answer = get(&app, &cookie, "export.json?q=alice").await;
        let rows: Value = serde_json::from_str(&answer.body).expect("JSON");
        let rows = rows.as_array().expect("an array");
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0]["username"], "alice");
        assert_eq!(rows[0]["opened_at"], "2027-01-15T08:00:00Z");
        assert_eq!(answer.header("content-type"), "application/json");

        let answer = get(&app, &cookie, "export.csv?q=alice").await;
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"jotward-sessions.csv\"");
        let lines: Vec<_> = answer.body.split("\r\n").collect();
        assert_eq!(lines.len(), 5, "a head, three rows, and the end: {lines:?}");
        assert!(lines[0].starts_with("id,user_id,username,opened_at"), "{}", lines[0]);
        assert!(!answer.body.contains(",=cmd"), "no formula: {}", answer.body);
        let nothing = get(&app, &cookie, "export.json?q=nobody").await;
        assert_eq!(nothing.json(), serde_json::json!([]));
        assert_eq!(get(&app, &cookie, "export.xml").await.status, 404);
    }
}
