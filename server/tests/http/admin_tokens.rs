//! The admin's lists of outstanding and of blacklisted tokens: what is found by which search and filter, page by page, and
//! as a file.

use axum::http::header;
use jotward::lifecycle::Actor;
use jotward::store::{Origin, TokenId};
use serde_json::Value;

use crate::harness::{Answer, Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new("2001:db8:1:2::9", "curl/8.7.1");

async fn get(app: &TestApp, cookie: &str, path: &str) -> Answer {
    let path = format!("/admin/{path}");
    app.get(&path, &[(header::COOKIE, cookie)]).await
}

/// The names of the tokens on a page, in its order.
fn jtis(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.body);
    let cells = page.body.split("data-label=\"jti\"").skip(1);
    let titles = cells.filter_map(|cell| cell.split("title=\"").nth(1)?.split('"').next());
    titles.map(str::to_owned).collect()
}

fn jti(token: &str) -> String {
    claims(token)["jti"].as_str().expect("text").to_owned()
}

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("text").to_owned()
}

on_both_databases! {
    async fn a_token_is_found_by_who_and_where_and_what(database) {
        let app = TestApp::new(database, &["--admin-session-lifetime=20d"]).await;
        let cookie = app.admin_cookie("admin").await;
        let (spent, first) = OFFICE.logs_in(&app, "alice").await;
        app.wait(1);
        let renewed = OFFICE.refreshes(&app, &spent).await;
        let (current, second) = (renewed.text("refresh"), renewed.text("access"));
        app.wait(400);
        let (other, third) = HOME.logs_in(&app, "admin").await;
        app.state.hand_on().await;
        let device = app.store().session_facts(jotward::token::SessionId::parse(&sid(&first)).expect("an id"), 0).await.expect("read").expect("there");
        assert_eq!(device.live_tokens, 3);
        let names = |tokens: &[&str]| tokens.iter().map(|token| jti(token)).collect::<Vec<_>>();
        let alices = names(&[&second, &current, &first, &spent]);
        let admins = names(&[&third, &other]);

        assert_eq!(jtis(&get(&app, &cookie, "outstanding/").await).len(), 7, "the admin's own is one");
        for (query, expected) in [
            ("?q=ali".to_owned(), alices.clone()),
            ("?q=alice@example.com".to_owned(), alices.clone()),
            (format!("?q={}", sid(&first)), alices.clone()),
            (format!("?session={}", sid(&first)), alices.clone()),
            (format!("?q={}", jti(&spent).to_uppercase()), names(&[&spent])),
            ("?q=203.0.113.7".to_owned(), alices.clone()),
            ("?q=203.0.113.8".to_owned(), vec![]),
            ("?address=203.0.113.0/24".to_owned(), alices.clone()),
            ("?address=2001:db8::/32".to_owned(), admins.clone()),
            ("?q=alice&address=2001:db8::/32".to_owned(), vec![]),
            ("?q=alice&type=refresh".to_owned(), names(&[&current, &spent])),
            ("?type=refresh".to_owned(), names(&[&other, &current, &spent])),
            ("?q=alice&status=live".to_owned(), names(&[&current])),
            ("?q=alice&status=rotated".to_owned(), names(&[&spent])),
            ("?q=alice&status=expired".to_owned(), names(&[&second, &first])),
            ("?status=blacklisted".to_owned(), vec![]),
            ("?status=ended".to_owned(), vec![]),
            ("?sort=expires&dir=asc&type=access".to_owned(), names(&[&first, &second, &third])),
            ("?user=1&type=access".to_owned(), names(&[&third])),
            ("?q=nobody".to_owned(), vec![]),
            ("?device=none".to_owned(), vec![]),
        ] {
            let page = get(&app, &cookie, &format!("outstanding/{query}")).await;
            assert_eq!(jtis(&page), expected, "{query}");
        }
        assert_eq!(jtis(&get(&app, &cookie, "outstanding/?type=admin").await).len(), 1);

        app.blacklist(&current).await;
        let ended = jtis(&get(&app, &cookie, "outstanding/?reason=logout").await);
        assert_eq!(ended, alices);
        assert_eq!(jtis(&get(&app, &cookie, "outstanding/?q=alice&status=ended").await), names(&[&second, &current, &first]));
    }
}

on_both_databases! {
    async fn a_blacklisted_token_is_found_by_why_and_by_whom(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (spent, access) = OFFICE.logs_in(&app, "alice").await;
        app.wait(1);
        let renewed = OFFICE.refreshes(&app, &spent).await;
        let row = app.outstanding(&jti(&access)).await.remove(0);
        let actor = Actor { name: "admin".into(), note: "seen in a log".into(), origin: Origin::default() };
        app.state.blacklist(TokenId(row.id), &actor).await.expect("done");
        app.wait(1);
        let (other, last) = HOME.logs_in(&app, "admin").await;
        app.blacklist(&other).await;
        app.state.hand_on().await;
        let names = |tokens: &[&str]| tokens.iter().map(|token| jti(token)).collect::<Vec<_>>();

        for (query, expected) in [
            (String::new(), vec![]),
            ("?reason=rotated".to_owned(), names(&[&spent])),
            ("?status=rotated".to_owned(), names(&[&spent])),
            ("?status=revoked&type=access".to_owned(), names(&[&last, &access])),
            ("?reason=admin".to_owned(), names(&[&access])),
            ("?actor=admin".to_owned(), names(&[&access])),
            ("?q=alice".to_owned(), names(&[&access, &spent])),
            ("?q=alice&reason=admin".to_owned(), names(&[&access])),
            ("?q=alice&status=rotated".to_owned(), names(&[&spent])),
            (format!("?q={}", sid(&last)), names(&[&last, &other])),
            (format!("?q={}", jti(&spent)), names(&[&spent])),
            ("?address=2001:db8::/32&type=refresh".to_owned(), names(&[&other])),
            ("?q=203.0.113.0/24".to_owned(), names(&[&access, &spent])),
            ("?type=refresh&sort=issued&dir=asc".to_owned(), names(&[&spent, &other])),
            ("?from=2027-01-16".to_owned(), vec![]),
            ("?until=2027-01-15&reason=admin".to_owned(), names(&[&access])),
            (format!("?q={}", jti(&renewed.text("access"))), vec![]),
        ] {
            let page = get(&app, &cookie, &format!("blacklisted/{query}")).await;
            if query.is_empty() {
                assert_eq!(jtis(&page).len(), 4);
                assert!(page.body.contains("4 tokens"));
            } else {
                assert_eq!(jtis(&page), expected, "{query}");
            }
        }
        let page = get(&app, &cookie, "blacklisted/?actor=admin").await;
        assert!(page.body.contains("revoked by admin") && page.body.contains("seen in a log"));
    }
}

on_both_databases! {
    async fn a_wrong_filter_shows_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for list in ["outstanding", "blacklisted"] {
            for query in ["address=10.0.0", "status=alive", "type=x", "reason=x", "user=alice", "from=1", "until=2027-13-01"] {
                let page = get(&app, &cookie, &format!("{list}/?{query}")).await;
                assert_eq!(page.status, 400, "{list} {query}");
                assert!(page.body.contains("aria-invalid=\"true\"") && !page.body.contains("<table"), "{list} {query}");
                assert_eq!(get(&app, &cookie, &format!("{list}/export.json?{query}")).await.status, 400);
            }
        }
    }
}

on_both_databases! {
    async fn both_lists_are_files_too(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = OFFICE.logs_in(&app, "alice").await;
        app.blacklist(&refresh).await;
        for list in ["outstanding", "blacklisted"] {
            let answer = get(&app, &cookie, &format!("{list}/export.json?q=alice")).await;
            let rows: Value = serde_json::from_str(&answer.body).expect("JSON");
            assert_eq!(rows.as_array().expect("an array").len(), 2, "{list}");
            assert_eq!(rows[0]["blacklisted_at"], "2027-01-15T08:00:00Z");
            assert!(!answer.body.contains("sha256"));
            let answer = get(&app, &cookie, &format!("{list}/export.csv?q=alice")).await;
            assert_eq!(answer.body.lines().count(), 3, "{}", answer.body);
        }
    }
}
