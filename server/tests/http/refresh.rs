//! `POST /api/token/refresh/`.

use serde_json::json;

use crate::harness::{Database, START, TestApp, claims, on_both_databases};

on_both_databases! {
    async fn a_refresh_begins_the_next_generation(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        app.wait(60);
        let answer = app.refresh(&first).await;
        let (access, second) = (claims(&answer.text("access")), claims(&answer.text("refresh")));
        assert_eq!((&second["gen"], &access["gen"]), (&json!(1), &json!(1)));
        assert_eq!(second["sid"], claims(&first)["sid"]);
        assert_ne!(second["jti"], claims(&first)["jti"]);
        assert_eq!(second["exp"], START + 60 + 86_400);
        assert_eq!(access["exp"], START + 60 + 300);
    }
}

on_both_databases! {
    async fn without_rotation_the_refresh_token_stays(database) {
        let app = TestApp::new(database, &["--rotate-refresh-tokens=false"]).await;
        let (refresh, _) = app.log_in("alice").await;
        for _ in 0..3 {
            let answer = app.refresh(&refresh).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.json().as_object().expect("an object").keys().collect::<Vec<_>>(), ["access"]);
        }
        let page = app.outstanding("alice").await;
        assert_eq!(page.len(), 5, "a pair, and an access token a refresh");
    }
}

on_both_databases! {
    async fn without_blacklisting_a_spent_token_can_be_used_again(database) {
        let app = TestApp::new(database, &["--blacklist-after-rotation=false"]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let third = app.refresh(&first).await.text("refresh");
        assert_ne!(second, third);
        assert_eq!(app.refresh(&second).await.status, 200);
    }
}

on_both_databases! {
    async fn what_was_spent_stays_so_under_other_settings(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let app = app.restarted(&["--blacklist-after-rotation=false"]).await;
        app.refresh(&first).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&second).await.status, 200, "where copies can not be told, nobody is thrown out");
    }
}

on_both_databases! {
    async fn rotation_never_leads_past_the_end_of_the_session(database) {
        let app = TestApp::new(database, &["--session-lifetime=1h", "--refresh-token-lifetime=40m"]).await;
        let (mut token, _) = app.log_in("alice").await;
        let end = START + 3600;
        for _ in 0..3 {
            app.wait(1199);
            let answer = app.refresh(&token).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            token = answer.text("refresh");
            assert!(claims(&token)["exp"].as_i64().expect("a time") <= end);
            assert!(claims(&answer.text("access"))["exp"].as_i64().expect("a time") <= end);
        }
        assert_eq!(claims(&token)["exp"], end);
        app.wait(3);
        app.refresh(&token).await.assert_token_refused("Token is expired");
    }
}

on_both_databases! {
    async fn an_ended_session_says_why(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        let answer = app.refresh(&refresh).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_eq!(answer.header("jotward-session-ended"), "logout");
    }
}

on_both_databases! {
    async fn a_user_who_is_shut_out_gets_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let user = app.user("alice").await;
        assert_eq!(app.store().deactivate_user(&user, &app.state.clock).await.expect("done"), 1);
        let answer = app.refresh(&refresh).await;
        let refused = json!({"detail": "No active account found for the given token."});
        assert_eq!((answer.status, answer.json()), (401, refused));
        assert_eq!(answer.header("jotward-session-ended"), "user_disabled");
        assert_eq!(app.get_as(&access, "/api/users/").await.json()["code"], "user_inactive");

        app.store().activate_user(&user, &app.state.clock).await.expect("done");
        let answer = app.refresh(&refresh).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_eq!(answer.header("jotward-session-ended"), "user_disabled");
    }
}

on_both_databases! {
    async fn a_deleted_users_tokens_die_and_stay_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let user = app.user("alice").await;
        app.store().delete_user(&user, &app.state.clock).await.expect("done");
        let answer = app.refresh(&refresh).await;
        assert_eq!((answer.status, answer.text("detail").as_str()), (401, "No active account found for the given token."));
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 401);
        let page = app.outstanding("").await;
        assert_eq!(page.len(), 2);
        assert!(page.iter().all(|row| row.username.is_none() && row.ended_at.is_some()));
    }
}

on_both_databases! {
    async fn a_number_of_a_deleted_user_is_not_given_again(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for name in ["bob", "alice"] {
            let user = app.user(name).await;
            app.store().delete_user(&user, &app.state.clock).await.expect("done");
        }
        let add = jotward::account::AddUser {
            username: "mallory".into(),
            email: String::new(),
            password: "mallory-pass".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        let id = app.store().add_user(add, &app.state.hasher, &app.state.clock).await.expect("added");
        assert_eq!(id.0, 4);
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 401);
    }
}

on_both_databases! {
    async fn a_changed_password_ends_the_sessions(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        let user = app.user("alice").await;
        app.store().change_password(&user, "another-pass".into(), &app.state.hasher, &app.state.clock).await.expect("changed");
        let answer = app.refresh(&refresh).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_eq!(answer.header("jotward-session-ended"), "password");
    }
}

on_both_databases! {
    async fn nobody_uses_a_session_of_somebody_else(database) {
        let app = TestApp::new(database, &["--adopt-foreign-tokens=true"]).await;
        let (refresh, _) = app.log_in("alice").await;
        let mut stolen = claims(&refresh);
        stolen["user_id"] = json!("1");
        let forged = crate::conformance::sign(&json!({"alg": "HS256", "typ": "JWT"}), &stolen);
        app.refresh(&forged).await.assert_token_refused("Token is invalid");
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}
