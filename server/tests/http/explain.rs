//! `POST /api/token/explain/`: what it foresees is what comes, and foreseeing does nothing.

use app::api::{Foreseen, TokenReport};
use axum::http::Method;
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const PATH: &str = "/api/token/explain/";
const HOME: Caller = Caller::new("203.0.113.7", "Firefox");

async fn ask(app: &TestApp, caller: Caller, access: &str, token: &str) -> Answer {
    let credentials = format!("Bearer {access}");
    caller
        .sends(
            app,
            (Method::POST, PATH),
            &credentials,
            &json!({"token": token}),
        )
        .await
}

async fn report(app: &TestApp, access: &str, token: &str) -> TokenReport {
    let answer = ask(app, HOME, access, token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("a report")
}

#[track_caller]
fn assert_foreseen(foreseen: &Foreseen, status: u16, detail: &str) {
    assert_eq!(
        (foreseen.status, foreseen.detail.as_str()),
        (status, detail)
    );
}

/// The check that fails, and why; the last that is told.
#[track_caller]
fn failing(report: &TokenReport) -> (&str, &str) {
    let (last, before) = report.checks.split_last().expect("checks");
    assert!(
        before
            .iter()
            .all(|check| check.passed && check.why.is_empty()),
        "{report:?}"
    );
    assert!(!last.passed, "{report:?}");
    (&last.name, &last.why)
}

const NOT_FOR_ANY: &str = "Given token not valid for any token type";

on_both_databases! {
    async fn a_pair_is_explained_and_stays_as_it_is(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        app.wait(100);
        let said = report(&app, &access, &access).await;
        let names: Vec<_> = said.checks.iter().map(|check| check.name.as_str()).collect();
        assert_eq!(names, [
            "parts", "header", "signature", "payload", "iat", "nbf", "exp", "iss", "aud", "sub", "jti", "exp", "jti",
            "token_type", "sid", "refresh_exp",
        ]);
        assert!(said.checks.iter().all(|check| check.passed && check.why.is_empty()), "{said:?}");
        assert_foreseen(&said.verify, 200, "It holds.");
        assert_foreseen(&said.bearer, 200, "It is accepted.");
        assert_foreseen(&said.refresh, 401, "Token has wrong type");
        assert_eq!(said.stateless, 200);
        let said = report(&app, &access, &refresh).await;
        assert_foreseen(&said.verify, 200, "It holds.");
        assert_foreseen(&said.bearer, 401, NOT_FOR_ANY);
        assert_foreseen(&said.refresh, 200, "It is spent, and exchanged for an access token and the next refresh token.");
        assert_eq!(said.stateless, 0);
        assert_eq!(HOME.refreshes(&app, &refresh).await.status, 200, "it was not used");
    }
}

on_both_databases! {
    async fn what_is_foreseen_of_a_spent_token_is_what_comes(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, watching) = HOME.logs_in(&app, "alice").await;
        let (first, access) = HOME.logs_in(&app, "alice").await;
        let second = HOME.goes_on(&app, &first).await;
        let again = report(&app, &watching, &first).await;
        assert_foreseen(&again.verify, 401, "Token is blacklisted");
        assert_foreseen(&again.refresh, 200, "It was spent a moment ago, as by two tabs at once: the same successor is answered again.");
        let elsewhere = ask(&app, HOME.with("thief"), &watching, &first).await;
        let elsewhere: TokenReport = serde_json::from_str(&elsewhere.body).expect("a report");
        assert_foreseen(&elsewhere.refresh, 401, "It was spent by another device: it is refused, and its session ends.");
        assert_eq!(HOME.goes_on(&app, &first).await, second);
        HOME.goes_on(&app, &second).await;
        let old = report(&app, &watching, &first).await;
        assert_foreseen(&old.refresh, 401, "It was spent more than one rotation ago: it is refused, and its session ends.");
        assert_eq!(HOME.reads(&app, &access).await.status, 200, "it did not end by being foreseen");
        assert_eq!(HOME.refreshes(&app, &first).await.status, 401);
        let dead = report(&app, &watching, &access).await;
        assert!(dead.checks.iter().all(|check| check.passed), "nothing is wrong with it");
        assert_foreseen(&dead.verify, 401, "Token is blacklisted");
        assert_foreseen(&dead.bearer, 401, NOT_FOR_ANY);
        assert_eq!(dead.stateless, 300, "who knows the key alone lets it in");
    }
}

on_both_databases! {
    async fn the_first_check_that_fails_is_told_in_words(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, old) = HOME.logs_in(&app, "alice").await;
        app.wait(400);
        let (_, access) = HOME.logs_in(&app, "alice").await;
        let said = report(&app, &access, &old).await;
        assert_eq!(failing(&said), ("exp", "It expired 2 min ago, on 2027-01-15 08:05:00 UTC."));
        assert_foreseen(&said.verify, 401, "Token is expired");
        assert_eq!(said.stateless, 0);
        let (signed, signature) = access.rsplit_once('.').expect("three parts");
        let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
        let said = report(&app, &access, &forged).await;
        let (name, why) = failing(&said);
        assert_eq!(name, "signature");
        assert!(why.starts_with("No key known here made its signature."), "{why}");
        assert_foreseen(&said.refresh, 401, "Token is invalid");
        let unsigned = sign(&json!({"alg": "none", "typ": "JWT"}), &claims(&access));
        let said = report(&app, &access, &unsigned).await;
        assert_eq!(failing(&said), ("header", "Its header asks for none, and only HS256 is accepted."));
        let said = report(&app, &access, "hello").await;
        assert_eq!(failing(&said), ("parts", "It has not three parts."));
    }
}

on_both_databases! {
    async fn nothing_is_told_of_a_token_of_somebody_else(database) {
        let app = TestApp::new(database, &[]).await;
        let (theirs, their_access) = HOME.logs_in(&app, "admin").await;
        let (_, own) = HOME.logs_in(&app, "alice").await;
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let mut nobodys = claims(&own);
        nobodys["user_id"] = Value::Null;
        let mut gone = claims(&own);
        gone["user_id"] = json!("99");
        let mut expired = claims(&their_access);
        expired["exp"] = json!(START - 9);
        let signed = [nobodys, gone, expired].map(|claims| sign(&header, &claims));
        for token in [&theirs, &their_access, &signed[0], &signed[1], &signed[2]] {
            let answer = ask(&app, HOME, &own, token).await;
            assert_eq!((answer.status, answer.json()), (403, json!({"detail": "This token is somebody else's."})));
        }
        // A copy that was not signed here can claim whatever it likes: of the record it is told nothing.
        let (signed, _) = theirs.rsplit_once('.').expect("three parts");
        let said = report(&app, &own, &format!("{signed}.AAAA")).await;
        app.blacklist(&theirs).await;
        assert_eq!(report(&app, &own, &format!("{signed}.AAAA")).await, said);
    }
}

on_both_databases! {
    async fn it_is_for_who_is_logged_in(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        for path in [PATH, "/api/token/explain"] {
            assert_eq!(app.post(path, &json!({"token": access})).await.status, 401);
            assert_eq!(app.get_as(&access, path).await.status, 405);
        }
        assert_eq!(ask(&app, HOME, &refresh, &access).await.status, 401);
        let credentials = format!("Bearer {access}");
        let empty = HOME.sends(&app, (Method::POST, PATH), &credentials, &json!({})).await;
        assert_eq!((empty.status, empty.json()), (400, json!({"token": ["This field is required."]})));
    }
}

on_both_databases! {
    async fn a_sliding_token_is_no_refresh_token(database) {
        let app = TestApp::new(database, &["--auth-token-types=access,sliding"]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        let token = app.post("/api/token/sliding/", &credentials).await.text("token");
        let said = report(&app, &token, &token).await;
        assert_foreseen(&said.bearer, 200, "It is accepted.");
        assert_foreseen(&said.refresh, 401, "Token has wrong type");
        assert_eq!(said.stateless, 0);
    }
}
