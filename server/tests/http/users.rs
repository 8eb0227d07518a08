//! `GET /api/users/`.

use axum::http::header;
use serde_json::json;

use crate::harness::{Database, TestApp, on_both_databases};

on_both_databases! {
    async fn the_list_is_by_number(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for path in ["/api/users/", "/api/users"] {
            let answer = app.get_as(&access, path).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.json(), json!([
                {"id": 1, "username": "admin", "email": "admin@example.com"},
                {"id": 2, "username": "alice", "email": "alice@example.com"},
                {"id": 3, "username": "bob", "email": "bob@example.com"},
            ]));
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

on_both_databases! {
    async fn the_scheme_may_be_in_any_case(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for scheme in ["bearer", "BEARER", "Bearer "] {
            let value = format!("{scheme} {access}");
            assert_eq!(app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status, 200, "{scheme}");
        }
        let value = format!("JWT {access}");
        assert_eq!(app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status, 401);
        let app = app.restarted(&["--auth-header-types=JWT,Token"]).await;
        assert_eq!(app.get("/api/users/", &[(header::AUTHORIZATION, &value)]).await.status, 200);
        let answer = app.get_as(&access, "/api/users/").await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "JWT realm=\"api\""));
    }
}

on_both_databases! {
    async fn two_headers_are_one_too_many(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let value = format!("Bearer {access}");
        let answer =
            app.get("/api/users/", &[(header::AUTHORIZATION, &value), (header::AUTHORIZATION, &value)]).await;
        assert_eq!((answer.status, answer.text("code").as_str()), (401, "bad_authorization_header"));
    }
}

on_both_databases! {
    async fn a_token_of_another_kind_is_not_an_access_token(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        let cookie = app.admin_cookie("admin").await;
        let admin = cookie.split_once('=').expect("a value").1;
        for token in [refresh.as_str(), admin] {
            let answer = app.get_as(token, "/api/users/").await;
            assert_eq!(answer.json()["messages"][0]["message"], "Token has wrong type");
        }
        app.refresh(admin).await.assert_token_refused("Token has wrong type");
    }
}

on_both_databases! {
    async fn a_method_that_is_not_there_is_refused_after_the_caller_was_known(database) {
        let app = TestApp::new(database, &[]).await;
        assert_eq!(app.post("/api/users/", &json!({})).await.status, 401);
    }
}
