//! How lone tokens are renewed: seldom, and so that neither an answer that was lost nor a client that keeps its first
//! token costs anything.

use axum::http::Method;
use serde_json::{Value, json};

use super::{A_DAY, OPEN, assert_errors, get, put, register, send, token_of};
use crate::harness::{Caller, Database, TestApp, on_both_databases};

const HALF_A_DAY: i64 = A_DAY / 2;

async fn tokens_on_record(app: &TestApp, name: &str) -> usize {
    app.outstanding(name).await.len()
}

on_both_databases! {
    async fn who_keeps_the_first_token_gets_the_same_second_one_each_time(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let first = register(&app, "ann").await;
        app.wait(HALF_A_DAY + 1);
        let second = token_of(&get(&app, &first).await);
        assert_ne!(second, first);
        for _ in 0..5 {
            app.wait(60);
            assert_eq!(token_of(&get(&app, &first).await), second, "an answer can get lost");
            assert_eq!(token_of(&put(&app, &first, json!({"bio": "b"})).await), second);
        }
        assert_eq!(tokens_on_record(&app, "ann").await, 2);
        assert_eq!(token_of(&get(&app, &second).await), second);
        app.wait(HALF_A_DAY);
        let third = token_of(&get(&app, &second).await);
        assert_ne!(third, second);
        assert_eq!(tokens_on_record(&app, "ann").await, 3);
    }
}

on_both_databases! {
    async fn near_the_end_of_the_session_it_is_the_same_one_too(database) {
        let app = TestApp::new(database, &[OPEN, "--session-lifetime=25h"]).await;
        let first = register(&app, "ann").await;
        app.wait(HALF_A_DAY + 1);
        let second = token_of(&get(&app, &first).await);
        app.wait(HALF_A_DAY - 60);
        assert_eq!(token_of(&get(&app, &first).await), second, "it ends with the session, and none could live longer");
        assert_eq!(tokens_on_record(&app, "ann").await, 2);
    }
}

on_both_databases! {
    async fn one_that_was_ended_by_itself_is_not_given_again(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let first = register(&app, "ann").await;
        app.wait(HALF_A_DAY + 1);
        let second = token_of(&get(&app, &first).await);
        assert_eq!(app.post("/api/token/expire/", &json!({"token": second})).await.status, 200);
        let third = token_of(&get(&app, &first).await);
        assert!(third != first && third != second);
        assert_eq!(app.verify(&third).await.status, 200);
    }
}

on_both_databases! {
    async fn a_head_renews_nothing(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let first = register(&app, "ann").await;
        app.wait(HALF_A_DAY + 1);
        let credentials = format!("Token {first}");
        for _ in 0..3 {
            assert_eq!(send(&app, "HEAD", "/api/user", &credentials, &Value::Null).await.status, 200);
        }
        assert_eq!(tokens_on_record(&app, "ann").await, 1);
    }
}

on_both_databases! {
    async fn the_old_one_lives_on_where_a_refresh_stops_what_was_before(database) {
        let app = TestApp::new(database, &[OPEN, "--token-expire-on-refresh=true"]).await;
        let first = register(&app, "ann").await;
        app.wait(HALF_A_DAY + 1);
        let second = token_of(&get(&app, &first).await);
        assert_ne!(second, first);
        for token in [&first, &second] {
            assert_eq!(app.verify(token).await.status, 200);
            assert_eq!(get(&app, token).await.status, 200);
        }
    }
}

on_both_databases! {
    async fn a_token_that_was_carried_elsewhere_is_noticed_though_nothing_is_issued(database) {
        const HOME: Caller = Caller::new("192.0.2.7", "Firefox");
        const THIEF: Caller = HOME.at("198.51.100.9");
        let app = TestApp::new(database, &[OPEN, "--anomaly-travel=end"]).await;
        let body = json!({"user": {"email": "alice@example.com", "password": "alice-pass-1"}});
        let first = token_of(&HOME.posts(&app, "/api/users/login", &body).await);
        app.wait(HALF_A_DAY + 1);
        let asks = async |caller: Caller| {
            let credentials = format!("Token {first}");
            caller.sends(&app, (Method::GET, "/api/user"), &credentials, &Value::Null).await
        };
        for caller in [HOME, THIEF, HOME] {
            assert_eq!(asks(caller).await.status, 200);
        }
        assert_eq!(asks(THIEF).await.status, 401);
        assert_errors(&asks(HOME).await, 401, &json!({"token": ["is invalid"]}));
    }
}
