//! `/api/sessions/` and `/api/password/`: what users see and end of their own sessions.

use axum::body::Body;
use axum::http::{Request, header};
use jotward::event::Kind;
use jotward::store::{EventFilter, Lent, StoreError};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

async fn send(app: &TestApp, method: &str, path: &str, access: &str, body: &Value) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json");
    if !access.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {access}"));
    }
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    app.send(request.body(Body::from(body)).expect("a request"))
        .await
}

async fn list(app: &TestApp, access: &str) -> Value {
    let answer = app.get_as(access, "/api/sessions/").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("a session").to_owned()
}

fn ids(list: &Value) -> Vec<&str> {
    let sessions = list["sessions"].as_array().expect("sessions");
    sessions
        .iter()
        .map(|session| session["id"].as_str().expect("an id"))
        .collect()
}

/// Writes what other parts of the server write, in their time.
async fn write(app: &TestApp, statements: &[String]) {
    for sql in statements {
        let sql = sqlx::AssertSqlSafe(sql.clone());
        let written = app.store().write(move |tx| {
            Box::pin(async move {
                let done = match tx.lent() {
                    Lent::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
                    Lent::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(drop),
                };
                done.map_err(StoreError::from)
            })
        });
        written.await.expect("written");
    }
}

on_both_databases! {
    async fn the_one_that_asks_comes_first(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, first) = app.log_in("alice").await;
        app.wait(10);
        let (second_refresh, _) = app.log_in("alice").await;
        app.wait(10);
        let (_, third) = app.log_in("alice").await;
        app.log_in("admin").await;
        app.wait(10);
        let second = app.refresh(&second_refresh).await.text("access");
        let seen = list(&app, &first).await;
        assert_eq!(ids(&seen), [sid(&first), sid(&second), sid(&third)]);
        assert_eq!(seen["notices"], json!([]));
        let device = &seen["sessions"][0]["device"]["id"];
        assert!(device.is_string(), "{device}");
        assert_eq!(seen["sessions"][0], json!({
            "id": sid(&first),
            "current": true,
            "device": {"id": device, "name": "", "browser": "", "browser_version": "", "os": "", "kind": "unknown"},
            "opened_at": START,
            "last_seen_at": START,
            "ip": "",
            "network": "",
            "user_agent": "",
            "client": "",
            "expires_at": START + 24 * 60 * 60,
            "ends_at": START + 30 * 24 * 60 * 60,
            "addresses": [],
            "notices": [],
        }));
        assert_eq!(seen["sessions"][1]["current"], false);
        assert_eq!(seen["sessions"][1]["last_seen_at"], START + 30);
        app.wait(24 * 60 * 60 - 10);
        let (_, last) = app.log_in("alice").await;
        assert_eq!(ids(&list(&app, &last).await), [sid(&last), sid(&second)], "those who came too late to refresh are over");
    }
}

on_both_databases! {
    async fn a_session_shows_its_device_its_networks_and_its_notices(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let (_, other) = app.log_in("alice").await;
        let id = sid(&access);
        let address = |network: &str, from: i64, until: i64| {
            format!(
                "insert into session_addresses (session_id, network, ip, country, first_seen_at, last_seen_at)
                 values ('{id}', '{network}.0/24', '{network}.7', 'SE', {from}, {until})"
            )
        };
        let event = |number: i64, session: &str, user: i64, at: i64, notice: bool| {
            format!(
                "insert into events (id, at, kind, user_id, username, session_id, ip, network, user_agent, detail, notice)
                 values ({number}, {at}, 'authn_token_reuse', {user}, 'x', {session}, '192.0.2.9', '', 'curl', 'why', {notice})"
            )
        };
        write(&app, &[
            "insert into devices (id, user_id, mark, name, browser, browser_version, os, os_version, model, kind,
                                  first_seen_at, last_seen_at)
             values ('d1', 2, 'm', 'Work', 'Firefox', '140', 'Linux', '', '', 'desktop', 1, 2)".to_owned(),
            format!("update sessions set device_id = 'd1', ip = '192.0.2.7', network = '192.0.2.0/24' where id = '{id}'"),
            address("192.0.2", 1, 9),
            address("198.51.100", 2, 10),
            event(1, &format!("'{id}'"), 2, START, true),
            event(2, "'over'", 2, START, true),
            event(3, "null", 2, START - 1, true),
            event(4, "null", 2, START - 30 * 24 * 60 * 60, true),
            event(5, "null", 2, START, false),
            event(6, "null", 1, START, true),
        ]).await;
        let seen = list(&app, &access).await;
        let session = &seen["sessions"][0];
        let device = json!({
            "id": "d1", "name": "Work", "browser": "Firefox", "browser_version": "140", "os": "Linux", "kind": "desktop",
        });
        assert_eq!((&session["device"], &session["ip"]), (&device, &json!("192.0.2.7")));
        assert_eq!(session["network"], "192.0.2.0/24");
        let addresses = session["addresses"].as_array().expect("addresses");
        assert_eq!(addresses.len(), 2);
        assert_eq!(addresses[0], json!({
            "network": "198.51.100.0/24", "ip": "198.51.100.7", "country": "SE", "first_seen_at": 2, "last_seen_at": 10,
        }));
        assert_eq!(session["notices"], json!([{
            "at": START, "kind": "authn_token_reuse", "session": id, "ip": "192.0.2.9", "user_agent": "curl", "detail": "why",
            "client": "",
        }]));
        assert_eq!(ids(&seen).len(), 2, "a session is one entry however many networks it has");
        let elsewhere: Vec<_> = seen["notices"].as_array().expect("notices").iter().map(|one| &one["session"]).collect();
        assert_eq!(elsewhere, [&Value::Null, &json!("over")], "latest first, one's own, of thirty days");

        let path = format!("/api/sessions/{id}/");
        let answer = send(&app, "PATCH", &path, &access, &json!({"device_name": "  My laptop "})).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"device_name": "My laptop"})));
        assert_eq!(list(&app, &other).await["sessions"][1]["device"]["name"], "My laptop");
        let answer = send(&app, "PATCH", &path, &access, &json!({"device_name": ""})).await;
        assert_eq!((answer.status, answer.text("device_name").as_str()), (200, ""));
        for (body, sentence) in [
            (json!({}), "This field is required."),
            (json!({"device_name": null}), "This field may not be null."),
            (json!({"device_name": "x".repeat(65)}), "Ensure this field has no more than 64 characters."),
            (json!({"device_name": "a\u{0}"}), "Null characters are not allowed."),
            (json!({"device_name": "a\u{202e}b"}), "Characters that can not be seen are not allowed."),
        ] {
            let answer = send(&app, "PATCH", &path, &access, &body).await;
            assert_eq!((answer.status, answer.json()), (400, json!({"device_name": [sentence]})));
        }
        let (_, admin) = app.log_in("admin").await;
        let answer = send(&app, "PATCH", &path, &admin, &json!({"device_name": "mine"})).await;
        assert_eq!(answer.status, 404);
        write(&app, &[format!("update sessions set device_id = null where id = '{}'", sid(&other))]).await;
        let unknown = format!("/api/sessions/{}/", sid(&other));
        let answer = send(&app, "PATCH", &unknown, &access, &json!({"device_name": "x"})).await;
        assert_eq!(answer.json(), json!({"device_name": ["The device of this session is not known."]}));
    }
}

on_both_databases! {
    async fn a_session_is_ended_by_its_user_and_by_nobody_else(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let (_, other) = app.log_in("alice").await;
        let (_, admin) = app.log_in("admin").await;
        let end = async |id: &str, by: &str| send(&app, "DELETE", &format!("/api/sessions/{id}/"), by, &Value::Null).await;
        for id in [sid(&other).as_str(), "x", "%00", "%ff", "01900000-0000-7000-8000-000000000000"] {
            let answer = end(id, &admin).await;
            assert_eq!((answer.status, answer.json()), (404, json!({"detail": "Not found."})), "{id}");
        }
        let answer = end(&sid(&other), &access).await;
        assert_eq!((answer.status, answer.json()), (400, json!({
            "password": ["Another session is ended for your password: POST both to /api/sessions/end/."],
        })));
        assert_eq!(app.verify(&other).await.status, 200);
        let answer = end(&sid(&access), &access).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        assert_eq!(app.get_as(&access, "/api/sessions/").await.status, 401);
        assert_eq!(app.refresh(&refresh).await.header("jotward-session-ended"), "logout");
        assert_eq!(app.verify(&admin).await.status, 200);
    }
}

on_both_databases! {
    async fn all_others_are_ended_for_the_password(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let (refresh, other) = app.log_in("alice").await;
        let (_, admin) = app.log_in("admin").await;
        let end = async |body: Value| send(&app, "POST", "/api/sessions/end-others/", &access, &body).await;
        assert_eq!(end(json!({})).await.json(), json!({"password": ["This field is required."]}));
        let answer = end(json!({"password": "wrong"})).await;
        assert_eq!((answer.status, answer.json()), (400, json!({"password": ["This is not your password."]})));
        assert_eq!(app.verify(&other).await.status, 200);
        let answer = end(json!({"password": "alice-pass-1"})).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"ended": 1})));
        app.verify(&other).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&refresh).await.header("jotward-session-ended"), "logout");
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.verify(&admin).await.status, 200);
        assert_eq!(end(json!({"password": "alice-pass-1"})).await.json(), json!({"ended": 0}));
    }
}

on_both_databases! {
    async fn a_password_is_changed_by_who_knows_it(database) {
        let app = TestApp::new(database, &[]).await;
        let (own_refresh, access) = app.log_in("alice").await;
        let (refresh, other) = app.log_in("alice").await;
        let change = async |old: &str, new: &str| {
            send(&app, "POST", "/api/password/", &access, &json!({"old_password": old, "new_password": new})).await
        };
        let required = json!(["This field is required."]);
        let answer = send(&app, "POST", "/api/password/", &access, &json!({})).await;
        assert_eq!((answer.status, answer.json()), (400, json!({"old_password": required, "new_password": required})));
        for (old, new, field, sentence) in [
            ("wrong", "another-pass", "old_password", "This is not your password."),
            ("alice-pass-1", "short7c", "new_password", "This password is too short. It must contain at least 8 characters."),
        ] {
            let answer = change(old, new).await;
            assert_eq!((answer.status, answer.json()), (400, json!({field: [sentence]})));
        }
        assert_eq!(app.verify(&other).await.status, 200);
        assert_eq!(change("alice-pass-1", " a new pass ").await.status, 204);
        app.verify(&other).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&refresh).await.header("jotward-session-ended"), "password");
        assert_eq!(app.refresh(&own_refresh).await.status, 200, "this one goes on");
        let log_in = async |password: &str| {
            app.post("/api/token/", &json!({"username": "alice", "password": password})).await.status
        };
        assert_eq!((log_in("alice-pass-1").await, log_in(" a new pass ").await), (401, 200));
        let seen = list(&app, &access).await;
        assert_eq!(seen["sessions"][0]["notices"][0]["kind"], "authn_password_change");
        let filter = EventFilter { kind: Some(Kind::PasswordChangeFail), ..EventFilter::default() };
        assert_eq!(app.store().events(filter, 9).await.expect("read").len(), 1, "the wrong one is kept, too");
    }
}

on_both_databases! {
    async fn a_stolen_access_token_can_not_guess(database) {
        let app = TestApp::new(database, &["--throttle-account=4/min"]).await;
        let (_, access) = app.log_in("alice").await;
        for n in 0..3 {
            let (path, body) = if n == 0 {
                ("/api/password/", json!({"old_password": "wrong", "new_password": "another-pass"}))
            } else {
                ("/api/sessions/end-others/", json!({"password": "wrong"}))
            };
            assert_eq!(send(&app, "POST", path, &access, &body).await.status, 400);
        }
        // The login was from a device that is known since: it has its own four, of which one is left.
        let body = json!({"password": "wrong"});
        assert_eq!(send(&app, "POST", "/api/sessions/end-others/", &access, &body).await.status, 400);
        for (path, body) in [
            ("/api/sessions/end-others/", json!({"password": "alice-pass-1"})),
            ("/api/password/", json!({"old_password": "alice-pass-1", "new_password": "another-pass"})),
        ] {
            let answer = send(&app, "POST", path, &access, &body).await;
            assert_eq!((answer.status, answer.header("retry-after")), (429, "15"));
        }
    }
}

on_both_databases! {
    async fn these_are_for_who_is_logged_in_with_and_without_the_slash(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for (path, allow) in [
            ("/api/sessions", "GET, HEAD, OPTIONS"),
            ("/api/sessions/current", "GET, HEAD, OPTIONS"),
            ("/api/sessions/end", "POST, OPTIONS"),
            ("/api/sessions/end-others", "POST, OPTIONS"),
            ("/api/sessions/x", "GET, HEAD, PATCH, DELETE, OPTIONS"),
            ("/api/password", "POST, OPTIONS"),
        ] {
            for path in [path.to_owned(), format!("{path}/")] {
                for method in ["GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS"] {
                    let answer = send(&app, method, &path, "", &json!({})).await;
                    if answer.status != 405 {
                        assert_eq!(answer.text("detail"), "Authentication credentials were not provided.", "{method} {path}");
                    }
                }
                let answer = send(&app, "OPTIONS", &path, &access, &Value::Null).await;
                assert_eq!((answer.status, answer.header("allow")), (200, allow));
                let answer = send(&app, "PUT", &path, &access, &Value::Null).await;
                assert_eq!((answer.status, answer.header("allow")), (405, allow));
                assert_eq!(answer.text("detail"), "Method \"PUT\" not allowed.");
            }
        }
    }
}

on_both_databases! {
    async fn who_is_in_no_session_ends_them_all(database) {
        let app = TestApp::new(database, &[]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/get-auth-token/", &credentials).await.text("token");
        let as_program = async |path: &str, body: &Value| {
            let request = Request::post(path)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Token {token}"));
            app.send(request.body(Body::from(body.to_string())).expect("a request")).await
        };
        app.log_in("alice").await;
        let (_, access) = app.log_in("alice").await;
        let answer = as_program("/api/sessions/end-others/", &json!({"password": "alice-pass-1"})).await;
        assert_eq!(answer.json(), json!({"ended": 2}));
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let (_, access) = app.log_in("alice").await;
        assert_eq!(list(&app, &access).await["sessions"][0]["current"], true);
        let body = json!({"old_password": "alice-pass-1", "new_password": "another-pass"});
        assert_eq!(as_program("/api/password/", &body).await.status, 204);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn where_a_new_session_is_used_from_is_known_at_once(database) {
        let app = TestApp::new(database, &[]).await;
        let home = Caller::new("192.0.2.7", "curl/8.5.0");
        let (_, access) = home.logs_in(&app, "alice").await;
        let seen = list(&app, &access).await;
        let first = json!([{
            "network": "192.0.2.0/24", "ip": "192.0.2.7", "country": "", "first_seen_at": START, "last_seen_at": START,
        }]);
        assert_eq!(seen["sessions"][0]["addresses"], first);
        app.state.hand_on().await;
        assert_eq!(list(&app, &access).await["sessions"][0]["addresses"], first);
    }
}

on_both_databases! {
    async fn a_session_expires_with_its_last_token_and_ends_in_any_case(database) {
        let app = TestApp::new(database, &["--session-lifetime=25h"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let times = async |access: &str| {
            let seen = list(&app, access).await;
            let time = |name: &str| seen["sessions"][0][name].as_i64().expect("a time") - START;
            (time("expires_at"), time("ends_at"))
        };
        assert_eq!(times(&access).await, (24 * 3600, 25 * 3600));
        app.wait(3600);
        let access = app.refresh(&refresh).await.text("access");
        assert_eq!(times(&access).await, (25 * 3600, 25 * 3600));
    }
}

on_both_databases! {
    async fn a_client_may_say_what_it_calls_itself(database) {
        let app = TestApp::new(database, &[]).await;
        let log_in = async |client: Value| {
            let body = json!({"username": "alice", "password": "alice-pass-1", "client": client});
            app.post("/api/token/", &body).await
        };
        let first = log_in(json!(" The lab ")).await;
        let (access, refresh) = (first.text("access"), first.text("refresh"));
        assert_eq!(log_in(json!("")).await.status, 200);
        let seen = list(&app, &access).await;
        assert_eq!([&seen["sessions"][0]["client"], &seen["sessions"][1]["client"]], ["The lab", ""]);
        for (client, sentence) in [
            (json!("x".repeat(65)), "Ensure this field has no more than 64 characters."),
            (json!("a\u{202e}b"), "Characters that can not be seen are not allowed."),
            (json!(["x"]), "Not a valid string."),
        ] {
            let answer = log_in(client).await;
            assert_eq!((answer.status, answer.json()), (400, json!({"client": [sentence]})));
        }
        // What happened in it is known to be its doing when it is over, too.
        app.refresh(&refresh).await;
        app.wait(100);
        assert_eq!(app.refresh(&refresh).await.status, 401);
        let (_, access) = app.log_in("alice").await;
        let notices = list(&app, &access).await["notices"].clone();
        assert_eq!((&notices[0]["kind"], &notices[0]["client"]), (&json!("authn_token_reuse"), &json!("The lab")));
    }
}

on_both_databases! {
    async fn a_name_hides_no_new_device(database) {
        const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let app = TestApp::new(database, &[]).await;
        let log_in = async |agent: &'static str, client: &str| {
            let body = json!({"username": "alice", "password": "alice-pass-1", "client": client});
            Caller::new("192.0.2.7", agent).posts(&app, "/api/token/", &body).await.text("access")
        };
        log_in(FIREFOX, "").await;
        let access = log_in(FIREFOX, "The lab").await;
        let noticed = async || {
            let seen = list(&app, &access).await.to_string();
            seen.matches("authn_new_device").count()
        };
        assert_eq!(noticed().await, 0, "the lab is no device of its own");
        log_in("curl/8.5.0", "The lab").await;
        assert_eq!(noticed().await, 1, "whoever has a password could say that");
    }
}
