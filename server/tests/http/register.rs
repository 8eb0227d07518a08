//! `POST /api/register/`.

use axum::body::Body;
use axum::http::{Request, header};
use jotward::store::EventFilter;
use serde_json::{Value, json};

use crate::harness::{Database, TestApp, on_both_databases};

const OPEN: &str = "--registration=open";
const PATH: &str = "/api/register/";

fn lovelace(username: &str, email: &str, password: &str) -> Value {
    json!({"username": username, "email": email, "password": password})
}

on_both_databases! {
    async fn who_registers_can_log_in_and_no_more(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let answer = app.post(PATH, &lovelace(" lovelace ", "Lovelace@example.com", " a pass phrase ")).await;
        let user = json!({"id": 4, "username": "lovelace", "email": "Lovelace@example.com"});
        assert_eq!((answer.status, answer.json()), (201, user));
        let user = app.user("lovelace").await;
        assert_eq!((user.is_active, user.is_staff, user.is_superuser), (true, false, false));
        let log_in = async |password: &str| {
            app.post("/api/token/", &json!({"username": "lovelace", "password": password})).await.status
        };
        assert_eq!((log_in("a pass phrase").await, log_in(" a pass phrase ").await), (401, 200));
        let events = app.store().events(EventFilter::default(), 50).await.expect("read");
        assert!(events.iter().any(|event| event.kind == "user_created" && event.username.as_deref() == Some("lovelace")), "{events:?}");
    }
}

on_both_databases! {
    async fn everything_that_is_wrong_is_said_at_once(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let required = json!(["This field is required."]);
        let answer = app.post(PATH, &json!({})).await;
        assert_eq!(answer.json(), json!({"username": required, "email": required, "password": required}));
        let answer = app.post(PATH, &lovelace("love lace", "nowhere", "short7c")).await;
        assert_eq!((answer.status, answer.json()), (400, json!({
            "username": ["Use 1 to 150 letters, digits and characters of @ . + - _"],
            "email": ["This is not an e-mail address."],
            "password": ["This password is too short. It must contain at least 8 characters."],
        })));
        let answer = app.post(PATH, &lovelace("ALICE", "Bob@Example.com", "long enough")).await;
        assert_eq!((answer.status, answer.json()), (400, json!({
            "username": ["This username is taken."],
            "email": ["Somebody has an account with this e-mail address."],
        })));
        assert_eq!(app.store().users().await.expect("read").len(), 3, "nobody was added");
    }
}

on_both_databases! {
    async fn where_registration_is_closed_there_is_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let answer = app.post(PATH, &lovelace("lovelace", "l@example.com", "long enough")).await;
        let nothing = (404, json!({"detail": "Not found."}));
        assert_eq!((answer.status, answer.json()), nothing);
        for path in [PATH, "/api/register"] {
            for method in ["OPTIONS", "GET", "HEAD", "PUT", "DELETE", "TRACE"] {
                let request = Request::builder().method(method).uri(path).body(Body::empty());
                let answer = app.send(request.expect("a request")).await;
                assert_eq!(answer.status, 404, "{method} {path}");
                assert_eq!(answer.headers.get(header::ALLOW), None, "{method} {path}");
                assert!(method == "HEAD" || answer.json() == nothing.1, "{answer:?}");
            }
        }
        assert_eq!(app.get("/register", &[]).await.status, 404);
        assert!(!app.get("/login", &[]).await.body.contains("/register"));
    }
}

on_both_databases! {
    async fn where_it_is_open_the_login_page_leads_to_the_form(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        assert!(app.get("/login", &[]).await.body.contains(r#"href="/register""#));
        for path in ["/register", "/register/"] {
            let page = app.get(path, &[]).await;
            assert_eq!(page.status, 200);
            assert!(page.body.contains(r#"autocomplete="new-password""#));
        }
    }
}

on_both_databases! {
    async fn strangers_are_counted_by_their_address(database) {
        let app = TestApp::new(database, &[OPEN, "--throttle-address=2/min"]).await;
        for n in 0..3 {
            let answer = app.post(PATH, &lovelace(&format!("lace{n}"), &format!("{n}@example.com"), "long enough")).await;
            assert_eq!(answer.status, if n < 2 { 201 } else { 429 });
        }
    }
}
