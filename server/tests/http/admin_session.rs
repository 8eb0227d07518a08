//! The page of one session.

use axum::http::header;
use jotward::lifecycle::AccessLifetime;
use jotward::store::{Db, Origin};
use jotward::token::SessionId;

use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const HOME: Caller = Caller::new("203.0.113.7", FIREFOX);

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("text").to_owned()
}

async fn page(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.get(path, &[(header::COOKIE, cookie)]).await
}

async fn page_of(app: &TestApp, cookie: &str, token: &str) -> String {
    let path = format!("/admin/sessions/{}/", sid(token));
    let answer = page(app, cookie, &path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.seen()
}

#[track_caller]
fn assert_has(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
}

on_both_databases! {
    async fn a_live_session_says_what_works_and_for_how_long(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        app.wait(86);
        let page = page_of(&app, &cookie, &refresh).await;
        assert_has(&page, &[
            "Session of alice",
            "This session is live: 1 refresh token and 1 access token work; the access token dies in 214 s, the refresh token in 1 d.",
            "Firefox 140 on Linux · desktop",
            "203.0.113.7 · 203.0.113.0/24",
            "Opened by a login",
            "works, 214 s left",
            "End this session",
        ]);
        assert!(!page.contains("the session you are working in"));
        let page = self::page(&app, &cookie, &format!("/admin/sessions/{}/", sid(&access))).await.body;
        let user = app.user("alice").await.user_id();
        assert!(page.contains(&format!("href=\"/admin/users/{user}/\"")), "{page}");
        assert_eq!(page.matches("/blacklist/\"").count(), 2);
    }
}

on_both_databases! {
    async fn a_theft_is_told_in_the_tree_and_in_the_timeline(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, _) = HOME.logs_in(&app, "alice").await;
        app.wait(200);
        let second = HOME.goes_on(&app, &first).await;
        assert_eq!(HOME.goes_on(&app, &first).await, second, "answered again");
        let page = page_of(&app, &cookie, &first).await;
        assert_has(&page, &[
            "rotated, answered again for 61 s",
            "For 61 s more, the refresh token before the current one is answered with the same tokens again",
        ]);
        app.wait(200);
        let away = HOME.at("198.51.100.4");
        let third = away.goes_on(&app, &second).await;
        app.wait(5);
        let thief = away.with("curl/8.5.0");
        assert_eq!(thief.refreshes(&app, &second).await.status, 401);
        app.wait(180);

        let page = page_of(&app, &cookie, &third).await;
        assert_has(&page, &[
            "Ended 3 min ago because a spent refresh token came back from another device. Nothing of it works any more.",
            "ended: token used twice",
            "Note the spent refresh token, from another device",
            "another network, before that 203.0.113.7",
            "answered again once",
            "came back 3 min ago from another device, which ended the session",
            "A spent refresh token came back: the spent refresh token, from another device; generation 2 is current",
            "198.51.100.4 · curl 8",
            "Refreshed from another network: 198.51.100.4, before that 203.0.113.7",
            "Answered again with the same tokens, of generation 1",
            "Ended: token used twice",
            "No token of this session works.",
        ]);
        let came_back = page.find("came back 3 min ago").expect("there");
        let generations = ["Generation 0 refresh", "Generation 1 refresh", "Generation 2 refresh"].map(|line| page.find(line).expect("a line"));
        assert!(generations[1] < came_back && came_back < generations[2], "at the token that came back");
        assert!(!page.contains("End this session"));
    }
}

on_both_databases! {
    async fn what_outlives_an_end_is_said(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        assert_eq!(app.blacklist(&refresh).await.status, 200);
        app.wait(60);
        assert_eq!(app.verify(&access).await.status, 200);
        let page = page_of(&app, &cookie, &refresh).await;
        assert_has(&page, &[
            "Ended 1 min ago because its user signed out. But 1 access token goes on for up to 240 s, because IMMEDIATE_REVOCATION is off.",
            "works, 240 s left",
        ]);
        let body = self::page(&app, &cookie, &format!("/admin/sessions/{}/", sid(&access))).await.body;
        let link = body.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.ends_with("/blacklist/"));
        let row = link.and_then(|link| link.split('/').nth(3)).and_then(|id| id.parse().ok()).expect("a row");
        let actor = jotward::lifecycle::Actor { name: "admin".into(), note: String::new(), origin: Origin::default() };
        app.state.blacklist(jotward::store::TokenId(row), &actor).await.expect("done");
        assert_eq!(app.verify(&access).await.status, 401);
        assert_has(&page_of(&app, &cookie, &refresh).await, &["Nothing of it works any more."]);
    }
}

on_both_databases! {
    async fn a_blacklisted_access_token_says_who_and_why(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let id = sid(&access);
        let body = page(&app, &cookie, &format!("/admin/sessions/{id}/")).await.body;
        let jti = claims(&access)["jti"].as_str().expect("text").to_owned();
        let before = body.split(&format!("aria-label=\"Blacklist token {jti}\"")).next().expect("text");
        let link = before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link");
        app.post_form(link, &cookie, &[("reason", "pasted <here>")]).await;
        app.wait(30);
        let page = page_of(&app, &cookie, &refresh).await;
        assert_has(&page, &[
            "This session is live: 1 refresh token works; it dies in 1 d.",
            "blacklisted by admin",
            "pasted &lt;here&gt;",
            &format!("The access token {jti} was blacklisted by admin"),
        ]);
        assert_eq!(page.matches("was blacklisted").count(), 1, "told once: {page}");
    }
}

on_both_databases! {
    async fn a_page_can_follow_its_session_until_that_is_over(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let path = format!("/admin/sessions/{}/", sid(&refresh));
        let still = page(&app, &cookie, &path).await;
        assert_eq!(still.header("refresh"), "");
        assert!(still.body.contains(&format!("href=\"{path}?live=1\"")));
        let live = format!("{path}?live=1");
        let followed = page(&app, &cookie, &live).await;
        assert_eq!(followed.header("refresh"), "5");
        assert_has(&followed.seen(), &["every 5 seconds", "Stop following"]);
        app.blacklist(&refresh).await;
        let over = page(&app, &cookie, &live).await;
        assert_eq!(over.header("refresh"), "");
        assert_has(&over.seen(), &["does not reload itself any more"]);
    }
}

on_both_databases! {
    async fn the_session_one_works_in_is_named(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = cookie.split_once('=').expect("a value").1;
        assert_has(&page_of(&app, &cookie, token).await, &[
            "This is the session you are working in.",
            "1 admin token works; it dies in 8 h.",
        ]);
    }
}

on_both_databases! {
    async fn what_is_no_session_is_not_there(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let unknown = SessionId::at(START).to_string();
        for id in [unknown.as_str(), "nonsense", "%00", "%ff"] {
            let answer = page(&app, &cookie, &format!("/admin/sessions/{id}/")).await;
            assert_eq!(answer.status, 404, "{id}");
        }
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let path = format!("/admin/sessions/{}/", sid(&refresh));
        assert_eq!(app.get(&path, &[]).await.status, 303, "staff only");
        for odd in ["generation=x", "generation=-1", "generation=99999999999999999999", "generation=7&live=yes"] {
            assert_eq!(page(&app, &cookie, &format!("{path}?{odd}")).await.status, 200, "{odd}");
        }
    }
}

on_both_databases! {
    async fn a_long_session_is_shown_in_parts(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (mut refresh, _) = HOME.logs_in(&app, "alice").await;
        let origin = |n: i64| Origin {
            // Somebody on a train: another network every time is the longest page there is.
            ip: format!("203.0.{}.7", n % 250),
            user_agent: FIREFOX.replace("140.0", &format!("{n}.0")),
            ..Origin::default()
        };
        for n in 1..=120 {
            app.wait(60);
            let refreshed = app.state.refresh(&refresh, AccessLifetime::FULL, &origin(n)).await.expect("refreshed");
            refresh = refreshed.refresh.expect("rotated");
        }
        let path = format!("/admin/sessions/{}/", sid(&refresh));
        let newest = page(&app, &cookie, &path).await;
        assert!(newest.body.len() < 60_000, "{} bytes", newest.body.len());
        let read = newest.seen();
        assert_has(&read, &["Generations 71 to 120 of 0 to 120", "Generation 120 refresh", "Generation 71 refresh"]);
        assert!(!read.contains("Generation 70 refresh"), "{read}");
        assert!(newest.body.contains("?generation=70#family"));
        let middle = page(&app, &cookie, &format!("{path}?generation=70")).await;
        assert_has(&middle.seen(), &["Generations 21 to 70", "This session is live: 1 refresh token and 5 access tokens work"]);
        let oldest = page(&app, &cookie, &format!("{path}?generation=20")).await;
        assert_has(&oldest.seen(), &["Generations 0 to 20", "Generation 0 refresh"]);
        assert!(oldest.body.contains("?generation=70#family") && !oldest.body.contains("rel=\"next\""));
        // From one page to the next, too, a move is noticed.
        assert_has(&middle.seen(), &["another network, before that 203.0.20.7"]);
    }
}

on_both_databases! {
    async fn a_page_takes_four_questions(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let path = format!("/admin/sessions/{}/", sid(&refresh));
        let (answer, asked) = crate::tree::counting(page(&app, &cookie, &path)).await;
        assert_eq!(answer.status, 200);
        let (_, guard) = crate::tree::counting(page(&app, &cookie, "/admin/explain/")).await;
        if matches!(app.store().db(), Db::Postgres(_)) {
            assert_eq!(asked - guard, 4);
        }
    }
}
