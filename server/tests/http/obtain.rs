//! `POST /api/token/`.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use crate::harness::{Database, START, TestApp, claims, on_both_databases, secrets};

on_both_databases! {
    async fn a_login_answers_a_pair_that_is_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let (refresh, access) = (claims(&refresh), claims(&access));
        assert_eq!((&refresh["token_type"], &access["token_type"]), (&json!("refresh"), &json!("access")));
        assert_eq!(refresh["exp"], START + 86_400);
        assert_eq!(access["exp"], START + 300);
        assert_eq!(refresh["sid"], access["sid"]);
        assert_eq!((&refresh["gen"], &refresh["user_id"]), (&json!(0), &json!("2")));

        let page = app.outstanding("alice").await;
        let recorded: Vec<_> = page.iter().map(|row| row.jti.as_str()).collect();
        assert_eq!(recorded, [access["jti"].as_str().expect("text"), refresh["jti"].as_str().expect("text")]);
    }
}

on_both_databases! {
    async fn nothing_of_a_token_or_password_is_stored(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, access) = app.log_in("alice").await;
        let refresh = app.refresh(&first).await.text("refresh");
        app.blacklist(&refresh).await;
        let stored = secrets::everything(app.store()).await.expect("read");
        for there in ["alice@example.com", "logout", claims(&refresh)["jti"].as_str().expect("text")] {
            assert!(stored.contains(there), "looking in the right place");
        }
        for token in [first, refresh, access] {
            let (payload, signature) = (token.split('.').nth(1), token.split('.').nth(2));
            assert!(!stored.contains(payload.expect("a payload")) && !stored.contains(signature.expect("a signature")));
        }
        assert!(!stored.contains("alice-pass-1"));
    }
}

on_both_databases! {
    async fn one_answer_for_whoever_may_not_log_in(database) {
        let app = TestApp::new(database, &[]).await;
        for (username, password) in [
            ("alice", "wrong"),
            ("Alice", "alice-pass-1"),
            ("alice", "alice-pass-1 "),
            ("nobody", "alice-pass-1"),
            ("bob", "bob-pass-1"),
        ] {
            let answer = app.post("/api/token/", &json!({"username": username, "password": password})).await;
            let expected = json!({"detail": "No active account found with the given credentials"});
            assert_eq!((answer.status, answer.json()), (401, expected), "{username}");
        }
    }
}

on_both_databases! {
    async fn a_password_is_not_trimmed(database) {
        let app = TestApp::new(database, &[]).await;
        let user = app.user("alice").await;
        app.store()
            .change_password(&user, " spaces around ".into(), &app.state.hasher, &app.state.clock)
            .await
            .expect("changed");
        let answer = app.post("/api/token/", &json!({"username": "alice", "password": " spaces around "})).await;
        assert_eq!(answer.status, 200);
        let answer = app.post("/api/token/", &json!({"username": "alice", "password": "spaces around"})).await;
        assert_eq!(answer.status, 401);
    }
}

on_both_databases! {
    async fn a_hash_follows_the_parameters_at_the_next_login(database) {
        let app = TestApp::new(database, &[]).await;
        let stronger = jotward::account::Hasher::new(
            jotward::account::HashParams::new(64, 3, 1, None).expect("valid parameters"),
        );
        let user = app.user("alice").await;
        app.store().change_password(&user, "alice-pass-1".into(), &stronger, &app.state.clock).await.expect("changed");
        let hash = async || app.store().user_with_password("alice").await.expect("reads").expect("there").1;
        assert!(hash().await.contains("t=3"));
        app.log_in("alice").await;
        assert!(hash().await.contains("t=1"), "made anew with the parameters in force");
        app.log_in("alice").await;
    }
}

on_both_databases! {
    async fn the_last_login_is_kept_where_asked(database) {
        let app = TestApp::new(database, &[]).await;
        app.log_in("alice").await;
        assert_eq!(app.user("alice").await.last_login, None);
        let app = app.restarted(&["--update-last-login=true"]).await;
        app.log_in("alice").await;
        assert_eq!(app.user("alice").await.last_login, Some(START));
    }
}

on_both_databases! {
    async fn the_slash_at_the_end_may_be_left_out(database) {
        let app = TestApp::new(database, &[]).await;
        let answer = app.post("/api/token", &json!({"username": "alice", "password": "alice-pass-1"})).await;
        assert_eq!(answer.status, 200);
    }
}

on_both_databases! {
    async fn options_describes_the_endpoint(database) {
        let app = TestApp::new(database, &[]).await;
        let request = Request::options("/api/token/").body(Body::empty()).expect("a request");
        let answer = app.send(request).await;
        assert_eq!((answer.status, answer.header("allow")), (200, "POST, OPTIONS"));
        assert_eq!(answer.json()["actions"]["POST"]["username"]["required"], true);
    }
}

on_both_databases! {
    async fn only_json_is_written(database) {
        let app = TestApp::new(database, &[]).await;
        for (accept, status) in [("text/html", 406), ("text/html, */*;q=0.8", 405), ("application/json", 405)] {
            assert_eq!(app.get("/api/token/", &[(header::ACCEPT, accept)]).await.status, status, "{accept}");
        }
    }
}
