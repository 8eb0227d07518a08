//! Revocations of more sessions than one transaction ends: batches that outlive a server, two servers at one of them, two
//! admins at the same sessions, and refreshes all the while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::header;
use futures_util::future::join_all;
use jotward::event::Kind;
use jotward::lifecycle::{Actor, LEASE, Order};
use jotward::store::{Count, EventFilter, Origin, SessionFilter, Target, Warrant};
use serde_json::json;

use crate::harness::{Answer, Database, TestApp, claims, on_both_databases};

/// More than one transaction ends.
const MANY: usize = 510;

/// How many sessions a batch of these tests ends.
const BATCH: usize = 200;

/// Logs in often; the last batch of sessions is opened a second after the others.
async fn log_in_many(app: &TestApp) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(MANY);
    for n in 0..MANY {
        app.wait(i64::from(n == MANY - BATCH));
        all.push(app.log_in("alice").await);
    }
    all
}

fn order(target: Target) -> Order {
    Order {
        target,
        last_id: None,
        spared: None,
        with_api_token: false,
        actor: Actor {
            name: "admin".into(),
            note: "a leak".into(),
            origin: Origin::default(),
        },
    }
}

fn all_of_alice() -> Target {
    Target::User {
        id: 2,
        username: "alice".into(),
    }
}

async fn whole(app: &TestApp) -> Vec<Option<String>> {
    let filter = EventFilter {
        kind: Some(Kind::SessionsRevoked),
        ..EventFilter::default()
    };
    let events = app.store().events(filter, 10).await.expect("read");
    events.into_iter().map(|event| event.detail).collect()
}

async fn finish(app: &TestApp, mut warrant: Warrant) -> Warrant {
    let id = warrant.id;
    while let Some(moved) = app
        .state
        .end_a_batch(&warrant, BATCH)
        .await
        .expect("a batch")
    {
        warrant = moved;
    }
    let found = app.store().warrant(id).await.expect("read").expect("there");
    found.expect("of this version")
}

async fn refused(app: &TestApp, tokens: &[(String, String)]) -> usize {
    let mut refused = 0;
    for (refresh, access) in tokens {
        let both = [app.refresh(refresh).await, app.verify(access).await];
        refused += both.iter().filter(|answer| answer.status == 401).count();
    }
    refused
}

async fn see(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.get(path, &[(header::COOKIE, cookie)]).await
}

on_both_databases! {
    async fn many_sessions_end_in_batches_that_outlive_a_server(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let tokens = log_in_many(&app).await;
        let fields = [("reason", "a leak")];
        let done = app.post_form("/admin/users/2/end-sessions/", &cookie, &fields).await;
        let result = done.header("location").to_owned();
        let page = see(&app, &cookie, &result).await;
        assert_eq!(page.header("refresh"), "2");
        assert!(page.body.contains("It goes on: 0 of 510 sessions ended so far."), "{}", page.body);
        assert!(page.body.contains("<progress max=\"510\" value=\"0\""), "{}", page.body);

        let warrant = app.state.take_up_warrant().await.expect("asked").expect("one");
        assert_eq!(warrant.expected, Count::Exactly(510));
        assert_eq!(app.state.take_up_warrant().await.expect("asked"), None, "somebody is at it");
        let moved = app.state.end_a_batch(&warrant, BATCH).await.expect("a batch").expect("goes on");
        assert_eq!(moved.ended, 200);
        assert!(see(&app, &cookie, &result).await.body.contains("It goes on: 200 of 510 sessions"));
        assert_eq!(refused(&app, &tokens[MANY - BATCH..]).await, 2 * BATCH, "later ones first");
        assert!(whole(&app).await.is_empty(), "not before its end");

        // The server is killed. Nobody goes on before its claim is over.
        let app = app.restarted(&[]).await;
        assert_eq!(app.state.take_up_warrant().await.expect("asked"), None);
        app.wait(LEASE);
        let taken_up = app.state.take_up_warrant().await.expect("asked").expect("one");
        assert_eq!((taken_up.ended, &taken_up.position), (200, &moved.position));
        // Whoever held it before does nothing any more.
        assert_eq!(app.state.end_a_batch(&moved, BATCH).await.expect("asked"), None);
        let (late, _) = app.log_in("alice").await;
        let finished = finish(&app, taken_up).await;
        assert_eq!((finished.ended, finished.finished_at.is_some()), (510, true));
        assert_eq!(refused(&app, &tokens).await, 2 * MANY);
        assert_eq!(app.refresh(&late).await.status, 200, "opened after it was asked for");
        assert_eq!(whole(&app).await, [Some("510 sessions ended; all sessions of alice: a leak".to_owned())]);
        let page = see(&app, &cookie, &result).await;
        assert!(page.header("refresh").is_empty() && page.body.contains("510 sessions ended."), "{}", page.body);
        assert_eq!(app.state.take_up_warrant().await.expect("asked"), None);
    }
}

on_both_databases! {
    async fn everyone_is_shut_out_before_the_last_batch_has_come(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let login = json!({"username": "alice", "password": "alice-pass-1"});
        let api_token = app.post("/api/get-auth-token/", &login).await.text("token");
        let tokens = log_in_many(&app).await;
        app.add_staff("sue", false).await;
        let sues = app.admin_cookie("sue").await;
        app.wait(5);
        let everyone = "/admin/revoke/everyone/";
        let page = see(&app, &cookie, everyone).await;
        assert!(page.body.contains("511 live sessions<") && page.body.contains("at least 511 alive"), "{}", page.body);
        let done = app.post_form(everyone, &cookie, &[("reason", "a leak")]).await;
        let result = see(&app, &cookie, done.header("location")).await;
        assert!(result.body.contains("It goes on: 0 of 511 sessions"), "{}", result.body);

        // No batch has come yet.
        for (refresh, _) in &tokens[5..10] {
            app.verify(refresh).await.assert_token_refused("Token is blacklisted");
        }
        assert_eq!(refused(&app, &tokens[..5]).await, 10);
        assert_eq!(see(&app, &sues, "/admin/sessions/").await.status, 303, "a cookie is no better");
        assert_eq!(see(&app, &cookie, "/admin/sessions/").await.status, 200, "who gave the order sees what comes of it");
        assert_eq!(app.get_as(&tokens[0].1, "/api/users/").await.status, 401);
        let value = format!("Token {api_token}");
        assert_eq!(app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status, 401);
        app.wait(1);
        let (late, access) = app.log_in("alice").await;
        let late = app.refresh(&late).await.text("refresh");
        assert_eq!(app.verify(&late).await.status, 200);
        let sues = app.admin_cookie("sue").await;
        assert_eq!(see(&app, &sues, "/admin/sessions/").await.status, 200);

        let warrant = app.state.take_up_warrant().await.expect("asked").expect("one");
        let finished = finish(&app, warrant).await;
        assert_eq!(finished.ended, 511);
        assert_eq!(refused(&app, &tokens).await, 2 * MANY);
        assert_eq!((app.refresh(&late).await.status, app.verify(&access).await.status), (200, 200));
        assert_eq!(see(&app, &cookie, everyone).await.status, 200, "the admin's own session lives on");
        assert_eq!(whole(&app).await, [Some("511 sessions ended; everyone's sessions and API tokens: a leak".to_owned())]);
    }
}

on_both_databases! {
    async fn few_of_everyone_end_at_once(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let tokens = [app.log_in("alice").await, app.log_in("admin").await];
        let fields = [("reason", "a leak"), ("own_session", "yes")];
        let done = app.post_form("/admin/revoke/everyone/", &cookie, &fields).await;
        assert_eq!(done.status, 303);
        assert_eq!(refused(&app, &tokens).await, 4);
        assert_eq!(see(&app, &cookie, "/admin/revocations/").await.status, 303, "the admin's own, too");
        assert_eq!(whole(&app).await, [Some("3 sessions ended; everyone's sessions and API tokens: a leak".to_owned())]);
    }
}

on_both_databases! {
    async fn two_admins_at_once_end_each_session_once(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        for _ in 0..3 {
            let mut tokens = Vec::new();
            for _ in 0..40 {
                tokens.push(app.log_in("alice").await);
            }
            let filter = SessionFilter { device: None, users: Some(vec![2]), ..SessionFilter::default() };
            let targets = [all_of_alice(), Target::Filter(Box::new(filter)), all_of_alice()];
            let tasks = targets.map(|target| {
                let app = Arc::clone(&app);
                tokio::spawn(async move { app.state.revoke(order(target)).await.expect("revoked").ended })
            });
            let mut ended = 0;
            for task in tasks {
                ended += task.await.expect("no panic");
            }
            assert_eq!(ended, 40);
            assert_eq!(refused(&app, &tokens).await, 80);
        }
    }
}

on_both_databases! {
    async fn two_servers_at_one_revocation_end_each_session_once(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        log_in_many(&app).await;
        let begun = app.state.revoke(order(all_of_alice())).await.expect("begun");
        assert_eq!(begun.finished_at, None);
        let taken_up = join_all((0..4).map(|_| app.state.take_up_warrant())).await;
        let taken_up: Vec<_> = taken_up.into_iter().filter_map(|one| one.expect("asked")).collect();
        assert_eq!(taken_up.len(), 1, "one has it");
        // As if its claim had run out under each of them.
        let batches = join_all((0..4).map(|_| app.state.end_a_batch(&taken_up[0], BATCH))).await;
        let moved: Vec<_> = batches.into_iter().filter_map(|one| one.expect("asked")).collect();
        assert_eq!(moved.len(), 1, "{moved:?}");
        assert_eq!(finish(&app, moved[0].clone()).await.ended, 510);
        assert_eq!(whole(&app).await.len(), 1);
    }
}

on_both_databases! {
    async fn no_refresh_slips_past_a_revocation_by_filter(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        for _ in 0..3 {
            let goes_on = Arc::new(AtomicBool::new(true));
            let mut clients = Vec::new();
            for _ in 0..8 {
                let (mut refresh, mut access) = app.log_in("alice").await;
                let (app, goes_on) = (Arc::clone(&app), Arc::clone(&goes_on));
                clients.push(tokio::spawn(async move {
                    while goes_on.load(Ordering::Relaxed) {
                        let answer = app.refresh(&refresh).await;
                        if answer.status != 200 {
                            break;
                        }
                        (refresh, access) = (answer.text("refresh"), answer.text("access"));
                    }
                    (refresh, access)
                }));
            }
            let filter = SessionFilter { users: Some(vec![2]), ..SessionFilter::default() };
            let revoked = app.state.revoke(order(Target::Filter(Box::new(filter)))).await.expect("revoked");
            assert_eq!(revoked.ended, 8);
            goes_on.store(false, Ordering::Relaxed);
            let mut tokens = Vec::new();
            for client in clients {
                tokens.push(client.await.expect("no panic"));
            }
            assert_eq!(refused(&app, &tokens).await, 16);
        }
    }
}

on_both_databases! {
    async fn no_login_slips_past_the_end_of_all_of_a_users_sessions(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        for round in 0..8 {
            let mut clients = Vec::new();
            for _ in 0..8 {
                let app = Arc::clone(&app);
                clients.push(tokio::spawn(async move {
                    let mut before = Vec::new();
                    loop {
                        let tokens = app.log_in("alice").await;
                        // Nothing of the revocation was committed when this login had been.
                        if app.store().warrants().await.expect("read").len() > round {
                            return before;
                        }
                        before.push(tokens);
                    }
                }));
            }
            app.log_in("alice").await;
            app.state.revoke(order(all_of_alice())).await.expect("revoked");
            for client in clients {
                let before = client.await.expect("no panic");
                assert_eq!(refused(&app, &before).await, 2 * before.len());
            }
        }
    }
}

on_both_databases! {
    async fn a_session_that_ends_meanwhile_keeps_its_first_reason(database) {
        let app = TestApp::new(database, &[]).await;
        let mut tokens = log_in_many(&app).await;
        let begun = app.state.revoke(order(all_of_alice())).await.expect("begun");
        let (refresh, access) = tokens.remove(0);
        assert_eq!(app.blacklist(&refresh).await.status, 200);
        let warrant = app.state.take_up_warrant().await.expect("asked").expect("one");
        assert_eq!(warrant.id, begun.id);
        assert_eq!(finish(&app, warrant).await.ended, 509);
        let refused = app.refresh(&refresh).await;
        assert_eq!(refused.header("jotward-session-ended"), "logout");
        assert_eq!(claims(&access)["user_id"], "2");
    }
}

mod over_a_network {
    use super::*;
    use crate::proxy::Traffic;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_batch_whose_answer_is_lost_is_not_counted_twice() {
        let (database, proxy) = Database::postgres_through_a_network().await;
        let app = TestApp::new(database, &[]).await;
        log_in_many(&app).await;
        app.state
            .revoke(order(all_of_alice()))
            .await
            .expect("begun");
        let warrant = app
            .state
            .take_up_warrant()
            .await
            .expect("asked")
            .expect("one");
        proxy.set(Traffic::LosesAnswerTo(b"COMMIT"));
        app.state
            .end_a_batch(&warrant, BATCH)
            .await
            .expect_err("lost");
        assert_eq!(proxy.traffic(), Traffic::Flows, "an answer was lost");
        // Whoever held it knows only how it was.
        loop {
            match app.state.end_a_batch(&warrant, BATCH).await {
                Ok(moved) => break assert_eq!(moved, None, "it had been committed"),
                Err(error) => println!("not yet: {error}"),
            }
        }
        proxy.set(Traffic::Cut);
        app.wait(LEASE);
        app.state
            .take_up_warrant()
            .await
            .expect_err("the database is away");
        proxy.set(Traffic::Flows);
        let warrant = loop {
            if let Ok(warrant) = app.state.take_up_warrant().await {
                break warrant.expect("it stays");
            }
        };
        assert_eq!(warrant.ended, 200);
        assert_eq!(finish(&app, warrant).await.ended, 510);
    }
}
