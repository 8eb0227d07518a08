//! The admin's overview: what is counted, what needs attention, how much there is.

use axum::http::header;
use jotward::activity::{Counted, HOUR, Tally, hour_of};
use jotward::event::{Event, Kind};
use jotward::lifecycle::tidy;
use jotward::store::{Census, Lent, Outcome, StoreError};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const DAY: i64 = 24 * HOUR;

async fn overview(app: &TestApp, cookie: &str) -> Answer {
    let page = app.get("/admin/", &[(header::COOKIE, cookie)]).await;
    assert_eq!(page.status, 200, "{page:?}");
    page
}

/// What is on record of how much happened.
async fn counted(app: &TestApp) -> Vec<Tally> {
    app.store().activity_since(0).await.expect("read")
}

fn tally(what: Counted, count: i64) -> Tally {
    let hour = hour_of(START);
    Tally { hour, what, count }
}

async fn run(app: &TestApp, sql: String) {
    let done = app.store().write(move |tx| {
        Box::pin(async move {
            let sql = AssertSqlSafe(sql);
            let done = match tx.lent() {
                Lent::Sqlite(db) => sqlx::query(sql).execute(&mut **db).await.map(drop),
                Lent::Postgres(db) => sqlx::query(sql).execute(&mut **db).await.map(drop),
            };
            done.map_err(StoreError::from)
        })
    });
    done.await.expect("done");
}

on_both_databases! {
    async fn a_login_a_failure_a_refresh_and_a_reuse_are_counted(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        app.post("/api/token/", &json!({"username": "alice", "password": "wrong"})).await;
        app.post("/api/token/", &json!({"username": "nobody", "password": "wrong"})).await;
        let second = app.refresh(&first).await.text("refresh");
        assert_eq!(app.refresh(&first).await.status, 200, "a repetition is answered, and counts");
        let third = app.refresh(&second).await.text("refresh");
        assert_eq!(app.refresh(&first).await.status, 401);
        assert_eq!(app.refresh(&third).await.status, 401, "a refusal does not count");
        app.state.hand_on().await;
        let expected = [
            tally(Counted::FailedLogins, 2),
            tally(Counted::Logins, 1),
            tally(Counted::Refreshes, 3),
            tally(Counted::Reuse, 1),
        ];
        assert_eq!(counted(&app).await, expected);
        // The admin's own login is one, too.
        let cookie = app.admin_cookie("admin").await;
        app.state.hand_on().await;
        assert_eq!(counted(&app).await[1], tally(Counted::Logins, 2), "added to what is there");
        let page = overview(&app, &cookie).await.body;
        for sentence in [
            "2 logins since 15 Jan 2027, 08:00 UTC, when counting began, most from 08:00 UTC: 2.",
            "2 failed logins since 15 Jan 2027, 00:00 UTC, when counting began, most on 15 Jan: 2.",
            "3 refreshes since",
            "1 reuse of a spent token since",
            "Counted since 15 Jan 2027, 08:00 UTC.",
        ] {
            assert!(page.contains(sentence), "{sentence} in {page}");
        }
    }
}

on_both_databases! {
    async fn a_sliding_token_and_a_lone_one_count_as_well(database) {
        let app = TestApp::new(database, &[]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/token/sliding/", &credentials).await.text("token");
        assert_eq!(app.post("/api/token/sliding/refresh/", &json!({"token": token})).await.status, 200);
        app.state.hand_on().await;
        let expected = [tally(Counted::Logins, 1), tally(Counted::Refreshes, 1)];
        assert_eq!(counted(&app).await, expected);
        let user = json!({"user": {"email": "alice@example.com", "password": "alice-pass-1"}});
        let lone = app.post("/api/users/login", &user).await;
        let lone = lone.json()["user"]["token"].as_str().expect("a token").to_owned();
        app.wait(13 * HOUR);
        for _ in 0..2 {
            let renewed = app.get("/api/user", &[(header::AUTHORIZATION, &format!("Token {lone}"))]).await;
            assert_eq!(renewed.status, 200, "{renewed:?}");
        }
        app.state.hand_on().await;
        let now = hour_of(START) + 13;
        let at = |hour, what, count| Tally { hour, what, count };
        let later = [
            tally(Counted::Logins, 2),
            tally(Counted::Refreshes, 1),
            at(now, Counted::Logins, 0),
            at(now, Counted::Refreshes, 1),
        ];
        assert_eq!(counted(&app).await, later, "the same token again is none");
    }
}

on_both_databases! {
    async fn counts_go_after_a_fortnight_and_not_before(database) {
        let app = TestApp::new(database, &[]).await;
        app.log_in("alice").await;
        app.state.hand_on().await;
        app.wait(15 * DAY);
        app.state.hand_on().await;
        let tidied = tidy(app.store(), &app.state.settings, app.state.clock.now()).await.expect("done");
        assert_eq!((tidied.activity, counted(&app).await.len()), (0, 2));
        app.wait(HOUR);
        let tidied = tidy(app.store(), &app.state.settings, app.state.clock.now()).await.expect("done");
        assert_eq!((tidied.activity, counted(&app).await.len()), (1, 1));
    }
}

on_both_databases! {
    async fn what_can_not_be_handed_on_is_kept(database) {
        let app = TestApp::new(database, &[]).await;
        app.log_in("alice").await;
        run(&app, "alter table activity rename to elsewhere".into()).await;
        app.state.hand_on().await;
        app.log_in("alice").await;
        app.state.hand_on().await;
        run(&app, "alter table elsewhere rename to activity".into()).await;
        assert_eq!(counted(&app).await, []);
        app.state.hand_on().await;
        app.state.hand_on().await;
        assert_eq!(counted(&app).await, [tally(Counted::Logins, 2)]);
    }
}

mod a_database_that_is_silent_for_a_while {
    use super::*;
    use crate::proxy::Traffic;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn loses_no_count() {
        let (database, proxy) = Database::postgres_through_a_network().await;
        let app = TestApp::new(database, &[]).await;
        app.log_in("alice").await;
        proxy.set(Traffic::Stalls);
        app.state.hand_on().await;
        proxy.set(Traffic::Flows);
        assert_eq!(counted(&app).await, []);
        app.state.hand_on().await;
        assert_eq!(counted(&app).await, [tally(Counted::Logins, 1)]);
    }
}

on_both_databases! {
    async fn nothing_needs_attention_where_nothing_is_wrong(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("Nothing needs attention."), "{page}");
        assert!(page.contains("Nothing is counted yet."), "{page}");
        assert!(page.contains("not yet since it started"), "{page}");
        assert!(!page.contains("style="), "no style attribute");
        assert!(page.len() < 60_000, "{}", page.len());
    }
}

on_both_databases! {
    async fn a_theft_comes_first_and_leads_to_its_session_and_user(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        app.refresh(&second).await;
        let thief = Caller::new("203.0.113.9", "curl/8");
        assert_eq!(thief.refreshes(&app, &first).await.status, 401);
        app.state.note(Event::new(Kind::LoginFailMax, START).detail("37 refused")).await;
        let page = overview(&app, &cookie).await.body;
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
        let session = claims(&first)["sid"].as_str().expect("text").to_owned();
        assert!(place("A spent refresh token came back, once in the last 24 hours") < place("Logins came too fast and were refused"));
        for part in [
            "/admin/events/?kind=authn_token_reuse",
            &format!("/admin/sessions/{session}/"),
            "/admin/users/2/",
            "from 203.0.113.9",
            ", over",
            "37 refused",
        ] {
            place(part);
        }
        assert!(!page.contains("Nothing needs attention."));
        app.wait(DAY);
        assert!(!overview(&app, &app.admin_cookie("admin").await).await.body.contains("A spent refresh token came back"), "a day later it is in the list of events");
    }
}

on_both_databases! {
    async fn many_alarms_are_a_few_lines(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for _ in 0..25 {
            app.state.note(Event::new(Kind::ImpossibleTravel, START).detail("far away")).await;
        }
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("20 times or more in the last 24 hours"), "{page}");
        assert_eq!(page.matches("far away").count(), 3);
    }
}

on_both_databases! {
    async fn what_does_not_work_is_said(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        app.store().outlet().send(vec![Kind::AuthzFail]);
        for _ in 0..2 {
            app.state.note(Event::new(Kind::AuthzFail, START - 400)).await;
        }
        let event = app.store().deliveries().await.expect("read")[0].event.id;
        let given_up = Outcome::Failed { event, next_at: None, error: "no".into() };
        let settled = app.store().write(move |tx| Box::pin(async move { tx.settle_deliveries(&[given_up]).await }));
        settled.await.expect("noted");
        run(&app, "update users set is_superuser = false where id = 1".into()).await;
        let page = overview(&app, &cookie).await.body;
        for part in ["1 webhook was given up", "1 webhook is late", "Nobody who may log in is a superuser"] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
}

on_both_databases! {
    async fn clean_up_says_what_it_did_and_what_it_left(database) {
        let app = TestApp::new(database, &["--keep-expired=1d"]).await;
        for _ in 0..51 {
            app.log_in("alice").await;
        }
        app.wait(DAY + 600 + HOUR / 2);
        let cookie = app.admin_cookie("admin").await;
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("<dd>nothing</dd>"), "it may be late by an hour: {page}");
        app.wait(DAY + HOUR);
        let cookie = app.admin_cookie("admin").await;
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("Clean-up falls behind") && page.contains("It should have removed 102 tokens by now."), "{page}");
        app.state.clean_up().await;
        let page = overview(&app, &cookie).await.body;
        assert!(!page.contains("Clean-up falls behind"), "{page}");
        assert!(page.contains("removed 102 tokens"), "{page}");
    }
}

on_both_databases! {
    async fn a_clean_up_that_failed_is_told(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        run(&app, "alter table revocations rename to elsewhere".into()).await;
        app.state.clean_up().await;
        run(&app, "alter table elsewhere rename to revocations".into()).await;
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("The last clean-up failed"), "{page}");
    }
}

on_both_databases! {
    async fn a_census_counts_what_a_page_does_not_wait_for(database) {
        let app = TestApp::new(database, &[]).await;
        let (ended, _) = app.log_in("alice").await;
        app.blacklist(&ended).await;
        let (first, _) = app.log_in("alice").await;
        app.refresh(&first).await;
        let cookie = app.admin_cookie("admin").await;
        let census = async |bite| app.store().census(app.state.clock.now(), bite).await.expect("counted");
        let expected = Census {
            live_sessions: 2,
            // A refresh token and two access tokens, and the admin's.
            live_tokens: 4,
            blacklisted: 3,
            revoked: 2,
            users: 3,
            shut_out: 1,
        };
        for bite in [1, 2, 3, 1000] {
            assert_eq!(census(bite).await, expected, "{bite} rows at a time");
        }
        let figures = app.store().figures(app.state.clock.now(), 0).await.expect("read");
        let same = [figures.sessions_live, figures.tokens_live, figures.blacklisted, figures.revoked, figures.users, figures.shut_out];
        assert_eq!(same, [2, 4, 3, 2, 3, 1]);
        assert!(figures.database_bytes > 100_000);
        // A thousand more than a page counts by itself.
        run(&app, "insert into users (id, username, username_folded, email, email_folded, password, is_active, is_staff, is_superuser, date_joined, tokens_valid_after)
                   with recursive n (i) as (select 1 union all select i + 1 from n where i < 1234)
                   select 1000 + i, 'u' || i, 'u' || i, '', '', '', true, false, false, 0, 0 from n".into()).await;
        assert!(overview(&app, &cookie).await.body.contains("1,000+"));
        app.state.take_census().await.expect("counted");
        let page = overview(&app, &cookie).await.body;
        assert!(page.contains("1,237") && page.contains("counted "), "{page}");
        app.wait(2 * DAY);
        assert_eq!(census(1000).await.live_sessions, 0);
    }
}
