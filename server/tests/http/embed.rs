//! An application that carries Jotward inside: the example, and the layers.

#[expect(dead_code, reason = "its main opens a socket")]
#[path = "../../examples/embed.rs"]
mod example;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::get;
use axum::{Extension, Router};
use jotward::account::AddUser;
use jotward::auth::{Credential, CurrentUser, IdentifyUser, MaybeUser, RequireUser};
use jotward::config::Settings;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::{Answer, Database, TestApp, on_both_databases};

async fn send(app: &Router, request: Request<Body>) -> Answer {
    let answer = app.clone().oneshot(request).await.expect("an answer");
    Answer::read(answer).await
}

async fn get_with(app: &Router, path: &str, authorization: &str) -> Answer {
    let request = Request::get(path).header(header::AUTHORIZATION, authorization);
    send(app, request.body(Body::empty()).expect("a request")).await
}

async fn post(app: &Router, path: &str, body: &Value) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    send(
        app,
        request
            .body(Body::from(body.to_string()))
            .expect("a request"),
    )
    .await
}

/// A login, calls, a refresh, a logout, and calls that are refused.
async fn live_through(app: &Router) {
    let alice = json!({"username": "alice", "password": "alice-pass-1"});
    let pair = post(app, "/auth/api/token/", &alice).await;
    let bearer = |token: &str| format!("Bearer {token}");
    let access = bearer(&pair.text("access"));
    for (path, said) in [
        ("/orders", "The orders of alice"),
        ("/reports", "The reports of alice"),
        ("/", "Welcome, alice"),
    ] {
        let answer = get_with(app, path, &access).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, said));
    }
    let refresh = json!({"refresh": pair.text("refresh")});
    let pair = post(app, "/auth/api/token/refresh/", &refresh).await;
    assert_eq!(
        get_with(app, "/orders", &bearer(&pair.text("access")))
            .await
            .status,
        200
    );
    let refresh = json!({"refresh": pair.text("refresh")});
    assert_eq!(
        post(app, "/auth/api/token/blacklist/", &refresh)
            .await
            .status,
        200
    );
    for path in ["/orders", "/reports"] {
        let refused = get_with(app, path, &access).await;
        assert_eq!(
            refused.json()["messages"][0]["message"],
            "Token is blacklisted",
            "{path}"
        );
        assert_eq!(
            (refused.status, refused.header("www-authenticate")),
            (401, "Bearer realm=\"api\"")
        );
    }
    assert_eq!(get_with(app, "/", &access).await.body, "Welcome, stranger");
    assert_eq!(
        get_with(app, "/auth/api/nothing/", "").await.json(),
        json!({"detail": "Not found."})
    );
}

on_both_databases! {
    async fn the_example_lives_through_a_session(database) {
        let app = TestApp::new(database, &[]).await;
        live_through(&example::router(Arc::clone(&app.state))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_started_and_stopped_in_a_few_lines() {
    let dir = tempfile::TempDir::new().expect("a directory");
    let data = format!("--data-dir={}", dir.path().display());
    let settings = || {
        Settings::from_flags([data.as_str(), "--argon2-memory=64", "--throttle=off"])
            .expect("settings")
    };
    let running = jotward::start(settings()).await.expect("starts");
    let state = &running.state;
    let alice = AddUser {
        username: "alice".into(),
        email: String::new(),
        password: "alice-pass-1".into(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
    };
    state
        .store
        .add_user(alice, &state.hasher, &state.clock)
        .await
        .expect("added");
    live_through(&example::router(Arc::clone(state))).await;
    running.stop().await;
    assert!(
        dir.path().join("tide").exists(),
        "what was answered is noted"
    );

    let again = jotward::start(settings()).await.expect("starts again");
    live_through(&example::router(Arc::clone(&again.state))).await;
    again.stop().await;
}

#[test]
fn settings_that_can_not_be_read_are_an_error_of_one_line() {
    let error = Settings::from_flags(["--session-lifetime=long"]).expect_err("no time");
    assert!(
        !error.to_string().contains('\n') && error.to_string().contains("long"),
        "{error}"
    );
}

on_both_databases! {
    async fn a_layer_lets_users_pass_or_says_who_it_is(database) {
        let app = TestApp::new(database, &["--auth-header-types=JWT"]).await;
        let (_, access) = app.log_in("alice").await;
        let whole = |Extension(CurrentUser { user, session, credential }): Extension<CurrentUser>| async move {
            assert!(session.is_some() && credential == Credential::AccessToken);
            user.username
        };
        let users = Router::new().route("/users", get(whole)).layer(RequireUser::new(&app.state));
        let maybe = |Extension(MaybeUser(caller)): Extension<MaybeUser>| async move {
            caller.map_or("nobody".to_owned(), |caller| caller.user.username)
        };
        let all = Router::new().route("/all", get(maybe)).layer(IdentifyUser::new(&app.state));
        let router = users.merge(all);
        let good = format!("JWT {access}");
        assert_eq!(get_with(&router, "/users", &good).await.body, "alice");
        assert_eq!(get_with(&router, "/all", &good).await.body, "alice");
        for bad in ["", "Basic abc", "JWT", "JWT abc", "JWT a b", "Token abc", &good[..good.len() - 1]] {
            let refused = get_with(&router, "/users", bad).await;
            assert_eq!((refused.status, refused.header("www-authenticate")), (401, "JWT realm=\"api\""), "{bad}");
            assert_eq!(get_with(&router, "/all", bad).await.body, "nobody", "{bad}");
        }
        app.wait(300);
        assert_eq!(get_with(&router, "/users", &good).await.status, 401);
        assert_eq!(get_with(&router, "/all", &good).await.body, "nobody", "whose token ran out a second ago");
    }
}

on_both_databases! {
    async fn trouble_with_the_database_makes_nobody_a_stranger(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let everybody = Router::new().route("/all", get(async || "")).layer(IdentifyUser::new(&app.state));
        let router = example::router(Arc::clone(&app.state)).merge(everybody);
        app.store().close().await;
        for path in ["/", "/orders", "/reports", "/all"] {
            let answer = get_with(&router, path, &format!("Bearer {access}")).await;
            assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{path}");
        }
    }
}

on_both_databases! {
    async fn pages_take_the_paths_that_are_left(database) {
        let app = TestApp::new(database, &[]).await;
        let shop = Router::new().route("/shop", get(async || "shop"));
        let router = shop.fallback_service(jotward::router(Arc::clone(&app.state)));
        assert_eq!(get_with(&router, "/shop", "").await.body, "shop");
        assert_eq!(get_with(&router, "/admin/login/", "").await.status, 200);
        assert_eq!(get_with(&router, "/api/users/", "").await.status, 401);
    }
}
