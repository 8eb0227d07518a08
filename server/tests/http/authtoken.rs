//! `POST /api/get-auth-token/` and `Authorization: Token …`. What Django REST framework answers is in `conformance`.

use axum::body::Body;
use axum::http::{Request, header};
use jotward::api_tokens::{ApiTokens, Existing};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::harness::{Answer, Database, KEY, TestApp, on_both_databases};

const PATH: &str = "/api/get-auth-token/";

async fn fetch(app: &TestApp, name: &str) -> String {
    let password = format!("{name}-pass-1");
    let answer = app
        .post(PATH, &json!({"username": name, "password": password}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text("token")
}

async fn users_with(app: &TestApp, authorization: &str) -> Answer {
    app.get("/api/users/", &[(header::AUTHORIZATION, authorization)])
        .await
}

async fn works(app: &TestApp, token: &str) -> bool {
    let answer = users_with(app, &format!("Token {token}")).await;
    if answer.status != 200 {
        let refused = (answer.status, answer.json());
        assert_eq!(refused, (401, json!({"detail": "Invalid token."})));
    }
    answer.status == 200
}

on_both_databases! {
    async fn the_same_token_at_every_login(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        assert!(token.len() == 40 && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{token}");
        assert_eq!(fetch(&app, "alice").await, token);
        assert_ne!(fetch(&app, "admin").await, token);
        let app = app.restarted(&[]).await;
        assert_eq!(fetch(&app, "alice").await, token);
        assert!(works(&app, &token).await);
        assert!(!works(&app, &token.to_uppercase()).await);
        assert!(!works(&app, &token[..39]).await);
    }
}

on_both_databases! {
    async fn forms_are_read_and_what_stands_in_authorization_does_not_matter(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        let form = "username=alice&password=alice-pass-1";
        let parts = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nalice\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nalice-pass-1\r\n--b--\r\n";
        for (content_type, body) in [("application/x-www-form-urlencoded", form), ("multipart/form-data; boundary=b", parts)] {
            for authorization in ["Token wrong", "Token a b", "Bearer x", "nonsense"] {
                let request = Request::post(PATH)
                    .header(header::CONTENT_TYPE, content_type)
                    .header(header::AUTHORIZATION, authorization);
                let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
                assert_eq!((answer.status, answer.text("token")), (200, token.clone()), "{authorization}");
            }
        }
        let answer = app.get(PATH, &[]).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST, OPTIONS"));
    }
}

on_both_databases! {
    async fn what_is_refused(database) {
        let app = TestApp::new(database, &[]).await;
        let refused = json!({"non_field_errors": ["Unable to log in with provided credentials."]});
        for (name, password) in [("alice", "wrong"), ("alice", "  "), ("alice", " alice-pass-1 "), ("nobody", "x"), ("bob", "bob-pass-1")] {
            let answer = app.post(PATH, &json!({"username": name, "password": password})).await;
            assert_eq!((answer.status, answer.json()), (400, refused.clone()), "{name} {password}");
        }
        let required = json!({"username": ["This field is required."], "password": ["This field is required."]});
        assert_eq!(app.post(PATH, &json!({})).await.json(), required);
        for (header, detail) in [
            ("Token", "Invalid token header. No credentials provided."),
            ("token a b", "Invalid token header. Token string should not contain spaces."),
            ("Token zzz", "Invalid token."),
            ("Token a.b.c", "Invalid token."),
        ] {
            let answer = users_with(&app, header).await;
            assert_eq!((answer.status, answer.json()), (401, json!({"detail": detail})), "{header}");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"");
        }
    }
}

on_both_databases! {
    async fn an_access_token_may_have_the_scheme_too(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!(users_with(&app, &format!("Token {access}")).await.status, 200);
        let answer = users_with(&app, &format!("Token {refresh}")).await;
        assert_eq!(answer.json()["messages"][0]["message"], "Token has wrong type");
        app.wait(300);
        let answer = users_with(&app, &format!("Token {access}")).await;
        assert_eq!(answer.json()["messages"][0]["message"], "Token is expired", "a client is to refresh it");
        assert_eq!(answer.json()["code"], "token_not_valid");

        let app = app.restarted(&["--auth-header-types=Token"]).await;
        let token = fetch(&app, "alice").await;
        assert!(works(&app, &token).await, "both, where the scheme is that of access tokens");
    }
}

on_both_databases! {
    async fn a_login_for_one_is_throttled_as_every_login(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min"]).await;
        let wrong = json!({"username": "alice", "password": "wrong"});
        for status in [400, 400, 429] {
            assert_eq!(app.post(PATH, &wrong).await.status, status);
        }
        let answer = app.post("/api/token/", &json!({"username": "alice", "password": "alice-pass-1"})).await;
        assert_eq!(answer.status, 429, "one count for both");
    }
}

on_both_databases! {
    async fn it_ends_with_the_password_and_the_user(database) {
        let app = TestApp::new(database, &[]).await;
        let (store, clock) = (app.store(), &app.state.clock);
        let alice = app.user("alice").await;
        let first = fetch(&app, "alice").await;
        store.change_password(&alice, "alice-pass-1".into(), &app.state.hasher, clock).await.expect("changed");
        assert!(!works(&app, &first).await);
        let second = fetch(&app, "alice").await;
        assert_ne!(first, second);
        store.deactivate_user(&alice, clock).await.expect("done");
        assert!(!works(&app, &second).await);
        store.activate_user(&alice, clock).await.expect("done");
        assert!(!works(&app, &second).await, "what is over stays over");
        let third = fetch(&app, "alice").await;
        store.log_out_user(&alice, clock).await.expect("done");
        assert!(works(&app, &third).await, "it belongs to no session");
        store.delete_user(&alice, clock).await.expect("done");
        assert!(!works(&app, &third).await);
    }
}

on_both_databases! {
    async fn it_ends_with_every_session_there_is(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        let reason = jotward::session::EndReason::Anomaly;
        jotward::tide::end_all_sessions(app.store(), &app.state.clock, reason, "restored").await.expect("done");
        assert!(!works(&app, &token).await, "a backup does not know that it was reset");
    }
}

on_both_databases! {
    async fn another_signing_secret_makes_another_token_at_the_next_login(database) {
        let app = TestApp::new(database, &[]).await;
        let alice = app.user("alice").await;
        let earlier = ApiTokens::new(&"another secret, of an earlier time, long enough".into());
        let old = earlier.give(app.store(), &alice, Existing::Keep, 0).await.expect("done").expect("a user");
        let old = old.expose_secret();
        assert!(works(&app, old).await, "until then the old one is good");
        let new = fetch(&app, "alice").await;
        assert!(new != old && works(&app, &new).await && !works(&app, old).await);
        assert_eq!(fetch(&app, "alice").await, new);
    }
}

on_both_databases! {
    async fn first_logins_at_once_get_one_token(database) {
        let app = TestApp::new(database, &[]).await;
        let all = futures_util::future::join_all((0..8).map(|_| fetch(&app, "alice"))).await;
        assert!(all.iter().all(|token| *token == all[0]), "{all:?}");
        assert!(works(&app, &all[0]).await);
    }
}

on_both_databases! {
    async fn a_login_that_races_a_change_of_the_password_leaves_nothing_behind(database) {
        let app = TestApp::new(database, &[]).await;
        let alice = app.user("alice").await;
        let mut password = "alice-pass-1".to_owned();
        for round in 0..10 {
            let next = format!("alice-pass-of-round-{round}");
            let login = json!({"username": "alice", "password": password});
            let change = app.store().change_password(&alice, next.clone().into(), &app.state.hasher, &app.state.clock);
            let (fetched, changed) = futures_util::future::join(app.post(PATH, &login), change).await;
            changed.expect("changed");
            if fetched.status == 200 {
                assert!(!works(&app, &fetched.text("token")).await, "fetched with the old password");
            }
            password = next;
        }
    }
}

on_both_databases! {
    async fn its_use_is_noted_now_and_then(database) {
        let app = TestApp::new(database, &[]).await;
        let alice = app.user("alice").await.user_id();
        let token = fetch(&app, "alice").await;
        let last_used = async || {
            app.state.hand_on().await;
            let row = app.store().api_token_of(alice).await.expect("read").expect("there");
            row.last_used_at.map(|at| at - crate::harness::START)
        };
        assert_eq!(last_used().await, None, "a login is no use");
        app.wait(5);
        assert!(works(&app, &token).await);
        assert_eq!(last_used().await, Some(5));
        app.wait(50);
        assert!(works(&app, &token).await);
        assert_eq!(last_used().await, Some(5), "at most once a minute");
        app.wait(10);
        assert!(works(&app, &token).await);
        assert_eq!(last_used().await, Some(65));
        let again = ApiTokens::new(&KEY.into());
        let now = app.state.clock.now();
        again.give(app.store(), &app.user("alice").await, Existing::Replace, now).await.expect("done");
        assert_eq!(last_used().await, None, "another token was not used");
        assert!(!works(&app, &token).await);
    }
}

on_both_databases! {
    async fn what_happens_to_one_is_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        fetch(&app, "alice").await;
        fetch(&app, "alice").await;
        app.post(PATH, &json!({"username": "alice", "password": "wrong"})).await;
        let cookie = app.admin_cookie("admin").await;
        app.post_form("/admin/api-tokens/2/reset/", &cookie, &[("reason", "leaked")]).await;
        let events = app.store().events(jotward::store::EventFilter::default(), 100).await.expect("read");
        let mut alices = events.iter().rev().filter(|event| event.username.as_deref() == Some("alice"));
        let kinds: Vec<_> = alices.clone().map(|event| event.kind.as_str()).collect();
        let expected = [
            "user_created",
            "authn_login_success",
            "authn_token_created",
            "authn_login_success",
            "authn_login_fail",
            "authn_token_revoked",
        ];
        assert_eq!(kinds, expected);
        let last = alices.next_back().expect("one");
        assert_eq!((last.actor.as_deref(), last.detail.as_deref()), (Some("admin"), Some("the API token: leaked")));
    }
}

on_both_databases! {
    async fn only_a_hash_is_kept(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        let alice = app.user("alice").await.user_id();
        let row = app.store().write(move |tx| Box::pin(async move { tx.api_token(alice).await }));
        let row = row.await.expect("read").expect("there");
        assert_eq!(row.sha256, jotward::token::sha256(&token));
        assert!(row.salt.len() == 32 && !token.contains(&row.salt[..8]));
    }
}

on_both_databases! {
    async fn trouble_with_the_database_is_no_refusal(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        app.store().close().await;
        let answer = users_with(&app, &format!("Token {token}")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"));
        let answer = app.post(PATH, &json!({"username": "alice", "password": "alice-pass-1"})).await;
        assert_eq!(answer.status, 503);
    }
}
