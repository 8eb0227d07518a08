//! A form of "end what matches" says what its page put into it, or what somebody made up. No field of it may say what the
//! address of the page could not have said: a pattern for everyone is no way round the right to end everyone's sessions.

use jotward::event::Kind;
use serde_json::{Value, json};

use crate::admin_revoke::events;
use crate::harness::{Answer, Database, TestApp, on_both_databases};

const SESSIONS: &str = "/admin/revoke/";
const TOKENS: &str = "/admin/revoke/tokens/";

/// Later than every session.
const LAST: &str = "ffffffff-ffff-7fff-bfff-ffffffffffff";

async fn sends(app: &TestApp, cookie: &str, path: &str, filter: &Value) -> Answer {
    let form = match path {
        TOKENS => json!({"filter": filter, "at": app.state.clock.now()}),
        _ => filter.clone(),
    };
    let form = form.to_string();
    let fields = [("reason", "x"), ("filter", form.as_str()), ("last", LAST)];
    app.post_form(path, cookie, &fields).await
}

on_both_databases! {
    async fn the_end_of_a_name_is_no_pattern(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let sue = app.admin_cookie("sue").await;
        let (token, _) = app.log_in("alice").await;
        for path in [SESSIONS, TOKENS] {
            for ending in [
                "", "%", "\\", "_", "______", "%%%%%%", "abcde", "abcde%", "ABCDEF", "abcdeg", "\u{2026}abcdef",
                "0123456789abcdef0123456789abcdef",
            ] {
                let answer = sends(&app, &sue, path, &json!({"ending": ending})).await;
                assert_eq!(answer.status, 400, "{path} {ending}");
            }
            // As a search gives it: of nobody here.
            let answer = sends(&app, &sue, path, &json!({"ending": "abcdef"})).await;
            assert_eq!(answer.status, 303, "{path} {answer:?}");
        }
        assert_eq!(app.refresh(&token).await.status, 200);
        let whole = events(&app, Kind::SessionsRevoked).await;
        assert!(whole.iter().all(|event| event.detail.as_deref().is_some_and(|detail| detail.starts_with("0 sessions"))), "{whole:?}");
    }
}

on_both_databases! {
    async fn no_field_says_what_an_address_could_not(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let sue = app.admin_cookie("sue").await;
        let (token, _) = app.log_in("alice").await;
        let long = "x".repeat(256);
        let both = [
            json!({"device": ""}), json!({"device": " x"}), json!({"device": "\0"}),
            json!({"address": ""}), json!({"address": "10.0.0"}), json!({"address": "%"}),
            json!({"status": "all"}), json!({"reason": ""}), json!({"reason": "%"}),
            json!({"from": 1}), json!({"from": i64::MIN}), json!({"from": i64::MAX}), json!({"users": [2], "until": 1_800_000_000}),
            json!({"users": [2], "until": i64::MAX}), json!({"users": [2], "until": i64::MIN}),
            json!({"users": ["2"]}), json!({"users": vec![2; 21]}),
        ];
        let of_sessions = [
            json!({"ids": ["X"]}), json!({"ids": [" x"]}), json!({"token": ""}), json!({"token": long}),
            json!({"of_admin": "client"}), json!({"warrant": "1"}),
        ];
        let of_tokens = [
            json!({"session": ""}), json!({"session": "X"}), json!({"jti": ""}), json!({"jti": long}), json!({"token_type": ""}),
        ];
        for (path, own) in [(SESSIONS, &of_sessions[..]), (TOKENS, &of_tokens)] {
            for filter in both.iter().chain(own) {
                let answer = sends(&app, &sue, path, filter).await;
                assert_eq!(answer.status, 400, "{path} {filter}");
            }
        }
        // What an address could have said is done, though it is nobody's; addresses mean the same, however they are written.
        for filter in [
            json!({"device": "x", "from": 1_799_971_200, "until": 253_402_300_800_i64, "address": "10.1.2.3/8", "reason": "user_disabled"}),
            json!({"users": [77], "address": "10.1.2.3"}),
        ] {
            for path in [SESSIONS, TOKENS] {
                let answer = sends(&app, &sue, path, &filter).await;
                assert_eq!(answer.status, 303, "{path} {filter} {answer:?}");
            }
        }
        for at in [i64::MIN, 0, i64::MAX] {
            let form = json!({"filter": {"users": [77]}, "at": at}).to_string();
            let fields = [("reason", "x"), ("filter", form.as_str()), ("last", LAST)];
            assert_eq!(app.post_form(TOKENS, &sue, &fields).await.status, 303, "{at}");
        }
        assert_eq!(app.refresh(&token).await.status, 200);
    }
}
