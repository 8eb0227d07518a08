//! What happened is on record, and told to who embeds the server: with the change it tells of, or not at all.

use std::sync::{Arc, Mutex};

use axum::http::header;
use jotward::event::{Event, Kind};
use jotward::hooks::{CustomClaims, HookError, Hooks, Issued};
use jotward::store::{EventFilter, EventRow, StoreError, User};
use jotward::token::UserId;
use serde_json::{Value, json};

use crate::harness::{Database, TestApp, on_both_databases};

/// The latest events, oldest first.
async fn events(app: &TestApp) -> Vec<EventRow> {
    let found = app.store().events(EventFilter::default(), 100).await;
    let mut events = found.expect("read");
    events.reverse();
    events
}

async fn kinds(app: &TestApp) -> Vec<String> {
    let events = events(app).await.into_iter();
    events
        .filter(|event| event.kind != "user_created")
        .map(|event| event.kind)
        .collect()
}

async fn fail_to_log_in(app: &TestApp, name: &str) {
    let body = json!({"username": name, "password": "wrong"});
    assert_eq!(app.post("/api/token/", &body).await.status, 401);
}

on_both_databases! {
    async fn a_session_leaves_its_marks(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        assert_eq!(app.refresh(&refresh).await.status, 200);
        let (second, _) = app.log_in("alice").await;
        assert_eq!(app.blacklist(&second).await.status, 200);
        app.wait(100);
        assert_eq!(app.refresh(&refresh).await.status, 401);
        let login = ["authn_login_success", "session_created"];
        let all = [&login[..], &login, &["session_expired"], &["authn_token_reuse", "session_expired"]].concat();
        assert_eq!(kinds(&app).await, all);
        let events = events(&app).await;
        let last = events.last().expect("one");
        assert_eq!((last.username.as_deref(), last.detail.as_deref()), (Some("alice"), Some("reuse")));
        let reuse = &events[events.len() - 2];
        assert!(reuse.notice && !last.notice);
        assert_eq!((reuse.session_id.as_ref(), reuse.user_id), (last.session_id.as_ref(), Some(2)));
        let hers = EventFilter { username: Some("alice"), kind: Some(Kind::TokenReuse), ..EventFilter::default() };
        assert_eq!(app.store().events(hers, 9).await.expect("read").len(), 1, "also by the name");
    }
}

on_both_databases! {
    async fn a_failed_login_names_users_only(database) {
        let app = TestApp::new(database, &[]).await;
        for name in ["alice", "bob", "my-secret-password"] {
            fail_to_log_in(&app, name).await;
        }
        let events = events(&app).await;
        let failed: Vec<_> = events
            .iter()
            .filter(|event| event.kind == "authn_login_fail")
            .map(|event| (event.username.as_deref(), event.detail.as_deref()))
            .collect();
        assert_eq!(failed, [(Some("alice"), Some("password")), (Some("bob"), Some("password")), (None, Some("unknown name"))]);
        let body = json!({"username": "bob", "password": "bob-pass-1"});
        assert_eq!(app.post("/api/token/", &body).await.status, 401);
        let shut_out = app.store().events(EventFilter { kind: Some(Kind::LoginFail), ..EventFilter::default() }, 1).await.expect("read");
        assert_eq!(shut_out[0].detail.as_deref(), Some("inactive"));
    }
}

on_both_databases! {
    async fn a_flood_of_logins_is_told_once_a_minute(database) {
        let app = TestApp::new(database, &["--throttle=on", "--throttle-account=1/min"]).await;
        for _ in 0..5 {
            app.post("/api/token/", &json!({"username": "alice", "password": "wrong"})).await;
        }
        assert_eq!(kinds(&app).await, ["authn_login_fail", "authn_login_fail_max"]);
    }
}

on_both_databases! {
    async fn what_is_done_to_users_is_kept_after_they_are_gone(database) {
        let app = TestApp::new(database, &[]).await;
        app.log_in("alice").await;
        let (alice, clock) = (app.user("alice").await, &app.state.clock);
        app.store().deactivate_user(&alice, clock).await.expect("done");
        app.store().activate_user(&alice, clock).await.expect("done");
        app.store().change_password(&alice, "another-pass".into(), &app.state.hasher, clock).await.expect("done");
        app.store().delete_user(&alice, clock).await.expect("done");
        let all = [
            "authn_login_success", "session_created", "user_updated", "session_expired", "user_updated",
            "authn_password_change", "user_deleted",
        ];
        assert_eq!(kinds(&app).await, all);
        let filter = EventFilter { user: Some(alice.user_id()), ..EventFilter::default() };
        let hers = app.store().events(filter, 100).await.expect("read");
        assert_eq!(hers.len(), 8, "with her creation: {hers:?}");
        assert!(hers.iter().all(|event| event.username.as_deref() == Some("alice")));
    }
}

on_both_databases! {
    async fn what_was_undone_was_not(database) {
        let app = TestApp::new(database, &[]).await;
        let ears = Arc::new(Ears::default());
        app.store().outlet().call(ears.clone());
        let written = app.store().write(|tx| {
            Box::pin(async move {
                tx.note(Event::new(Kind::LoginSuccess, 0)).await?;
                Err::<(), _>(StoreError::Conflict)
            })
        });
        assert!(written.await.is_err());
        assert_eq!(kinds(&app).await, Vec::<String>::new());
        assert_eq!(ears.heard(), Vec::<String>::new());
    }
}

/// Hooks that remember what they heard, and give alice a role.
#[derive(Default)]
struct Ears {
    heard: Mutex<Vec<String>>,
    role: Mutex<Option<&'static str>>,
}

impl Ears {
    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().expect("not poisoned"))
    }

    fn hear(&self, words: String) {
        self.heard.lock().expect("not poisoned").push(words);
    }
}

impl Hooks for Ears {
    fn on_login(&self, login: &Event) {
        self.hear(format!("login of {:?}", login.username.as_deref()));
        assert!(
            login.username.as_deref() != Some("carol"),
            "a hook that panics"
        );
    }

    fn on_login_failed(&self, failure: &Event) {
        self.hear(format!("failed login of {:?}", failure.username.as_deref()));
    }

    fn on_tokens_issued(&self, issued: &Issued<'_>) {
        self.hear(format!("{} tokens issued", issued.tokens.len()));
        assert!(issued.user != UserId(1), "a hook that panics");
    }

    fn on_tokens_refreshed(&self, issued: &Issued<'_>) {
        self.hear(format!("refreshed to generation {}", issued.generation.0));
        assert!(issued.user != UserId(1), "a hook that panics");
    }

    fn on_session_ended(&self, end: &Event) {
        self.hear(format!("ended: {:?}", end.detail.as_deref()));
    }

    fn claims<'a>(
        &'a self,
        _: &'a User,
    ) -> futures_util::future::BoxFuture<'a, Result<CustomClaims, HookError>> {
        Box::pin(async move {
            let role = self
                .role
                .lock()
                .expect("not poisoned")
                .ok_or("the roles are away")?;
            let claims = json!({"role": role, "user_id": "1", "exp": 0, "sid": "mine"});
            Ok(claims.as_object().expect("an object").clone())
        })
    }
}

fn claims(token: &str) -> Value {
    use base64::Engine;
    let payload = token.split('.').nth(1).expect("a payload");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
    serde_json::from_slice(&payload.expect("base64")).expect("JSON")
}

on_both_databases! {
    async fn hooks_hear_and_add_claims(database) {
        let app = TestApp::new(database, &[]).await;
        let ears = Arc::new(Ears::default());
        *ears.role.lock().expect("not poisoned") = Some("reader");
        app.store().outlet().call(ears.clone());
        fail_to_log_in(&app, "alice").await;
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!(ears.heard(), ["failed login of Some(\"alice\")", "login of Some(\"alice\")", "2 tokens issued"]);
        for token in [&refresh, &access] {
            let claims = claims(token);
            assert_eq!((&claims["role"], &claims["user_id"]), (&json!("reader"), &json!("2")), "{claims}");
            assert_ne!(claims["sid"], json!("mine"));
        }
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);

        *ears.role.lock().expect("not poisoned") = Some("editor");
        let refreshed = app.refresh(&refresh).await;
        assert_eq!(refreshed.status, 200, "{refreshed:?}");
        for name in ["access", "refresh"] {
            assert_eq!(claims(&refreshed.text(name))["role"], json!("editor"), "asked again");
        }
        assert_eq!(app.refresh(&refresh).await.text("refresh"), refreshed.text("refresh"), "the same successor");
        app.blacklist(&refreshed.text("refresh")).await;
        let words = ["refreshed to generation 1", "refreshed to generation 1", "ended: Some(\"logout\")"];
        assert_eq!(ears.heard(), words);
    }
}

on_both_databases! {
    async fn a_hook_that_fails_costs_no_session(database) {
        let app = TestApp::new(database, &[]).await;
        let ears = Arc::new(Ears::default());
        *ears.role.lock().expect("not poisoned") = Some("reader");
        app.store().outlet().call(ears.clone());
        let (refresh, _) = app.log_in("alice").await;
        *ears.role.lock().expect("not poisoned") = None;
        let answer = app.refresh(&refresh).await;
        assert_eq!((answer.status, answer.header(header::RETRY_AFTER.as_str())), (503, "1"));
        *ears.role.lock().expect("not poisoned") = Some("reader");
        assert_eq!(app.refresh(&refresh).await.status, 200);
        let (refresh, _) = app.log_in("admin").await;
        assert_eq!(ears.heard().last().map(String::as_str), Some("2 tokens issued"), "after the panic");
        assert_eq!(app.refresh(&refresh).await.status, 200, "whatever the hook does");
    }
}
