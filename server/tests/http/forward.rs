//! `/api/auth/`: what a proxy asks before it lets a request through.

use axum::body::Body;
use axum::http::{Method, Request, header};
use jotward::account::AddUser;
use serde_json::json;

use crate::harness::{Answer, Database, TestApp, claims, on_both_databases};

async fn ask(app: &TestApp, authorization: &str) -> Answer {
    app.get("/api/auth/", &[(header::AUTHORIZATION, authorization)])
        .await
}

on_both_databases! {
    async fn a_user_is_named(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let answer = ask(&app, &format!("Bearer {access}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        assert_eq!((answer.header("x-user-id"), answer.header("x-username")), ("2", "alice"));
        assert_eq!(answer.header("x-session-id"), claims(&access)["sid"].as_str().expect("a session"));
        assert_eq!(answer.header("cache-control"), "no-store");

        let answer = app.post("/api/get-auth-token/", &json!({"username": "alice", "password": "alice-pass-1"})).await;
        let answer = ask(&app, &format!("Token {}", answer.text("token"))).await;
        assert_eq!((answer.status, answer.header("x-user-id")), (204, "2"));
        assert!(!answer.headers.contains_key("x-session-id"), "an API token belongs to no session");
    }
}

on_both_databases! {
    async fn a_name_that_no_header_can_carry_is_encoded(database) {
        let app = TestApp::new(database, &[]).await;
        let user = AddUser {
            username: "Åsa 100%".into(),
            email: String::new(),
            password: "Åsa 100%-pass-1".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        app.store().add_user(user, &app.state.hasher, &app.state.clock).await.expect("added");
        let (_, access) = app.log_in("Åsa 100%").await;
        let answer = ask(&app, &format!("Bearer {access}")).await;
        assert_eq!((answer.status, answer.header("x-username")), (204, "%C3%85sa%20100%25"));
    }
}

on_both_databases! {
    async fn every_method_and_every_client_is_answered(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            for path in ["/api/auth", "/api/auth/"] {
                let request = Request::builder()
                    .method(method.clone())
                    .uri(path)
                    .header(header::ACCEPT, "text/event-stream")
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::AUTHORIZATION, format!("Bearer {access}"));
                let answer = app.send(request.body(Body::from("{")).expect("a request")).await;
                assert_eq!((answer.status, answer.header("x-user-id")), (204, "2"), "{method} {path}");
            }
        }
    }
}

on_both_databases! {
    async fn who_is_not_let_through(database) {
        let app = TestApp::new(database, &["--auth-header-types=JWT"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let good = format!("JWT {access}");
        for bad in ["", "JWT", "JWT x", "Token x", "Basic eA==", &format!("JWT {refresh}")] {
            let answer = ask(&app, bad).await;
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, "JWT realm=\"api\""), "{bad}");
            assert!(!answer.headers.contains_key("x-user-id"));
        }
        assert_eq!(ask(&app, &good).await.status, 204);
        app.blacklist(&refresh).await;
        assert_eq!(ask(&app, &good).await.status, 401, "at once after a logout");
    }
}

on_both_databases! {
    async fn trouble_with_the_database_is_no_refusal(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        app.store().close().await;
        let answer = ask(&app, &format!("Bearer {access}")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
    }
}
