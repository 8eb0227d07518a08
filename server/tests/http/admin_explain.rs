//! Explaining a token: what the page says agrees with what the API does, and explaining does nothing.

use axum::http::header;
use jotward::store::Db;
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const PATH: &str = "/admin/explain/";
const HOME: Caller = Caller::new("203.0.113.7", "Firefox");

async fn ask(app: &TestApp, cookie: &str, token: &str) -> Answer {
    app.post_form(PATH, cookie, &[("token", token)]).await
}

/// What is read of the answer, in which the token does not stand.
async fn explained(app: &TestApp, cookie: &str, token: &str) -> String {
    let answer = ask(app, cookie, token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let (_, signature) = token.rsplit_once('.').unwrap_or(("", token));
    let is_there = signature.len() > 8 && answer.body.contains(signature);
    assert!(!is_there && !answer.body.contains(token), "{}", answer.body);
    answer.seen()
}

#[track_caller]
fn assert_has(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "JWT"})
}

on_both_databases! {
    async fn a_token_that_holds_is_told_from_its_header_to_its_session(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let sid = claims(&access)["sid"].as_str().expect("text").to_owned();
        let user = app.user("alice").await.user_id();
        app.wait(86);
        assert_has(&explained(&app, &cookie, &access).await, &[
            "This access token of alice holds. It expires in 4 min.",
            "Sent with a request, as Bearer accepted It is accepted.",
            "Exchanged at /api/token/refresh/ refused 401 “Token has wrong type”.",
            "passed Its header asks for HS256 and for no extension.",
            "passed Neither it nor its session was revoked",
            "This very token is on record: the SHA-256 is the same.",
            "\"alg\": \"HS256\"",
            &format!("exp {}: 2027-01-15 08:05:00 UTC, in 4 min When it stops being valid", START + 300),
            "43 characters, made by the key in use here.",
        ]);
        assert_has(&explained(&app, &cookie, &refresh).await, &[
            "This refresh token of alice holds. It expires in 1 d.",
            "Sent with a request, as Bearer refused 401 “Given token not valid for any token type”: as access token “Token has wrong type”.",
            "Exchanged at /api/token/refresh/ accepted It is spent, and exchanged for an access token and the next refresh token.",
        ]);
        let body = ask(&app, &cookie, &refresh).await.body;
        assert!(body.contains(&format!("href=\"/admin/sessions/{sid}/\"")), "{body}");
        assert!(body.contains(&format!("href=\"/admin/users/{user}/\"")), "{body}");
        assert_eq!(app.refresh(&refresh).await.status, 200, "it was not used");
    }
}

on_both_databases! {
    async fn what_would_come_of_a_spent_token_is_said_and_does_not_come(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, _) = HOME.logs_in(&app, "alice").await;
        let answer = HOME.refreshes(&app, &first).await;
        let (second, access) = (answer.text("refresh"), answer.text("access"));
        assert_has(&explained(&app, &cookie, &first).await, &[
            "but a refresh spent it. The API answers 401 “Token is blacklisted”.",
            "fails here Neither it nor its session was revoked",
            "accepted From the device that spent it: It was spent a moment ago, as by two tabs at once: the same successor is answered again. From any other: It was spent by another device: it is refused, and its session ends.",
            ", spent by a refresh",
        ]);
        // That its successor was explained is no proof that the answer arrived.
        explained(&app, &cookie, &access).await;
        app.wait(30);
        assert_has(&explained(&app, &cookie, &first).await, &["It was spent, and its answer may be lost: the same successor is answered again."]);
        assert_eq!(HOME.goes_on(&app, &first).await, second);
        assert_eq!(HOME.reads(&app, &access).await.status, 200);
        assert_has(&explained(&app, &cookie, &first).await, &["ends its session It was spent, and its successor is in use"]);
        let third = HOME.goes_on(&app, &second).await;
        assert_has(&explained(&app, &cookie, &first).await, &["ends its session It was spent more than one rotation ago"]);
        assert_eq!(HOME.refreshes(&app, &third).await.status, 200, "nothing ended");
        assert_eq!(HOME.refreshes(&app, &first).await.status, 401);
        assert_has(&explained(&app, &cookie, &access).await, &[
            "but its session ended: token used twice. The API answers 401 “Token is blacklisted”",
            "Session ended now , token used twice",
        ]);
        assert_has(&explained(&app, &cookie, &first).await, &["401 “Token is blacklisted”: its session ended, token used twice."]);
    }
}

on_both_databases! {
    async fn a_changed_token_is_told_from_the_one_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        let (signed, signature) = access.rsplit_once('.').expect("three parts");
        let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
        assert_has(&explained(&app, &cookie, &forged).await, &[
            "This token does not hold: no key known here made its signature.",
            "The API answers “Token is invalid”.",
            "fails here A key that is known here made its signature. not reached Its payload",
            "A token of this name is on record, but it is another one: the SHA-256 differs.",
            "43 characters, not made by a key that is known here.",
        ]);
        let known = ask(&app, &cookie, &format!("Authorization: Bearer \"{access}\"")).await;
        assert_has(&known.seen(), &["“Bearer” in front was taken off.", "This very token is on record"]);
        let broken = access.replacen('.', "\r\n.\r\n", 1);
        assert_has(&ask(&app, &cookie, &broken).await.seen(), &["line breaks inside were taken out", "This very token is on record"]);
    }
}

on_both_databases! {
    async fn the_page_says_what_the_api_answers(database) {
        let app = TestApp::new(database, &["--audience=here", "--issuer=us"]).await;
        let cookie = app.admin_cookie("admin").await;
        let alice = app.user("alice").await.user_id().to_string();
        let good = json!({
            "token_type": "access", "exp": START + 60, "iat": START, "jti": "a", "user_id": alice, "aud": "here", "iss": "us",
        });
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let mut tokens: Vec<_> = [
            (header(), good.clone()),
            (header(), with("exp", json!(START))),
            (header(), with("exp", json!("soon"))),
            (header(), with("iat", json!(START + 1))),
            (header(), with("nbf", json!(START + 1))),
            (header(), with("aud", json!("there"))),
            (header(), with("iss", json!(null))),
            (header(), with("sub", json!(7))),
            (header(), with("jti", json!(7))),
            (header(), with("sid", json!("x"))),
            (header(), with("token_type", json!("zebra"))),
            (header(), with("token_type", json!("refresh"))),
            (header(), with("user_id", json!("99"))),
            (header(), with("user_id", json!("x"))),
            (json!({"alg": "HS512"}), good.clone()),
            (json!({"alg": "none"}), good.clone()),
            (json!({"alg": "HS256", "crit": ["exp"]}), good.clone()),
        ]
        .iter()
        .map(|(header, claims)| sign(header, claims))
        .collect();
        for missing in ["exp", "jti", "token_type", "user_id", "aud", "iss"] {
            let mut claims = good.clone();
            claims.as_object_mut().expect("an object").remove(missing);
            tokens.push(sign(&header(), &claims));
        }
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        tokens.extend([refresh.clone(), access]);
        app.blacklist(&refresh).await;
        for token in tokens {
            let page = explained(&app, &cookie, &token).await;
            let verified = app.verify(&token).await;
            let row = if verified.status == 200 {
                "/api/token/verify/ accepted It holds: 200.".to_owned()
            } else {
                let detail = verified.text("detail");
                assert!(page.contains(&format!("“{detail}”")), "{detail}: {page}");
                format!("/api/token/verify/ refused 401 “{detail}”")
            };
            assert_has(&page, &[&row]);
            let called = HOME.reads(&app, &token).await;
            let said = match called.status {
                200 => "as Bearer accepted".to_owned(),
                _ => format!("as Bearer refused 401 “{}”", called.text("detail")),
            };
            assert_has(&page, &[&said]);
            let refreshed = app.refresh(&token).await;
            assert_eq!(refreshed.status, 401);
            assert_has(&page, &[&format!("/api/token/refresh/ refused 401 “{}”", refreshed.text("detail"))]);
        }
    }
}

on_both_databases! {
    async fn tokens_of_other_issuers_are_adopted_by_use_alone(database) {
        let app = TestApp::new(database, &["--adopt-foreign-tokens=true"]).await;
        let cookie = app.admin_cookie("admin").await;
        let user = app.user("alice").await.user_id().to_string();
        let claims = json!({"token_type": "refresh", "exp": START + 60, "iat": START, "jti": "theirs", "user_id": user});
        let token = sign(&header(), &claims);
        for _ in 0..2 {
            assert_has(&explained(&app, &cookie, &token).await, &[
                "This refresh token of alice holds.",
                "accepted It is another issuer's: a session is opened for it here, and it is exchanged.",
                "No token of this name is on record",
            ]);
        }
        assert_eq!(app.refresh(&token).await.status, 200);
        assert_has(&explained(&app, &cookie, &token).await, &["This very token is on record"]);
    }
}

on_both_databases! {
    async fn a_changed_password_is_told(database) {
        let app = TestApp::new(database, &["--check-revoke-token=true", "--auth-token-types=access,sliding"]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        let sliding = app.post("/api/token/sliding/", &body).await.text("token");
        assert_has(&explained(&app, &cookie, &refresh).await, &["accepted It is spent, and exchanged"]);
        assert_has(&explained(&app, &cookie, &sliding).await, &[
            "as Bearer accepted",
            "/api/token/sliding/refresh/ accepted It is exchanged for itself with a later end.",
        ]);
        let id = app.user("alice").await.user_id();
        let set = app.store().write(move |tx| Box::pin(async move { tx.set_password(id, "no hash").await }));
        set.await.expect("changed, and the sessions left alone");
        let changed = "401 “The user's password has been changed.”";
        assert_has(&explained(&app, &cookie, &access).await, &[&format!("as Bearer refused {changed}")]);
        for token in [&refresh, &sliding] {
            let page = explained(&app, &cookie, token).await;
            assert_has(&page, &["ends its session The password was changed since it was issued"]);
        }
        assert_eq!(app.refresh(&refresh).await.status, 401);
        assert_has(&explained(&app, &cookie, &refresh).await, &[&format!("/api/token/refresh/ refused {changed}")]);
    }
}

on_both_databases! {
    async fn an_api_token_is_known_by_its_owner(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        let key = app.post("/api/get-auth-token/", &body).await.text("token");
        assert_has(&explained(&app, &cookie, &key).await, &["This is an API token of alice . It is accepted with every request"]);
        assert_has(&ask(&app, &cookie, &format!("Token {key}")).await.seen(), &["“Token” in front was taken off.", "an API token of alice"]);
        let alice = app.user("alice").await;
        let last_used = app.store().api_token_of(alice.user_id()).await.expect("read").expect("there").last_used_at;
        assert_eq!(last_used, None, "it was looked up, not used");
        let unknown = key.chars().rev().collect::<String>();
        assert_has(&explained(&app, &cookie, &unknown).await, &["nobody has it", "The API answers 401 “Invalid token.”"]);
        app.store().deactivate_user(&alice, &app.state.clock).await.expect("done");
        let after = explained(&app, &cookie, &key).await;
        assert!(after.contains("User inactive or deleted.") || after.contains("nobody has it"), "{after}");
    }
}

on_both_databases! {
    async fn what_is_no_token_is_told_so(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for (pasted, said) in [
            ("", "There is nothing here."),
            ("   ", "There is nothing here."),
            ("hello", "This is no token."),
            ("a.b", "it has one dot"),
            ("a\0b", "There is nothing here."),
            (&"x".repeat(40_000), "That is 39 KiB."),
            (&"x".repeat(70_000), "That is more than 64 KiB."),
        ] {
            let answer = ask(&app, &cookie, pasted).await;
            assert_eq!(answer.status, 400, "{said}");
            assert_has(&answer.seen(), &[said]);
            assert!(answer.body.contains("aria-invalid=\"true\""));
        }
        for odd in ["a.b.c", "..", "é.é.é", "<b>.</b>.x"] {
            let answer = ask(&app, &cookie, odd).await;
            assert!([200, 400].contains(&answer.status), "{odd}: {answer:?}");
            assert!(!answer.body.contains("<b>"));
        }
        let large = sign(&header(), &json!({"exp": START + 9, "jti": "a", "x": "<&\"".repeat(5000)}));
        let answer = ask(&app, &cookie, &large).await;
        assert!(answer.status == 200 && answer.body.len() < 60_000, "{} bytes", answer.body.len());
        let many: serde_json::Map<_, _> = (0..900).map(|n| (format!("claim-{n}"), json!(n))).collect();
        let answer = ask(&app, &cookie, &sign(&header(), &Value::Object(many))).await;
        assert!(answer.status == 200 && answer.body.len() < 60_000, "{} bytes", answer.body.len());
    }
}

on_both_databases! {
    async fn it_is_for_staff_and_asks_little(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        assert_eq!(app.get(PATH, &[]).await.status, 303);
        assert_eq!(ask(&app, "", &access).await.status, 303);
        let cookie = app.admin_cookie("admin").await;
        let form = app.get(PATH, &[(header::COOKIE, &cookie)]).await;
        assert_eq!(form.status, 200);
        for attribute in ["autocomplete=\"off\"", "spellcheck=\"false\"", "method=\"post\""] {
            assert!(form.body.contains(attribute), "{attribute}");
        }
        let (_, guard) = crate::tree::counting(app.get(PATH, &[(header::COOKIE, &cookie)])).await;
        for (token, most) in [(&access, 2), (&refresh, 3)] {
            let (_, asked) = crate::tree::counting(explained(&app, &cookie, token)).await;
            if matches!(app.store().db(), Db::Postgres(_)) {
                assert_eq!(asked - guard, most);
            }
        }
    }
}
