//! `CHECK_REVOKE_TOKEN`: a changed password refuses the tokens from before.

use serde_json::json;

use crate::conformance::sign;
use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

const CHECKED: &str = "--check-revoke-token=true";
const SENTENCE: &str = "The user's password has been changed.";

/// Sets the password as the command line does: all sessions end with it.
async fn change(app: &TestApp) {
    let user = app.user("alice").await;
    let changed = app.store().change_password(
        &user,
        "another-pass-1".into(),
        &app.state.hasher,
        &app.state.clock,
    );
    changed.await.expect("changed");
}

/// Sets it and leaves the sessions alone.
async fn change_alone(app: &TestApp) {
    let (id, hash) = (app.user("alice").await.user_id(), "no hash");
    let changed = app
        .store()
        .write(move |tx| Box::pin(async move { tx.set_password(id, hash).await }));
    changed.await.expect("changed");
}

fn assert_changed(answer: &Answer) {
    let expected = json!({"detail": SENTENCE, "code": "password_changed"});
    assert_eq!((answer.status, answer.json()), (401, expected));
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"");
}

fn assert_changed_for_refresh(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.json()),
        (401, json!({"detail": SENTENCE}))
    );
    assert_eq!(answer.header("jotward-session-ended"), "password");
}

on_both_databases! {
    async fn both_tokens_are_told_why(database) {
        let app = TestApp::new(database, &[CHECKED]).await;
        let (refresh, access) = app.log_in("alice").await;
        let second = app.refresh(&refresh).await;
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        assert_eq!(app.get_as(&second.text("access"), "/api/users/").await.status, 200);
        change(&app).await;
        app.state.catch_up().await.expect("heard");
        assert_changed(&app.get_as(&access, "/api/users/").await);
        assert_changed_for_refresh(&app.refresh(&second.text("refresh")).await);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn it_reaches_what_outlives_its_session(database) {
        let app = TestApp::new(database, &[CHECKED, "--immediate-revocation=false"]).await;
        let (_, access) = app.log_in("alice").await;
        change(&app).await;
        app.state.catch_up().await.expect("heard");
        assert_eq!(app.verify(&access).await.status, 200, "verify never looks at the user");
        assert_changed(&app.get_as(&access, "/api/users/").await);
        let app = app.restarted(&["--immediate-revocation=false"]).await;
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200, "nobody looks at it");
    }
}

on_both_databases! {
    async fn a_refresh_ends_a_session_that_was_left_alone(database) {
        let app = TestApp::new(database, &[CHECKED, "--auth-token-types=access,sliding"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        let sliding = app.post("/api/token/sliding/", &body).await.text("token");
        let slide = async || app.post("/api/token/sliding/refresh/", &json!({"token": sliding})).await;
        assert_eq!(slide().await.status, 200);
        change_alone(&app).await;
        assert_changed(&app.get_as(&access, "/api/users/").await);
        assert_changed(&app.get_as(&sliding, "/api/users/").await);
        assert_eq!(app.verify(&refresh).await.status, 200);
        assert_changed_for_refresh(&app.refresh(&refresh).await);
        assert_changed_for_refresh(&slide().await);
        for token in [&refresh, &access, &sliding] {
            app.verify(token).await.assert_token_refused("Token is blacklisted");
        }
    }
}

on_both_databases! {
    async fn a_session_that_had_ended_says_what_it_ended_for(database) {
        let app = TestApp::new(database, &[CHECKED]).await;
        let (refresh, _) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        change_alone(&app).await;
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn the_claim_is_random_has_a_name_and_is_there_only_where_it_is_looked_at(database) {
        let app = TestApp::new(database, &[]).await;
        change(&app).await;
        let body = json!({"username": "alice", "password": "another-pass-1"});
        let pair = app.post("/api/token/", &body).await;
        assert!(claims(&pair.text("access")).get("hash_password").is_none());
        let app = app.restarted(&[CHECKED]).await;
        assert_changed(&app.get_as(&pair.text("access"), "/api/users/").await);
        let marked = claims(&app.post("/api/token/", &body).await.text("refresh"));
        let mark = marked["hash_password"].as_str().expect("text").to_owned();
        assert_eq!(mark.len(), 32);
        let names: Vec<_> = marked.as_object().expect("claims").keys().collect();
        assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id", "hash_password", "sid", "gen"]);
        let app = app.restarted(&[CHECKED, "--revoke-token-claim=mark"]).await;
        let renamed = app.post("/api/token/", &body).await;
        assert_eq!(claims(&renamed.text("access"))["mark"], mark.as_str(), "a login is no change");
        assert_eq!(app.get_as(&renamed.text("access"), "/api/users/").await.status, 200);
    }
}

on_both_databases! {
    async fn a_stranger_has_no_mark_of_ours(database) {
        let app = TestApp::new(database, &[CHECKED, "--adopt-foreign-tokens=true"]).await;
        let token = |kind: &str| sign(&json!({"alg": "HS256"}), &json!({
            "token_type": kind, "exp": START + 300, "iat": START, "jti": kind, "user_id": "2",
            "hash_password": "0123456789ABCDEF0123456789ABCDEF",
        }));
        assert_eq!(app.get_as(&token("access"), "/api/users/").await.status, 200);
        let adopted = app.refresh(&token("refresh")).await;
        assert_eq!(app.get_as(&adopted.text("access"), "/api/users/").await.status, 200);
        change(&app).await;
        app.state.catch_up().await.expect("heard");
        assert_eq!(app.get_as(&token("access"), "/api/users/").await.status, 401);
    }
}
