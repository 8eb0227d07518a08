//! Tokens of another issuer that shares the signing key.

use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Database, START, TestApp, on_both_databases};

const ADOPTING: &[&str] = &["--adopt-foreign-tokens=true"];

fn foreign(token_type: &str, user_id: &Value) -> String {
    foreign_of(token_type, user_id, START, "f0f0")
}

fn foreign_of(token_type: &str, user_id: &Value, iat: i64, jti: &str) -> String {
    let claims = json!({
        "token_type": token_type, "exp": START + 3600, "iat": iat, "jti": jti, "user_id": user_id,
    });
    sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

on_both_databases! {
    async fn they_are_strangers_unless_adopted(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = (foreign("refresh", &json!("2")), foreign("access", &json!("2")));
        app.refresh(&refresh).await.assert_token_refused("Token is invalid");
        app.blacklist(&refresh).await.assert_token_refused("Token is invalid");
        app.verify(&access).await.assert_token_refused("Token is invalid");
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 401);
        let page = app.outstanding("").await;
        assert!(page.is_empty(), "a token that was not signed for us touches no state");
    }
}

on_both_databases! {
    async fn the_first_use_opens_a_session(database) {
        let app = TestApp::new(database, ADOPTING).await;
        let token = foreign("refresh", &json!(2));
        let answer = app.refresh(&token).await;
        let successor = answer.text("refresh");
        assert_eq!(app.get_as(&answer.text("access"), "/api/users/").await.status, 200);
        assert_eq!(app.refresh(&token).await.text("refresh"), successor, "a race, as with a token of ours");
        assert_eq!(app.refresh(&successor).await.status, 200);
        app.refresh(&token).await.assert_token_refused("Token is blacklisted");
        let page = app.outstanding("f0f0").await;
        assert_eq!(page.len(), 1, "it is on record like any other");
    }
}

on_both_databases! {
    async fn whom_they_speak_for_must_be_there(database) {
        let app = TestApp::new(database, ADOPTING).await;
        for user_id in [json!("4242"), json!("3"), json!("99999999999999999999"), json!("zz"), json!(null)] {
            let answer = app.refresh(&foreign("refresh", &user_id)).await;
            assert_eq!(answer.status, 401, "{user_id}: {answer:?}");
        }
        let page = app.outstanding("").await;
        assert!(page.is_empty(), "a refusal leaves nothing behind");
    }
}

on_both_databases! {
    async fn one_can_be_blacklisted_before_it_was_ever_used(database) {
        let app = TestApp::new(database, ADOPTING).await;
        let token = foreign("refresh", &json!("4242"));
        assert_eq!(app.blacklist(&token).await.status, 200);
        app.verify(&token).await.assert_token_refused("Token is blacklisted");
        app.blacklist(&token).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_change_of_password_reaches_those_that_were_never_used_here(database) {
        let app = TestApp::new(database, ADOPTING).await;
        let (refresh, access) = (foreign("refresh", &json!("2")), foreign("access", &json!("2")));
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        let user = app.user("alice").await;
        app.wait(10);
        app.store()
            .change_password(&user, "another-pass".into(), &app.state.hasher, &app.state.clock)
            .await
            .expect("changed");
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
        let answer = app.get_as(&access, "/api/users/").await;
        assert_eq!(answer.json()["messages"][0]["message"], "Token is blacklisted");
        app.wait(1);
        let younger = foreign_of("refresh", &json!("2"), START + 11, "younger");
        assert_eq!(app.refresh(&younger).await.status, 200);
    }
}
