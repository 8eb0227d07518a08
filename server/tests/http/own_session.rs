//! `/api/sessions/current/`, `/api/sessions/end/` and what becomes of other sessions when a password is changed.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, Database, TestApp, claims, on_both_databases};

const END: &str = "/api/sessions/end/";

async fn post_as(app: &TestApp, access: &str, path: &str, body: &Value) -> Answer {
    let caller = Caller::new("192.0.2.7", "curl/8.5.0");
    let credentials = format!("Bearer {access}");
    caller
        .sends(app, (Method::POST, path), &credentials, body)
        .await
}

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("a session").to_owned()
}

on_both_databases! {
    async fn the_end_of_a_session_comes_nearer_whatever_is_refreshed(database) {
        let app = TestApp::new(database, &["--session-lifetime=2h"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let ends_in = async |access: &str| {
            let answer = app.get_as(access, "/api/sessions/current/").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.json()["id"], sid(access));
            answer.json()["ends_in"].as_i64()
        };
        assert_eq!(ends_in(&access).await, Some(7200));
        app.wait(3600);
        let access = app.refresh(&refresh).await.text("access");
        assert_eq!(ends_in(&access).await, Some(3600));
        app.wait(200);
        assert_eq!(ends_in(&access).await, Some(3400));
    }
}

on_both_databases! {
    async fn who_is_in_no_session_is_told_so(database) {
        let app = TestApp::new(database, &[]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/get-auth-token/", &credentials).await.text("token");
        let value = format!("Token {token}");
        let answer = app.get("/api/sessions/current/", &[(header::AUTHORIZATION, &value)]).await;
        assert_eq!((answer.status, answer.json()), (404, json!({"detail": "Not found."})));
    }
}

on_both_databases! {
    async fn another_session_is_ended_for_the_password_only(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let (refresh, other) = app.log_in("alice").await;
        let (_, admin) = app.log_in("admin").await;
        let end = async |session: &str, password: &str| {
            post_as(&app, &access, END, &json!({"session": session, "password": password})).await
        };
        let required = json!(["This field is required."]);
        let answer = post_as(&app, &access, END, &json!({})).await;
        assert_eq!((answer.status, answer.json()), (400, json!({"session": required, "password": required})));
        for id in [sid(&admin).as_str(), "x", "01900000-0000-7000-8000-000000000000"] {
            let answer = end(id, "alice-pass-1").await;
            assert_eq!((answer.status, answer.json()), (404, json!({"detail": "Not found."})), "{id}");
        }
        let answer = end(&sid(&other), "wrong").await;
        assert_eq!((answer.status, answer.json()), (400, json!({"password": ["This is not your password."]})));
        assert_eq!(app.verify(&other).await.status, 200);
        let answer = end(&sid(&other), "alice-pass-1").await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        app.verify(&other).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&refresh).await.header("jotward-session-ended"), "logout");
        assert_eq!(end(&sid(&other), "alice-pass-1").await.status, 404, "it is over");
        for lives in [&access, &admin] {
            assert_eq!(app.verify(lives).await.status, 200);
        }
    }
}

on_both_databases! {
    async fn a_session_can_not_be_ended_by_guessing(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min"]).await;
        let (_, access) = app.log_in("alice").await;
        let body = json!({"session": sid(&access), "password": "wrong"});
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(post_as(&app, &access, END, &body).await.status);
        }
        assert_eq!(seen.last(), Some(&429), "{seen:?}");
    }
}

on_both_databases! {
    async fn other_sessions_outlive_a_change_of_the_password_where_that_is_wished(database) {
        let app = TestApp::new(database, &[]).await;
        let (own, access) = app.log_in("alice").await;
        let (refresh, other) = app.log_in("alice").await;
        let change = async |old: &str, new: &str, keep: Value| {
            let body = json!({"old_password": old, "new_password": new, "keep_others": keep});
            post_as(&app, &access, "/api/password/", &body).await
        };
        let answer = change("alice-pass-1", "alice-pass-2", json!("perhaps")).await;
        assert_eq!((answer.status, answer.json()), (400, json!({"keep_others": ["Must be a valid boolean."]})));
        assert_eq!(change("alice-pass-1", "alice-pass-2", json!(true)).await.status, 204);
        assert_eq!(app.verify(&other).await.status, 200);
        let refreshed = app.refresh(&refresh).await;
        assert_eq!(refreshed.status, 200);
        assert_eq!(change("alice-pass-2", "alice-pass-3", json!(false)).await.status, 204);
        app.verify(&other).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&refreshed.text("refresh")).await.header("jotward-session-ended"), "password");
        assert_eq!(app.refresh(&own).await.status, 200, "this one goes on");
    }
}
