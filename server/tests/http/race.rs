//! Many at once: a refresh token has one successor, and what is revoked stays revoked.

use std::collections::HashSet;
use std::sync::Arc;

use jotward::lifecycle::Actor;
use jotward::token::SessionId;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::conformance::sign;
use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

const TASKS: usize = 32;

/// Refreshes one token from many tasks at once and gathers the answers.
async fn refresh_at_once(app: &Arc<TestApp>, token: &str) -> Vec<Answer> {
    let refresh = |_| {
        let (app, token) = (Arc::clone(app), token.to_owned());
        tokio::spawn(async move { app.refresh(&token).await })
    };
    let tasks: Vec<_> = (0..TASKS).map(refresh).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no panic"));
    }
    answers
}

/// All of the answers have a successor, the same, and it lives.
async fn assert_one_successor(app: &TestApp, answers: &[Answer]) {
    let successors: HashSet<_> = answers
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 200, "{answer:?}");
            answer.text("refresh")
        })
        .collect();
    assert_eq!(successors.len(), 1, "{successors:?}");
    for successor in successors {
        assert_eq!(app.refresh(&successor).await.status, 200);
    }
}

on_both_databases! {
    async fn concurrent_refreshes_of_one_token_make_one_successor(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        for _ in 0..5 {
            let (token, _) = app.log_in("alice").await;
            let answers = refresh_at_once(&app, &token).await;
            assert_one_successor(&app, &answers).await;
        }
    }
}

on_both_databases! {
    async fn concurrent_first_uses_of_a_foreign_token_open_one_session(database) {
        let app = Arc::new(TestApp::new(database, &["--adopt-foreign-tokens=true"]).await);
        for round in 0..5 {
            let foreign = json!({
                "token_type": "refresh", "exp": START + 60, "jti": format!("foreign-{round}"), "user_id": "2",
            });
            let token = sign(&json!({"alg": "HS256", "typ": "JWT"}), &foreign);
            let answers = refresh_at_once(&app, &token).await;
            assert_one_successor(&app, &answers).await;
        }
    }
}

on_both_databases! {
    async fn without_rotation_all_of_them_are_served(database) {
        let app = Arc::new(TestApp::new(database, &["--rotate-refresh-tokens=false"]).await);
        let (token, _) = app.log_in("alice").await;
        let answers = refresh_at_once(&app, &token).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    }
}

on_both_databases! {
    async fn nothing_lives_on_after_an_answered_revocation(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        for _ in 0..5 {
            let (first, _) = app.log_in("alice").await;
            let before = app.refresh(&first).await;
            let token = before.text("refresh");
            let session = claims(&token)["sid"].as_str().and_then(SessionId::parse).expect("a session");
            let end = tokio::spawn({
                let app = Arc::clone(&app);
                async move {
                    let actor = Actor { name: "admin".into(), note: "race".into(), origin: jotward::store::Origin::default() };
                    app.state.end_session(session, &actor).await.expect("ended")
                }
            });
            let mut answers = refresh_at_once(&app, &token).await;
            end.await.expect("no panic");
            answers.push(before);
            for answer in answers.iter().filter(|answer| answer.status == 200) {
                app.refresh(&answer.text("refresh")).await.assert_token_refused("Token is blacklisted");
                app.verify(&answer.text("access")).await.assert_token_refused("Token is blacklisted");
            }
        }
    }
}

/// Starts logins of alice that are under way while something is done to her.
fn logins_under_way(app: &Arc<TestApp>) -> Vec<JoinHandle<Answer>> {
    let login = |_| {
        let app = Arc::clone(app);
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        tokio::spawn(async move { app.post("/api/token/", &body).await })
    };
    (0..8).map(login).collect()
}

/// The refresh tokens of those that were let in.
async fn tokens_of(logins: Vec<JoinHandle<Answer>>) -> Vec<String> {
    let mut tokens = Vec::new();
    for login in logins {
        let answer = login.await.expect("no panic");
        tokens.extend((answer.status == 200).then(|| answer.text("refresh")));
    }
    tokens
}

async fn assert_none_goes_on(app: &TestApp, tokens: &[String]) {
    for token in tokens {
        app.refresh(token)
            .await
            .assert_token_refused("Token is blacklisted");
    }
    let page = app.outstanding("alice").await;
    assert!(
        page.iter().all(|row| row.ended_at.is_some()),
        "every session ended"
    );
}

on_both_databases! {
    async fn no_login_slips_past_a_deactivation(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        let user = app.user("alice").await;
        for _ in 0..5 {
            let logins = logins_under_way(&app);
            app.store().deactivate_user(&user, &app.state.clock).await.expect("inactive");
            let tokens = tokens_of(logins).await;
            // Active again, so that only the end of the session can refuse.
            app.store().activate_user(&user, &app.state.clock).await.expect("active");
            assert_none_goes_on(&app, &tokens).await;
        }
    }
}

on_both_databases! {
    async fn no_login_with_the_old_password_slips_past_its_change(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        let user = app.user("alice").await;
        let change = async |password: &str| {
            let (hasher, clock) = (&app.state.hasher, &app.state.clock);
            app.store().change_password(&user, password.into(), hasher, clock).await.expect("changed");
        };
        for _ in 0..5 {
            let logins = logins_under_way(&app);
            change("another-pass").await;
            assert_none_goes_on(&app, &tokens_of(logins).await).await;
            change("alice-pass-1").await;
        }
    }
}

/// What is done to a user while her session is refreshed, and what makes her able to log in again.
#[derive(Clone, Copy)]
enum Change {
    Deactivation,
    Password,
}

async fn assert_no_refresh_slips_past(database: Database, change: Change) {
    let app = Arc::new(TestApp::new(database, &[]).await);
    let user = app.user("alice").await;
    for _ in 0..5 {
        let (first, _) = app.log_in("alice").await;
        let before = app.refresh(&first).await;
        let token = before.text("refresh");
        let changed = tokio::spawn({
            let (app, user) = (Arc::clone(&app), user.clone());
            async move {
                let (store, clock) = (app.store(), &app.state.clock);
                let ended = match change {
                    Change::Deactivation => store.deactivate_user(&user, clock).await,
                    Change::Password => {
                        let same = "alice-pass-1".into();
                        store
                            .change_password(&user, same, &app.state.hasher, clock)
                            .await
                    }
                };
                assert_eq!(ended.expect("changed"), 1);
            }
        });
        let mut answers = refresh_at_once(&app, &token).await;
        changed.await.expect("no panic");
        // She may log in again, so that only the end of the session can refuse.
        app.store()
            .activate_user(&user, &app.state.clock)
            .await
            .expect("active");
        app.state.catch_up().await.expect("heard");
        answers.push(before);
        for answer in answers.iter().filter(|answer| answer.status == 200) {
            app.refresh(&answer.text("refresh"))
                .await
                .assert_token_refused("Token is blacklisted");
            app.verify(&answer.text("access"))
                .await
                .assert_token_refused("Token is blacklisted");
        }
    }
}

on_both_databases! {
    async fn no_refresh_slips_past_a_deactivation(database) {
        assert_no_refresh_slips_past(database, Change::Deactivation).await;
    }
}

on_both_databases! {
    async fn no_refresh_slips_past_a_change_of_password(database) {
        assert_no_refresh_slips_past(database, Change::Password).await;
    }
}
