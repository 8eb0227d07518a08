//! Which names strangers can choose.

use serde_json::json;

use super::{OPEN, assert_errors, log_in, put, register, send, token_of};
use crate::harness::{Database, TestApp, on_both_databases};

on_both_databases! {
    async fn a_name_has_letters_digits_and_five_signs(database) {
        let app = TestApp::new(database, &[OPEN]).await;
        let token = register(&app, "ann").await;
        let invalid = json!({"username": ["is invalid"]});
        for bad in ["a b", "a\u{200b}b", "a\u{202e}b", "a\u{7}b", "ann!", "a/b", "<b>", "\u{3164}"] {
            let user = json!({"username": bad, "email": "eve@x.example", "password": "password-1"});
            assert_errors(&send(&app, "POST", "/api/users", "", &json!({"user": user})).await, 422, &invalid);
            assert_errors(&put(&app, &token, json!({"username": bad})).await, 422, &invalid);
        }
        for (n, good) in ["Ann.B+c-d_e@f", "Åsa", "李小龍", "٣اب", "x2"].into_iter().enumerate() {
            let email = format!("{n}@x.example");
            let user = json!({"username": good, "email": email, "password": "password-1"});
            let answer = send(&app, "POST", "/api/users", "", &json!({"user": user})).await;
            assert_eq!(answer.status, 201, "{answer:?}");
        }
    }
}

on_both_databases! {
    async fn a_name_that_an_operator_gave_may_be_sent_back(database) {
        let app = TestApp::new(database, &[]).await;
        let user = jotward::account::AddUser {
            username: "Ann B".into(),
            email: "ann@x.example".into(),
            password: "password-1".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        app.store().add_user(user, &app.state.hasher, &app.state.clock).await.expect("added");
        let token = token_of(&log_in(&app, "ann@x.example", "password-1").await);
        let all = json!({"username": "Ann B", "email": "ann@x.example", "bio": "b", "image": null});
        let answer = put(&app, &token, all).await;
        assert_eq!((answer.status, &answer.json()["user"]["bio"]), (200, &json!("b")), "{answer:?}");
        let another = json!({"username": "Ann C"});
        assert_errors(&put(&app, &token, another).await, 422, &json!({"username": ["is invalid"]}));
    }
}
