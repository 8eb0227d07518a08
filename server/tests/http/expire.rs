//! `POST /api/token/expire/`, as `wcd_jwt` answers it.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Answer, Database, START, TestApp, on_both_databases};

const NOT_VALID: &str = "Token is not longer valid.";

async fn expire(app: &TestApp, body: Value) -> Answer {
    app.post("/api/token/expire/", &body).await
}

async fn send(app: &TestApp, content_type: &str, body: &str) -> Answer {
    let request = Request::post("/api/token/expire/").header(header::CONTENT_TYPE, content_type);
    app.send(
        request
            .body(Body::from(body.to_owned()))
            .expect("a request"),
    )
    .await
}

#[track_caller]
fn assert_done(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
}

#[track_caller]
fn assert_refused(answer: &Answer, body: &Value) {
    assert_eq!((answer.status, &answer.json()), (400, body));
}

on_both_databases! {
    async fn an_access_token_falls_alone_and_at_once(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let answer = app.refresh(&refresh).await;
        let (refresh, younger) = (answer.text("refresh"), answer.text("access"));
        assert_done(&expire(&app, json!({"token": access})).await);
        let answer = app.get_as(&access, "/api/users/").await;
        assert_eq!(answer.json()["messages"][0]["message"], "Token is blacklisted");
        assert_eq!(app.verify(&younger).await.status, 200);
        assert_eq!(app.refresh(&refresh).await.status, 200);
        assert_refused(&expire(&app, json!({"token": access})).await, &json!({"token": [NOT_VALID]}));
        let app = app.restarted(&[]).await;
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn the_tree_is_the_whole_session(database) {
        let app = TestApp::new(database, &[]).await;
        let (other, _) = app.log_in("alice").await;
        let (first, access) = app.log_in("alice").await;
        let answer = app.refresh(&first).await;
        assert_done(&expire(&app, json!({"token": access, "affect_tree": true})).await);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        app.verify(&answer.text("access")).await.assert_token_refused("Token is blacklisted");
        let refused = app.refresh(&answer.text("refresh")).await;
        refused.assert_token_refused("Token is blacklisted");
        assert_eq!(refused.header("jotward-session-ended"), "logout");
        assert_eq!(app.refresh(&other).await.status, 200, "another session goes on");
    }
}

on_both_databases! {
    async fn a_refresh_token_takes_its_session_with_it(database) {
        let app = TestApp::new(database, &[]).await;
        for affect_tree in [false, true] {
            let (refresh, access) = app.log_in("alice").await;
            assert_done(&expire(&app, json!({"token": refresh, "affect_tree": affect_tree})).await);
            app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
            app.verify(&access).await.assert_token_refused("Token is blacklisted");
            for token in [&refresh, &access] {
                assert_refused(&expire(&app, json!({"token": token})).await, &json!({"token": [NOT_VALID]}));
            }
        }
    }
}

on_both_databases! {
    async fn without_immediate_revocation_what_is_presented_dies_all_the_same(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let younger = app.refresh(&refresh).await.text("access");
        assert_done(&expire(&app, json!({"token": access, "affect_tree": true})).await);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.verify(&younger).await.status, 200, "it lives until it expires, as it was set");
        assert_done(&expire(&app, json!({"token": younger, "affect_tree": true})).await);
        app.verify(&younger).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn what_does_not_hold_is_refused_in_one_sentence(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let admin = app.admin_cookie("admin").await;
        let admin = admin.split_once('=').expect("a cookie").1.to_owned();
        for token in ["rubbish", "a.b.c", &admin, &format!("{access}x")] {
            assert_refused(&expire(&app, json!({"token": token})).await, &json!({"token": [NOT_VALID]}));
        }
        let body = json!({"token": "rubbish", "affect_tree": "perhaps"});
        let both = json!({"token": [NOT_VALID], "affect_tree": ["Must be a valid boolean."]});
        let answer = expire(&app, body).await;
        assert_refused(&answer, &both);
        assert_eq!(answer.body, both.to_string(), "in the order of the fields");
        app.wait(86_401);
        for token in [refresh, access] {
            assert_refused(&expire(&app, json!({"token": token})).await, &json!({"token": [NOT_VALID]}));
        }
    }
}

on_both_databases! {
    async fn fields_are_read_as_django_rest_framework_reads_them(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        for (body, field, message) in [
            (json!({}), "token", "This field is required."),
            (json!({"affect_tree": true}), "token", "This field is required."),
            (json!({"token": null}), "token", "This field may not be null."),
            (json!({"token": " "}), "token", "This field may not be blank."),
            (json!({"token": true}), "token", "Not a valid string."),
            (json!({"token": access, "affect_tree": null}), "affect_tree", "This field may not be null."),
        ] {
            assert_refused(&expire(&app, body).await, &json!({field: [message]}));
        }
        let bad = json!({"affect_tree": ["Must be a valid boolean."]});
        for value in [json!("perhaps"), json!(""), json!(" true"), json!(2), json!(0.5), json!([]), json!({}), json!("null")] {
            assert_refused(&expire(&app, json!({"token": access, "affect_tree": value})).await, &bad);
        }
        assert_eq!(app.verify(&access).await.status, 200, "nothing was done");
        let on = [json!("t"), json!("Y"), json!("yes"), json!("True"), json!("ON"), json!("1"), json!(1), json!(1.0), json!(true)];
        let off = [json!("F"), json!("n"), json!("NO"), json!("false"), json!("off"), json!("0"), json!(0), json!(0.0), json!(false)];
        for (values, after) in [(on, 401), (off, 200)] {
            for value in values {
                let (refresh, access) = app.log_in("alice").await;
                assert_done(&expire(&app, json!({"token": access, "affect_tree": value})).await);
                assert_eq!(app.verify(&refresh).await.status, after, "{value}");
            }
        }
    }
}

on_both_databases! {
    async fn forms_and_multipart_say_the_same(database) {
        let app = TestApp::new(database, &[]).await;
        for (value, status, after) in [("on", 200, 401), ("", 200, 200), ("nO", 200, 200), ("null", 400, 200)] {
            let (refresh, access) = app.log_in("alice").await;
            let form = format!("token={access}&affect_tree={value}");
            let answer = send(&app, "application/x-www-form-urlencoded", &form).await;
            assert_eq!((answer.status, app.verify(&refresh).await.status), (status, after), "{value}");
            let (refresh, access) = app.log_in("alice").await;
            let part = |name: &str, value: &str| {
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let parts = format!("{}{}--b--\r\n", part("token", &access), part("affect_tree", value));
            let answer = send(&app, "multipart/form-data; boundary=b", &parts).await;
            assert_eq!((answer.status, app.verify(&refresh).await.status), (status, after), "{value}");
        }
    }
}

fn foreign(token_type: &str, jti: &str) -> String {
    let claims = json!({
        "token_type": token_type, "exp": START + 3600, "iat": START, "jti": jti, "user_id": "2",
    });
    sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

on_both_databases! {
    async fn a_stranger_is_good_and_nothing_happens(database) {
        let app = TestApp::new(database, &[]).await;
        for token_type in ["access", "refresh"] {
            let token = foreign(token_type, token_type);
            for _ in 0..2 {
                assert_done(&expire(&app, json!({"token": token, "affect_tree": true})).await);
            }
        }
        let page = app.outstanding("").await;
        assert!(page.is_empty());
    }
}

on_both_databases! {
    async fn an_adopted_one_is_over(database) {
        const ADOPTING: &[&str] = &["--adopt-foreign-tokens=true"];
        let app = TestApp::new(database, ADOPTING).await;
        for token_type in ["access", "refresh"] {
            let (token, other) = (foreign(token_type, token_type), foreign(token_type, "other"));
            assert_done(&expire(&app, json!({"token": token})).await);
            app.verify(&token).await.assert_token_refused("Token is blacklisted");
            assert_refused(&expire(&app, json!({"token": token})).await, &json!({"token": [NOT_VALID]}));
            assert_eq!(app.verify(&other).await.status, 200);
        }
        let live = app.store().live_sessions(None, START).await.expect("listed");
        assert!(live.is_empty(), "{live:?}");
        let app = app.restarted(&[ADOPTING, &["--revocation-max-staleness=1s"]].concat()).await;
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        // Memory is too old to be trusted now, and the record says the same.
        let verified = app.verify(&foreign("access", "access")).await;
        verified.assert_token_refused("Token is blacklisted");
        assert_eq!(app.verify(&foreign("access", "other")).await.status, 200);
    }
}

on_both_databases! {
    async fn options_describes_both_fields(database) {
        let app = TestApp::new(database, &[]).await;
        for path in ["/api/token/expire/", "/api/token/expire"] {
            let request = Request::options(path).body(Body::empty()).expect("a request");
            let answer = app.send(request).await;
            let fields = &answer.json()["actions"]["POST"];
            assert_eq!(fields["token"], json!({"type": "string", "required": true, "read_only": false}));
            assert_eq!(fields["affect_tree"], json!({"type": "boolean", "required": false, "read_only": false}));
        }
    }
}
