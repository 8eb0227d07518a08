//! `SESSIONS_PER_USER`.

use std::sync::Arc;

use serde_json::json;

use crate::harness::{Database, TestApp, on_both_databases};

/// How many sessions of alice are live.
async fn live(app: &TestApp) -> usize {
    let alice = app.user("alice").await;
    let now = app.state.clock.now();
    let sessions = app.store().live_sessions(Some(alice.user_id()), now).await;
    sessions.expect("read").len()
}

on_both_databases! {
    async fn a_login_ends_the_session_that_was_not_used_for_longest(database) {
        let app = TestApp::new(database, &["--sessions-per-user=2"]).await;
        let (first, _) = app.log_in("alice").await;
        app.wait(1);
        let (second, second_access) = app.log_in("alice").await;
        let (others, _) = app.log_in("admin").await;
        app.wait(1);
        let first = app.refresh(&first).await.text("refresh");
        app.wait(1);
        let (third, third_access) = app.log_in("alice").await;
        let refused = app.refresh(&second).await;
        refused.assert_token_refused("Token is blacklisted");
        assert_eq!(refused.header("jotward-session-ended"), "limit");
        app.verify(&second_access).await.assert_token_refused("Token is blacklisted");
        for token in [&first, &third, &others] {
            assert_eq!(app.refresh(token).await.status, 200);
        }
        assert_eq!(app.verify(&third_access).await.status, 200);
        assert_eq!(live(&app).await, 2);
    }
}

on_both_databases! {
    async fn whoever_lowers_it_finds_the_rest_ended_by_the_next_login(database) {
        let app = TestApp::new(database, &[]).await;
        for _ in 0..5 {
            app.log_in("alice").await;
        }
        assert_eq!(live(&app).await, 5, "there is no limit by default");
        let app = app.restarted(&["--sessions-per-user=1"]).await;
        let (last, _) = app.log_in("alice").await;
        assert_eq!(live(&app).await, 1);
        assert_eq!(app.refresh(&last).await.status, 200);
    }
}

on_both_databases! {
    async fn the_admin_neither_counts_nor_ends(database) {
        let app = TestApp::new(database, &["--sessions-per-user=1"]).await;
        let (refresh, _) = app.log_in("admin").await;
        let cookie = app.admin_cookie("admin").await;
        assert_eq!(app.refresh(&refresh).await.status, 200);
        app.log_in("admin").await;
        let page = app.get("/admin/outstanding/", &[(axum::http::header::COOKIE, &cookie)]).await;
        assert_eq!(page.status, 200);
    }
}

on_both_databases! {
    async fn a_wrong_password_ends_nothing(database) {
        let app = TestApp::new(database, &["--sessions-per-user=1"]).await;
        let (refresh, _) = app.log_in("alice").await;
        let answer = app.post("/api/token/", &json!({"username": "alice", "password": "wrong"})).await;
        assert_eq!(answer.status, 401);
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn logins_at_once_do_not_exceed_it(database) {
        let app = Arc::new(TestApp::new(database, &["--sessions-per-user=3"]).await);
        for _ in 0..4 {
            let logins: Vec<_> = (0..12)
                .map(|_| {
                    let app = Arc::clone(&app);
                    tokio::spawn(async move { app.log_in("alice").await })
                })
                .collect();
            let mut tokens = Vec::new();
            for login in logins {
                tokens.push(login.await.expect("no panic").0);
            }
            assert_eq!(live(&app).await, 3);
            let mut alive = 0;
            for token in &tokens {
                alive += usize::from(app.refresh(token).await.status == 200);
            }
            assert_eq!(alive, 3, "of those that were answered");
            // Within a second none is older than another.
            app.wait(1);
        }
    }
}

on_both_databases! {
    async fn of_logins_in_one_second_the_first_makes_room(database) {
        let app = TestApp::new(database, &["--sessions-per-user=3"]).await;
        let mut tokens = Vec::new();
        for _ in 0..8 {
            tokens.push(app.log_in("alice").await.0);
        }
        for (n, token) in tokens.iter().enumerate() {
            assert_eq!(app.verify(token).await.status == 200, n >= 5, "login {n}");
        }
    }
}
