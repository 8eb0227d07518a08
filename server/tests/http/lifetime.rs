//! `access_lifetime`: access tokens that live shorter, because their client wants that.

use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

const INVALID: &str = "A valid integer is required.";
const SMALL: &str = "Ensure this value is greater than or equal to 1.";

async fn log_in(app: &TestApp, lifetime: &Value) -> Answer {
    let body =
        json!({"username": "alice", "password": "alice-pass-1", "access_lifetime": lifetime});
    app.post("/api/token/", &body).await
}

async fn refresh(app: &TestApp, token: &str, lifetime: &Value) -> Answer {
    let body = json!({"refresh": token, "access_lifetime": lifetime});
    app.post("/api/token/refresh/", &body).await
}

/// A number as it stands in a body.
fn whole(digits: &str) -> Value {
    serde_json::from_str(digits).expect("a number")
}

/// How long the access token of an answer lives.
fn life(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{answer:?}");
    let claims = claims(&answer.text("access"));
    let time = |name: &str| claims[name].as_i64().expect("a time");
    time("exp") - time("iat")
}

on_both_databases! {
    async fn it_is_shorter_and_never_longer(database) {
        let app = TestApp::new(database, &[]).await;
        for (asked, lives) in [
            (json!(20), 20), (json!(1), 1), (json!("20"), 20), (json!(" 20 "), 20), (json!(20.0), 20), (json!("20.00"), 20),
            (json!(300), 300), (json!(301), 300), (json!(u64::MAX), 300), (json!("9".repeat(40)), 300),
            (whole("18446744073709551616"), 300), (whole(&"9".repeat(300)), 300), (json!(1e300), 300),
        ] {
            let answer = log_in(&app, &asked).await;
            assert_eq!(life(&answer), lives, "{asked}");
            let answer = refresh(&app, &answer.text("refresh"), &asked).await;
            assert_eq!(life(&answer), lives, "{asked}");
            let refresh = claims(&answer.text("refresh"));
            assert_eq!(refresh["exp"], START + 86_400, "the refresh token lives on");
        }
    }
}

on_both_databases! {
    async fn what_is_no_whole_number_is_refused_and_uses_nothing_up(database) {
        let app = TestApp::new(database, &[]).await;
        let (token, _) = app.log_in("alice").await;
        let long = "1".repeat(1001);
        for (asked, sentence) in [
            (json!("soon"), INVALID), (json!(""), INVALID), (json!(1.5), INVALID), (json!("1.5"), INVALID), (json!(true), INVALID),
            (json!([20]), INVALID), (json!({}), INVALID), (json!("20s"), INVALID), (json!(1e15 + 0.5), INVALID), (json!(1e-300), INVALID),
            (json!(0), SMALL), (json!(-5), SMALL), (json!("-99999999999999999999"), SMALL), (whole("-99999999999999999999"), SMALL),
            (Value::Null, "This field may not be null."), (json!(long), "String value too large."),
        ] {
            let refused = json!({"access_lifetime": [sentence]});
            for answer in [log_in(&app, &asked).await, refresh(&app, &token, &asked).await] {
                assert_eq!((answer.status, answer.json()), (400, refused.clone()), "{asked}");
            }
        }
        let all = app.post("/api/token/refresh/", &json!({"access_lifetime": "x"})).await;
        assert_eq!(all.json(), json!({"refresh": ["This field is required."], "access_lifetime": [INVALID]}));
        let all = app.post("/api/token/", &json!({"username": "alice", "access_lifetime": "x"})).await;
        assert_eq!(all.json(), json!({"password": ["This field is required."], "access_lifetime": [INVALID]}));
        assert_eq!(life(&app.refresh(&token).await), 300);
    }
}

on_both_databases! {
    async fn a_form_may_leave_it_empty(database) {
        let app = TestApp::new(database, &[]).await;
        for (lifetime, lives) in [("", 300), ("40", 40)] {
            let body = format!("username=alice&password=alice-pass-1&access_lifetime={lifetime}");
            let request = Request::post("/api/token/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            assert_eq!(life(&app.send(request.body(body.into()).expect("a request")).await), lives);
        }
    }
}

on_both_databases! {
    async fn record_and_revocation_go_by_the_token(database) {
        let app = TestApp::new(database, &[]).await;
        let answer = log_in(&app, &json!(20)).await;
        let (first, access) = (answer.text("refresh"), answer.text("access"));
        let answer = refresh(&app, &first, &json!(30)).await;
        let again = refresh(&app, &first, &json!(10)).await;
        assert_eq!(again.text("refresh"), answer.text("refresh"), "a race is a race");
        assert_eq!(life(&again), 10);
        let mut rows: Vec<_> = app.outstanding("alice").await.into_iter()
            .filter(|row| row.token_type == "access")
            .map(|row| row.expires_at - START)
            .collect();
        rows.sort_unstable();
        assert_eq!(rows, [10, 20, 30]);
        assert_eq!(app.verify(&access).await.status, 200);
        app.wait(20);
        app.verify(&access).await.assert_token_refused("Token is expired");
        let longer = answer.text("access");
        assert_eq!(app.verify(&longer).await.status, 200);
        app.blacklist(&answer.text("refresh")).await;
        app.verify(&longer).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn the_end_of_the_session_comes_before(database) {
        let app = TestApp::new(database, &["--session-lifetime=60s"]).await;
        let answer = log_in(&app, &json!(90)).await;
        assert_eq!(life(&answer), 60);
        app.wait(50);
        assert_eq!(life(&refresh(&app, &answer.text("refresh"), &json!(20)).await), 10);
    }
}

on_both_databases! {
    async fn without_rotation_it_holds_for_renewals(database) {
        let app = TestApp::new(database, &["--rotate-refresh-tokens=false"]).await;
        let (token, _) = app.log_in("alice").await;
        assert_eq!(life(&refresh(&app, &token, &json!(7)).await), 7);
    }
}
