//! RealWorld's users API. `cases.rs` has the conversations of the specification's own suite (`auth.hurl` and
//! `errors_auth.hurl`), step by step.

mod account;
mod cases;
mod names;
mod renewal;

use axum::body::Body;
use axum::http::{HeaderName, Method, Request, header};
use jotward::account::{HashParams, Hasher};
use jotward::store::EventFilter;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, TestApp, claims, on_both_databases};
use cases::{Step, auth, errors_auth};

const OPEN: &str = "--registration=open";
const A_DAY: i64 = 24 * 60 * 60;

pub async fn send(
    app: &TestApp,
    method: &str,
    path: &str,
    credentials: &str,
    body: &Value,
) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = Request::builder().method(method).uri(path);
    if !credentials.is_empty() {
        request = request.header(header::AUTHORIZATION, credentials);
    }
    let mut bytes = Vec::new();
    if !body.is_null() {
        request = request.header(header::CONTENT_TYPE, "application/json");
        bytes = body.to_string().into_bytes();
    }
    app.send(request.body(Body::from(bytes)).expect("a request"))
        .await
}

/// Registers somebody; answers the token.
async fn register(app: &TestApp, name: &str) -> String {
    let user =
        json!({"username": name, "email": format!("{name}@x.example"), "password": "password-1"});
    let answer = send(app, "POST", "/api/users", "", &json!({"user": user})).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    token_of(&answer)
}

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let user = json!({"email": email, "password": password});
    send(app, "POST", "/api/users/login", "", &json!({"user": user})).await
}

async fn put(app: &TestApp, token: &str, user: Value) -> Answer {
    let credentials = format!("Token {token}");
    send(
        app,
        "PUT",
        "/api/user",
        &credentials,
        &json!({"user": user}),
    )
    .await
}

async fn get(app: &TestApp, token: &str) -> Answer {
    send(
        app,
        "GET",
        "/api/user",
        &format!("Token {token}"),
        &Value::Null,
    )
    .await
}

fn token_of(answer: &Answer) -> String {
    let token = answer.json()["user"]["token"].as_str().map(str::to_owned);
    token.unwrap_or_else(|| panic!("no token: {answer:?}"))
}

#[track_caller]
fn assert_errors(answer: &Answer, status: u16, errors: &Value) {
    assert_eq!(
        (answer.status, answer.json()),
        (status, json!({"errors": errors})),
        "{answer:?}"
    );
    assert_eq!(answer.header("content-type"), "application/json");
}

async fn play(app: &TestApp, steps: Vec<Step>) {
    let mut token = String::new();
    for step in steps {
        let credentials = if step.with_token {
            format!("Token {token}")
        } else {
            String::new()
        };
        let body = step.user.map_or(Value::Null, |user| json!({"user": user}));
        let answer = send(app, step.method, step.path, &credentials, &body).await;
        assert_eq!(answer.status, step.status, "{}: {answer:?}", step.name);
        let said = answer.json();
        if step.status >= 400 {
            assert_eq!(said, json!({"errors": step.expect}), "{}", step.name);
            continue;
        }
        let names: Vec<_> = said["user"].as_object().expect("a user").keys().collect();
        assert_eq!(
            names,
            ["email", "token", "username", "bio", "image"],
            "{}",
            step.name
        );
        for (name, value) in step.expect.as_object().expect("an object") {
            assert_eq!(&said["user"][name], value, "{}: {name}", step.name);
        }
        token = token_of(&answer);
    }
}

on_both_databases! {
    async fn the_conversation_of_who_does_all_right(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let steps = auth();
        assert_eq!(steps.len(), 20);
        play(&app, steps).await;
    }
}

on_both_databases! {
    async fn the_conversation_of_who_does_not(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let steps = errors_auth();
        assert_eq!(steps.len(), 20);
        play(&app, steps).await;
    }
}

on_both_databases! {
    async fn who_may_not_register_can_log_in(database) {
        let app = TestApp::new(database, &[]).await;
        let body = json!({"user": {"username": "u", "email": "u@x.example", "password": "password-1"}});
        let closed = json!({"registration": ["is closed"]});
        assert_errors(&send(&app, "POST", "/api/users", "", &body).await, 403, &closed);
        assert_errors(&send(&app, "POST", "/api/users", "", &json!([])).await, 403, &closed);
        assert_eq!(log_in(&app, "ALICE@example.com", "alice-pass-1").await.status, 200, "in any case");
    }
}

on_both_databases! {
    async fn with_a_slash_the_list_is_not_posted_to(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let (_, access) = app.log_in("alice").await;
        let credentials = format!("Bearer {access}");
        let allowed = async |method: &str, path: &str| {
            let answer = send(&app, method, path, &credentials, &Value::Null).await;
            (answer.status, answer.header("allow").to_owned())
        };
        assert_eq!(allowed("POST", "/api/users/").await, (405, "GET, HEAD, OPTIONS".to_owned()));
        assert_eq!(allowed("PUT", "/api/users").await, (405, "GET, HEAD, POST, OPTIONS".to_owned()));
        assert_eq!(allowed("OPTIONS", "/api/users").await, (200, "GET, HEAD, POST, OPTIONS".to_owned()));
        assert_eq!(allowed("GET", "/api/users").await.0, 200);
        for path in ["/api/users/login/", "/api/user/"] {
            let answer = send(&app, "OPTIONS", path, "", &Value::Null).await;
            assert_eq!((answer.status, answer.json()["renders"][0].as_str()), (200, Some("application/json")));
            let answer = send(&app, "DELETE", path, "", &Value::Null).await;
            assert_errors(&answer, 405, &json!({"method": ["is not allowed"]}));
            assert!(!answer.header("allow").is_empty());
        }
    }
}

on_both_databases! {
    async fn a_token_is_sent_in_this_header(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        for scheme in ["Token", "token", "TOKEN", "Bearer", "bearer"] {
            let answer = send(&app, "GET", "/api/user", &format!("{scheme} {token}"), &Value::Null).await;
            assert_eq!(answer.status, 200, "{scheme}");
        }
        let (refresh, access) = app.log_in("alice").await;
        let missing = json!({"token": ["is missing"]});
        let invalid = json!({"token": ["is invalid"]});
        for (credentials, errors) in [
            (String::new(), &missing),
            (format!("Basic {token}"), &missing),
            ("Token".to_owned(), &invalid),
            (format!("Token {token} {token}"), &invalid),
            ("Token x".to_owned(), &invalid),
            (format!("Token {token}x"), &invalid),
            (format!("Token {refresh}"), &invalid),
        ] {
            let answer = send(&app, "GET", "/api/user", &credentials, &Value::Null).await;
            assert_errors(&answer, 401, errors);
            assert_eq!(answer.header("www-authenticate"), "Token realm=\"api\"");
            assert_errors(&send(&app, "PUT", "/api/user", &credentials, &json!({})).await, 401, errors);
        }
        let request = Request::get("/api/user").header(header::AUTHORIZATION, &b"Token \xff"[..]);
        let answer = app.send(request.body(Body::empty()).expect("a request")).await;
        assert_errors(&answer, 401, &invalid);
        assert_eq!(get(&app, &access).await.status, 200, "an access token is one");
        app.wait(A_DAY);
        assert_errors(&get(&app, &token).await, 401, &json!({"token": ["has expired"]}));
    }
}

on_both_databases! {
    async fn the_header_is_the_one_the_operator_chose(database) {
        let app = TestApp::new(database, &[OPEN, "--auth-header-name=HTTP_X_ACCESS_TOKEN"]).await;
        let credentials = format!("Token {}", register(&app, "ann").await);
        let chosen = HeaderName::from_static("x-access-token");
        assert_eq!(app.get("/api/user", &[(chosen, &credentials)]).await.status, 200);
        let answer = app.get("/api/user", &[(header::AUTHORIZATION, &credentials)]).await;
        assert_errors(&answer, 401, &json!({"token": ["is missing"]}));
    }
}

async fn dies_with_its_session(database: Database, flags: &[&str]) {
    let app = TestApp::new(database, flags).await;
    let token = register(&app, "ann").await;
    assert_eq!(app.outstanding("ann").await.len(), 1);
    let claimed = claims(&token);
    assert_eq!(claimed["token_type"], "access");
    let time = |name: &str| claimed[name].as_i64().expect("a time");
    assert_eq!(time("exp") - time("iat"), A_DAY);
    assert_eq!(app.verify(&token).await.status, 200);
    let ann = app.user("ann").await;
    let ended = app.store().log_out_user(&ann, &app.state.clock).await;
    assert_eq!(ended.expect("ended"), 1);
    app.state.catch_up().await.expect("heard");
    app.verify(&token)
        .await
        .assert_token_refused("Token is blacklisted");
    for path in ["/api/users/", "/api/sessions/", "/api/auth/"] {
        assert_eq!(app.get_as(&token, path).await.status, 401, "{path}");
    }
    let invalid = json!({"token": ["is invalid"]});
    assert_errors(&get(&app, &token).await, 401, &invalid);
    assert_errors(&put(&app, &token, json!({"bio": "x"})).await, 401, &invalid);
}

on_both_databases! {
    async fn it_is_on_record_and_dies_with_its_session(database) {
        dies_with_its_session(database, &[OPEN]).await;
    }
}

on_both_databases! {
    async fn it_dies_with_its_session_also_where_others_do_not(database) {
        dies_with_its_session(database, &[OPEN, "--immediate-revocation=false"]).await;
    }
}

on_both_databases! {
    async fn it_is_renewed_by_being_used_and_never_beyond_the_session(database) {
        let app = TestApp::new(database, &[OPEN, "--session-lifetime=40h"]).await;
        let first = register(&app, "ann").await;
        app.wait(A_DAY / 2);
        assert_eq!(token_of(&get(&app, &first).await), first, "half of its life is not more than half");
        app.wait(1);
        let second = token_of(&get(&app, &first).await);
        assert_ne!(second, first);
        assert_eq!(claims(&second)["sid"], claims(&first)["sid"]);
        assert_eq!(get(&app, &first).await.status, 200, "an answer can get lost");
        assert_eq!(token_of(&put(&app, &second, json!({"bio": "b"})).await), second);
        app.wait(A_DAY / 2);
        assert_errors(&get(&app, &first).await, 401, &json!({"token": ["has expired"]}));
        app.wait(1);
        let third = token_of(&get(&app, &second).await);
        let opened = claims(&first)["iat"].as_i64().expect("iat");
        assert_eq!(claims(&third)["exp"], opened + 40 * 3600, "the end of the session");
        app.wait(15 * 3600);
        assert_eq!(token_of(&get(&app, &third).await), third, "there is no more to give");
        app.wait(3600);
        assert_errors(&get(&app, &third).await, 401, &json!({"token": ["has expired"]}));
    }
}

on_both_databases! {
    async fn a_short_lived_token_of_another_client_stays_one(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        app.wait(299);
        assert_eq!(token_of(&get(&app, &access).await), access, "it is not renewed");
        assert_eq!(put(&app, &access, json!({"bio": "b"})).await.status, 200);
        let refused = json!({"password": ["can be changed at /api/password/ only"]});
        assert_errors(&put(&app, &access, json!({"password": "another-pass"})).await, 422, &refused);
        assert_eq!(log_in(&app, "alice@example.com", "alice-pass-1").await.status, 200);
    }
}

on_both_databases! {
    async fn a_new_password_ends_the_other_sessions(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        let elsewhere = token_of(&log_in(&app, "ann@x.example", "password-1").await);
        let pair = app.post("/api/token/", &json!({"username": "ann", "password": "password-1"})).await;
        let answer = put(&app, &token, json!({"password": "password-2", "bio": "b"})).await;
        assert_eq!(answer.status, 200);
        for _ in 0..2 {
            assert_eq!(put(&app, &token, json!({"bio": "c"})).await.status, 200);
        }
        assert_errors(&get(&app, &elsewhere).await, 401, &json!({"token": ["is invalid"]}));
        let refused = app.refresh(&pair.text("refresh")).await;
        assert_eq!((refused.status, refused.header("jotward-session-ended")), (401, "password"));
        app.verify(&pair.text("access")).await.assert_token_refused("Token is blacklisted");
        let wrong = json!({"credentials": ["invalid"]});
        assert_errors(&log_in(&app, "ann@x.example", "password-1").await, 401, &wrong);
        assert_eq!(log_in(&app, "ann@x.example", "password-2").await.status, 200);
    }
}

on_both_databases! {
    async fn what_is_wrong_is_said_of_each_field(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        let blank = json!(["can't be blank"]);
        let all_blank = json!({"username": blank, "email": blank, "password": blank});
        for body in [json!({}), json!({"user": null}), json!({"user": {}}), json!({"user": {"username": " "}}), Value::Null] {
            assert_errors(&send(&app, "POST", "/api/users", "", &body).await, 422, &all_blank);
        }
        let long = |n: usize| "x".repeat(n);
        let invalid = json!(["is invalid"]);
        for (field, value, sentence) in [
            ("username", json!(7), invalid.clone()),
            ("username", json!("a\u{0}b"), invalid.clone()),
            ("username", json!(long(151)), json!(["is too long (maximum is 150 characters)"])),
            ("email", json!("nobody"), invalid.clone()),
            ("email", json!(["a@b"]), invalid.clone()),
            ("email", json!(format!("{}@x.example", long(250))), invalid.clone()),
            ("password", json!("1234567"), json!(["is too short (minimum is 8 characters)"])),
            ("password", json!("12345678\u{0}"), invalid.clone()),
            ("password", json!({}), invalid.clone()),
            ("bio", json!(1), invalid.clone()),
            ("bio", json!("\u{0}"), invalid.clone()),
            ("bio", json!(long(10_001)), json!(["is too long (maximum is 10000 characters)"])),
            ("image", json!(long(2_001)), json!(["is too long (maximum is 2000 characters)"])),
        ] {
            assert_errors(&put(&app, &token, json!({field: value})).await, 422, &json!({field: sentence}));
        }
        let both = json!({"username": ["has already been taken"], "email": ["has already been taken"]});
        let answer = put(&app, &token, json!({"username": "ALICE", "email": "Alice@Example.com"})).await;
        assert_errors(&answer, 409, &both);
        let answer = put(&app, &token, json!({"username": "ANN", "email": "ANN@x.example"})).await;
        assert_eq!(answer.status, 200, "one's own name in another case: {answer:?}");
        assert_eq!(put(&app, &token, json!({"password": long(60_000)})).await.status, 200);
    }
}

on_both_databases! {
    async fn bodies_that_are_none_are_told_in_the_same_shape(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let raw = async |kind: &'static str, body: &str| {
            let request = Request::post("/api/users/login").header(header::CONTENT_TYPE, kind);
            app.send(request.body(Body::from(body.to_owned())).expect("a request")).await
        };
        let no_json = json!({"body": ["is not valid JSON"]});
        assert_errors(&raw("application/json", "{").await, 422, &no_json);
        assert_errors(&raw("application/json; charset=utf-8", "\u{feff}").await, 422, &no_json);
        assert_errors(&raw("application/json", "[]").await, 422, &json!({"body": ["is not an object"]}));
        assert_errors(&raw("application/json", r#"{"user": 3}"#).await, 422, &json!({"user": ["is invalid"]}));
        let other_type = json!({"body": ["must be application/json"]});
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            assert_errors(&raw(kind, "x=1").await, 415, &other_type);
        }
        let long = " ".repeat(jotward::api::MAX_BODY + 1);
        assert_errors(&raw("application/json", &long).await, 413, &json!({"body": ["is too large"]}));
        let request = Request::post("/api/users/login").header(header::ACCEPT, "text/html");
        let answer = app.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, 422, "JSON is what there is");
        assert_errors(&log_in(&app, "a\u{0}b", "x").await, 401, &json!({"credentials": ["invalid"]}));
    }
}

on_both_databases! {
    async fn logins_are_counted_by_address_and_account_and_registrations_by_address(database) {
        let app = TestApp::new(database, &[OPEN, "--throttle-account=2/min", "--throttle-address=9/min"]).await;
        let wrong = json!({"credentials": ["invalid"]});
        let sentence = |seconds: u32| {
            json!({"request": [format!("Request was throttled. Expected available in {seconds} seconds.")]})
        };
        for email in ["alice@example.com", "nobody@example.com"] {
            for spelling in [email.to_owned(), email.to_uppercase()] {
                assert_errors(&log_in(&app, &spelling, "wrong").await, 401, &wrong);
            }
            let answer = log_in(&app, email, "wrong").await;
            assert_errors(&answer, 429, &sentence(30));
            assert_eq!(answer.header("retry-after"), "30");
        }
        for name in ["one", "two", "three"] {
            register(&app, name).await;
        }
        let body = json!({"user": {"username": "four", "email": "four@x.example", "password": "password-1"}});
        assert_errors(&send(&app, "POST", "/api/users", "", &body).await, 429, &sentence(7));
    }
}

on_both_databases! {
    async fn a_device_that_logged_in_is_known_by_its_address_too(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min"]).await;
        let from = async |agent: &'static str, password: &str| {
            let body = json!({"user": {"email": "alice@example.com", "password": password}}).to_string();
            let request = Request::post("/api/users/login")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::USER_AGENT, agent);
            app.send(request.body(Body::from(body)).expect("a request")).await.status
        };
        assert_eq!(from("Firefox", "alice-pass-1").await, 200);
        for expected in [401, 429] {
            assert_eq!(from("thief", "wrong").await, expected);
        }
        assert_eq!(from("Firefox", "alice-pass-1").await, 200);
    }
}

on_both_databases! {
    async fn who_is_shut_out_is_told_no_more_than_a_stranger(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let wrong = json!({"credentials": ["invalid"]});
        assert_errors(&log_in(&app, "bob@example.com", "bob-pass-1").await, 401, &wrong);
        assert_errors(&log_in(&app, "nobody@example.com", "bob-pass-1").await, 401, &wrong);
        let token = register(&app, "ann").await;
        let ann = app.user("ann").await;
        app.store().delete_user(&ann, &app.state.clock).await.expect("deleted");
        assert_errors(&get(&app, &token).await, 401, &json!({"token": ["is invalid"]}));
    }
}

on_both_databases! {
    async fn nobody_has_a_wrong_password_sooner_than_somebody(database) {
        let app = TestApp::new(database, &[]).await;
        // Without a thread to hash on, whoever gets so far is told 503.
        let nobody_hashes = Hasher::bounded(HashParams::new(64, 1, 1, None).expect("valid"), 0);
        let app = app.restarted_with(&[OPEN], nobody_hashes).await;
        for email in ["alice@example.com", "nobody@example.com"] {
            let answer = log_in(&app, email, "wrong").await;
            assert_errors(&answer, 503, &json!({"server": ["The server is busy. Try again later."]}));
            assert_eq!(answer.header("retry-after"), "1");
        }
    }
}

on_both_databases! {
    async fn many_who_want_one_name_get_it_once(database) {
        let app = std::sync::Arc::new(TestApp::new(database, &[OPEN]).await);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let app = std::sync::Arc::clone(&app);
                let body = json!({"user": {"username": "ann", "email": "ann@x.example", "password": "password-1"}});
                tokio::spawn(async move { send(&app, "POST", "/api/users", "", &body).await })
            })
            .collect();
        let mut registered = 0;
        for task in tasks {
            let answer = task.await.expect("no panic");
            match answer.status {
                201 => registered += 1,
                _ => assert_errors(
                    &answer,
                    409,
                    &json!({"username": ["has already been taken"], "email": ["has already been taken"]}),
                ),
            }
        }
        assert_eq!(registered, 1);
    }
}

on_both_databases! {
    async fn what_users_change_is_kept(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        assert_eq!(put(&app, &token, json!({"bio": "b", "email": "new@x.example", "password": "password-2"})).await.status, 200);
        assert_eq!(put(&app, &token, json!({"image": "i"})).await.status, 200);
        log_in(&app, "new@x.example", "wrong").await;
        let filter = EventFilter { user: Some(app.user("ann").await.user_id()), ..EventFilter::default() };
        let events = app.store().events(filter, 20).await.expect("read");
        let told: Vec<_> = events
            .iter()
            .rev()
            .map(|event| (event.kind.as_str(), event.detail.as_deref().unwrap_or_default(), event.notice))
            .collect();
        assert_eq!(told, [
            ("user_created", "", false),
            ("authn_login_success", "", false),
            ("session_created", "", false),
            ("authn_password_change", "", true),
            ("user_updated", "email, bio", true),
            ("user_updated", "image", false),
            ("authn_login_fail", "password", false),
        ]);
        assert!(events.iter().all(|event| event.actor.is_none()));
    }
}

on_both_databases! {
    async fn a_database_out_of_reach_is_no_wrong_password_and_no_wrong_token(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        app.store().close().await;
        let user = json!({"username": "u", "email": "u@x.example", "password": "password-1"});
        let sentence = "The service is temporarily unavailable. Try again later.";
        for answer in [
            send(&app, "POST", "/api/users", "", &json!({"user": user})).await,
            log_in(&app, "ann@x.example", "password-1").await,
            get(&app, &token).await,
            put(&app, &token, json!({"bio": "b"})).await,
        ] {
            assert_errors(&answer, 503, &json!({"server": [sentence]}));
            assert_eq!(answer.header("retry-after"), "1");
        }
    }
}
