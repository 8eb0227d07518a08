//! `POST /api/token/sliding/` and `/api/token/sliding/refresh/`.

use jotward::lifecycle::{Actor, Ended};
use jotward::store::TokenId;
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

const ACCEPTED: &str = "--auth-token-types=access,sliding";

async fn obtain(app: &TestApp, name: &str) -> String {
    let body = json!({"username": name, "password": format!("{name}-pass-1")});
    app.post("/api/token/sliding/", &body).await.text("token")
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/token/sliding/refresh/", &json!({"token": token}))
        .await
}

async fn rows(app: &TestApp, search: &str) -> Vec<TokenId> {
    let rows = app.outstanding(search).await;
    rows.iter().map(|row| TokenId(row.id)).collect()
}

/// Blacklists the one token there is, as an admin does.
async fn blacklist_the_only_one(app: &TestApp) {
    let rows = rows(app, "").await;
    assert_eq!(rows.len(), 1);
    let actor = Actor {
        name: "admin".into(),
        note: "test".into(),
        origin: jotward::store::Origin::default(),
    };
    let done = app.state.blacklist(rows[0], &actor).await.expect("done");
    assert_eq!(done, Ended::Now);
}

fn foreign(exp: i64, refresh_exp: Option<i64>, user_id: &Value) -> String {
    let mut claims = json!({
        "token_type": "sliding", "exp": exp, "iat": START, "jti": "f0f0", "user_id": user_id,
    });
    if let Some(refresh_exp) = refresh_exp {
        claims["refresh_exp"] = json!(refresh_exp);
    }
    sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

on_both_databases! {
    async fn a_refresh_moves_the_end_and_nothing_else(database) {
        let app = TestApp::new(database, &[]).await;
        let first = obtain(&app, "alice").await;
        app.wait(200);
        let second = refresh(&app, &first).await.text("token");
        let (first, second) = (claims(&first), claims(&second));
        assert_eq!((&first["exp"], &first["iat"]), (&json!(START + 300), &json!(START)));
        assert_eq!((&second["exp"], &second["iat"]), (&json!(START + 500), &json!(START + 200)));
        assert_eq!(second["refresh_exp"], json!(START + 86_400));
        for same in ["token_type", "jti", "refresh_exp", "user_id", "sid", "gen"] {
            assert_eq!(first[same], second[same], "{same}");
        }
        assert_eq!(rows(&app, "alice").await.len(), 1, "one row for every form of it");
    }
}

on_both_databases! {
    async fn it_can_be_refreshed_while_it_is_valid_and_its_period_lasts(database) {
        let app = TestApp::new(database, &["--sliding-token-refresh-lifetime=400s", "--leeway=10s"]).await;
        let token = obtain(&app, "alice").await;
        app.wait(250);
        let second = refresh(&app, &token).await.text("token");
        app.wait(60);
        refresh(&app, &token).await.assert_token_refused("Token is expired");
        app.wait(99);
        let third = refresh(&app, &second).await;
        assert_eq!(third.status, 200, "409 s after the login, with a tolerance of 10");
        app.wait(1);
        let third = third.text("token");
        refresh(&app, &third).await.assert_token_refused("Token 'refresh_exp' claim has expired");
        assert_eq!(app.verify(&third).await.status, 200, "but it is valid for as long as it says");
    }
}

on_both_databases! {
    async fn blacklisted_it_stays_so_after_its_first_end_and_a_clean_up(database) {
        let app = TestApp::new(database, &[ACCEPTED]).await;
        let first = obtain(&app, "alice").await;
        app.wait(200);
        let second = refresh(&app, &first).await.text("token");
        blacklist_the_only_one(&app).await;
        app.wait(200);
        let now = app.state.clock.now();
        app.store().flush_expired(now).await.expect("flushed");
        refresh(&app, &second).await.assert_token_refused("Token is blacklisted");
        app.verify(&second).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.get_as(&second, "/api/users/").await.status, 401);
        let app = app.restarted(&[ACCEPTED]).await;
        app.store().flush_expired(now).await.expect("flushed");
        assert_eq!(rows(&app, "").await.len(), 1, "the evidence is kept");
        refresh(&app, &second).await.assert_token_refused("Token is blacklisted");
        app.verify(&second).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.get_as(&second, "/api/users/").await.status, 401);
    }
}

on_both_databases! {
    async fn neither_memory_nor_the_record_forgets_it_before_its_last_form_is_over(database) {
        const MINUTE: i64 = 60;
        const FLAGS: &[&str] = &[ACCEPTED, "--sliding-token-lifetime=3h"];
        let app = TestApp::new(database, FLAGS).await;
        let first = obtain(&app, "alice").await;
        app.wait(150 * MINUTE);
        let second = refresh(&app, &first).await.text("token");
        blacklist_the_only_one(&app).await;
        // More than an hour after the end of the first form, which is as long as anything is kept in doubt.
        app.wait(150 * MINUTE);
        app.store().flush_expired(app.state.clock.now()).await.expect("flushed");
        for _ in 0..64 {
            app.state.registry.sweep(app.state.clock.now());
        }
        assert_eq!(rows(&app, "").await.len(), 1, "the evidence is kept");
        app.verify(&second).await.assert_token_refused("Token is blacklisted");
        let app = app.restarted(FLAGS).await;
        app.verify(&second).await.assert_token_refused("Token is blacklisted");
        refresh(&app, &second).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_row_outlives_every_form_of_its_token_also_when_settings_change(database) {
        let app = TestApp::new(database, &["--sliding-token-refresh-lifetime=10m"]).await;
        let token = obtain(&app, "alice").await;
        let app = app.restarted(&["--sliding-token-lifetime=2h"]).await;
        app.wait(200);
        let longer = refresh(&app, &token).await.text("token");
        blacklist_the_only_one(&app).await;
        app.wait(7000);
        app.store().flush_expired(app.state.clock.now()).await.expect("flushed");
        app.verify(&longer).await.assert_token_refused("Token is blacklisted");
        let app = app.restarted(&["--sliding-token-lifetime=2h"]).await;
        app.verify(&longer).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn it_comes_with_requests_where_that_is_asked_for(database) {
        let app = TestApp::new(database, &[]).await;
        let token = obtain(&app, "alice").await;
        let message = |class: &str, kind: &str, message: &str| {
            json!({"token_class": class, "token_type": kind, "message": message})
        };
        let refused = app.get_as(&token, "/api/users/").await;
        let expected = json!({
            "detail": "Given token not valid for any token type",
            "code": "token_not_valid",
            "messages": [message("AccessToken", "access", "Token has wrong type")],
        });
        assert_eq!((refused.status, refused.json()), (401, expected));
        let app = app.restarted(&[ACCEPTED]).await;
        assert_eq!(app.get_as(&token, "/api/users/").await.status, 200);
        let (pair, access) = app.log_in("alice").await;
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        let messages = async |token: &str| {
            let refused = app.get_as(token, "/api/users/").await;
            assert_eq!(refused.status, 401);
            refused.json()["messages"].clone()
        };
        assert_eq!(messages(&pair).await, json!([
            message("AccessToken", "access", "Token has wrong type"),
            message("SlidingToken", "sliding", "Token has wrong type"),
        ]));
        assert_eq!(messages("garbage").await, json!([
            message("AccessToken", "access", "Token is invalid"),
            message("SlidingToken", "sliding", "Token is invalid"),
        ]));
        let session = claims(&token)["sid"].as_str().and_then(jotward::token::SessionId::parse);
        let origin = jotward::store::Origin::default();
        app.state.end_own_session(session.expect("an id"), &origin).await.expect("ended");
        assert_eq!(messages(&token).await, json!([
            message("AccessToken", "access", "Token has wrong type"),
            message("SlidingToken", "sliding", "Token is blacklisted"),
        ]));
    }
}

on_both_databases! {
    async fn where_access_tokens_outlive_their_session_it_does_not(database) {
        let app = TestApp::new(database, &[ACCEPTED, "--immediate-revocation=false"]).await;
        let token = obtain(&app, "alice").await;
        assert_eq!(app.get_as(&token, "/api/users/").await.status, 200);
        blacklist_the_only_one(&app).await;
        assert_eq!(app.get_as(&token, "/api/users/").await.status, 401);
        app.verify(&token).await.assert_token_refused("Token is blacklisted");
        refresh(&app, &token).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn verifying_it_asks_no_database(database) {
        let app = TestApp::new(database, &[ACCEPTED]).await;
        let token = obtain(&app, "alice").await;
        app.store().close().await;
        assert_eq!(app.verify(&token).await.status, 200);
        assert_eq!(refresh(&app, &token).await.status, 503);
    }
}

on_both_databases! {
    async fn its_user_must_be_there_and_active(database) {
        let app = TestApp::new(database, &[]).await;
        for shut_out in [true, false] {
            let token = obtain(&app, if shut_out { "alice" } else { "admin" }).await;
            if shut_out {
                let user = app.user("alice").await;
                app.store().deactivate_user(&user, &app.state.clock).await.expect("done");
            } else {
                let user = app.user("admin").await;
                app.store().delete_user(&user, &app.state.clock).await.expect("done");
            }
            let answer = refresh(&app, &token).await;
            let expected = json!({"detail": "No active account found for the given token."});
            assert_eq!((answer.status, answer.json()), (401, expected));
        }
    }
}

on_both_databases! {
    async fn it_is_no_other_token(database) {
        let app = TestApp::new(database, &[]).await;
        let sliding = obtain(&app, "alice").await;
        let (pair, access) = app.log_in("alice").await;
        app.refresh(&sliding).await.assert_token_refused("Token has wrong type");
        app.blacklist(&sliding).await.assert_token_refused("Token has wrong type");
        for other in [&pair, &access] {
            refresh(&app, other).await.assert_token_refused("Token has wrong type");
        }
        assert_eq!(refresh(&app, &sliding).await.status, 200);
    }
}

on_both_databases! {
    async fn logins_are_throttled_and_kept_alike(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min", "--update-last-login=true"]).await;
        let wrong = json!({"username": "alice", "password": "wrong"});
        let answer = app.post("/api/token/sliding/", &wrong).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json(), json!({"detail": "No active account found with the given credentials"}));
        obtain(&app, "alice").await;
        assert_eq!(app.user("alice").await.last_login, Some(START));
    }
}

on_both_databases! {
    async fn strangers_are_refused_unless_adopted(database) {
        let app = TestApp::new(database, &[ACCEPTED]).await;
        let token = foreign(START + 300, Some(START + 3600), &json!("2"));
        refresh(&app, &token).await.assert_token_refused("Token is invalid");
        app.verify(&token).await.assert_token_refused("Token is invalid");
        assert_eq!(app.get_as(&token, "/api/users/").await.status, 401);
        assert!(rows(&app, "").await.is_empty());
    }
}

on_both_databases! {
    async fn the_first_refresh_adopts_it(database) {
        let app = TestApp::new(database, &[ACCEPTED, "--adopt-foreign-tokens=true"]).await;
        let token = foreign(START + 300, Some(START + 3600), &json!("2"));
        assert_eq!(app.get_as(&token, "/api/users/").await.status, 200);
        app.wait(100);
        let ours = refresh(&app, &token).await.text("token");
        assert_eq!(claims(&ours)["jti"], "f0f0");
        assert_eq!(claims(&ours)["refresh_exp"], START + 3600);
        assert!(claims(&ours)["sid"].is_string());
        assert_eq!(refresh(&app, &token).await.status, 200, "it can come again");
        for form in [&token, &ours] {
            assert_eq!(app.get_as(form, "/api/users/").await.status, 200);
        }
        blacklist_the_only_one(&app).await;
        for form in [&token, &ours] {
            refresh(&app, form).await.assert_token_refused("Token is blacklisted");
            app.verify(form).await.assert_token_refused("Token is blacklisted");
            assert_eq!(app.get_as(form, "/api/users/").await.status, 401);
        }
    }
}

on_both_databases! {
    async fn what_could_not_be_refreshed_is_not_adopted(database) {
        let app = TestApp::new(database, &["--adopt-foreign-tokens=true"]).await;
        let gone = foreign(START + 300, None, &json!("2"));
        refresh(&app, &gone).await.assert_token_refused("Token has no 'refresh_exp' claim");
        let over = foreign(START + 300, Some(START), &json!("2"));
        refresh(&app, &over).await.assert_token_refused("Token 'refresh_exp' claim has expired");
        let nobodys = foreign(START + 300, Some(START + 600), &json!("4242"));
        assert_eq!(refresh(&app, &nobodys).await.status, 401);
        let odd = sign(&json!({"alg": "HS256"}), &json!({
            "token_type": "sliding", "exp": START + 300, "refresh_exp": "soon", "jti": "f0f0", "user_id": "2",
        }));
        refresh(&app, &odd).await.assert_token_refused("Token is invalid");
        assert!(rows(&app, "").await.is_empty());
    }
}

on_both_databases! {
    async fn its_claim_may_have_another_name(database) {
        let app = TestApp::new(database, &["--sliding-token-refresh-exp-claim=until", "--sliding-token-lifetime=2d"]).await;
        let token = obtain(&app, "alice").await;
        assert_eq!(claims(&token)["until"], START + 86_400);
        assert_eq!(refresh(&app, &token).await.status, 200);
        app.wait(86_400);
        refresh(&app, &token).await.assert_token_refused("Token 'until' claim has expired");
    }
}

on_both_databases! {
    async fn a_session_that_ends_by_itself_ends_it(database) {
        let app = TestApp::new(database, &["--session-lifetime=400s"]).await;
        let token = obtain(&app, "alice").await;
        assert_eq!(claims(&token)["refresh_exp"], START + 400);
        app.wait(250);
        let second = refresh(&app, &token).await.text("token");
        assert_eq!(claims(&second)["exp"], START + 400, "never past the session's end");
        app.wait(150);
        refresh(&app, &second).await.assert_token_refused("Token is expired");
    }
}

on_both_databases! {
    async fn whoever_holds_it_can_end_it(database) {
        let app = TestApp::new(database, &[ACCEPTED]).await;
        let first = obtain(&app, "alice").await;
        app.wait(100);
        let second = refresh(&app, &first).await.text("token");
        let answer = app.post("/api/token/expire/", &json!({"token": first})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for form in [&first, &second] {
            assert_eq!(app.get_as(form, "/api/users/").await.status, 401);
            refresh(&app, form).await.assert_token_refused("Token is blacklisted");
        }
    }
}

on_both_databases! {
    async fn a_password_that_changes_ends_it(database) {
        let app = TestApp::new(database, &[]).await;
        let token = obtain(&app, "alice").await;
        let user = app.user("alice").await;
        let changed = app.store().change_password(
            &user,
            "another-pass-1".into(),
            &app.state.hasher,
            &app.state.clock,
        );
        changed.await.expect("changed");
        let refused = refresh(&app, &token).await;
        refused.assert_token_refused("Token is blacklisted");
        assert_eq!(refused.header("jotward-session-ended"), "password");
    }
}
