//! Settings about what a token says and where it comes: names of claims, audience, issuer, header.

use axum::http::{HeaderName, header};
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Database, START, TestApp, claims, on_both_databases};

const ADOPTING: &str = "--adopt-foreign-tokens=true";

/// A token of another issuer that shares the key, with `more` claims.
fn foreign(token_type: &str, more: &Value) -> String {
    let mut claims = json!({
        "token_type": token_type, "exp": START + 300, "iat": START, "jti": "f0f0", "user_id": "2",
    });
    for (name, value) in more.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

on_both_databases! {
    async fn claims_can_be_called_otherwise(database) {
        let flags = ["--user-id-claim=sub", "--jti-claim=id", "--token-type-claim=kind"];
        let app = TestApp::new(database, &flags).await;
        let (refresh, access) = app.log_in("alice").await;
        let said = claims(&access);
        let names: Vec<_> = said.as_object().expect("claims").keys().collect();
        assert_eq!(names, ["kind", "exp", "iat", "id", "sub", "sid", "gen"]);
        assert_eq!((&said["kind"], &said["sub"]), (&json!("access"), &json!("2")));
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        app.refresh(&access).await.assert_token_refused("Token has wrong type");
        let second = app.refresh(&refresh).await.text("refresh");
        assert_eq!(app.blacklist(&second).await.status, 200);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let cookie = app.admin_cookie("admin").await;
        assert_eq!(app.get("/admin/", &[(header::COOKIE, &cookie)]).await.status, 200);
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 200);
    }
}

on_both_databases! {
    async fn without_types_the_record_still_knows_them(database) {
        let app = TestApp::new(database, &["--token-type-claim="]).await;
        let (refresh, access) = app.log_in("alice").await;
        assert!(claims(&refresh).get("token_type").is_none());
        // What there is to a signature alone, they have in common.
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        assert_eq!(app.get_as(&refresh, "/api/users/").await.status, 200);
        for token in [&refresh, &access] {
            assert_eq!(app.verify(token).await.status, 200);
        }
        app.refresh(&access).await.assert_token_refused("Token has wrong type");
        app.blacklist(&access).await.assert_token_refused("Token has wrong type");
        let second = app.refresh(&refresh).await.text("refresh");
        assert_eq!(app.verify(&access).await.status, 200, "access tokens live on through a rotation");
        app.verify(&refresh).await.assert_token_refused("Token is blacklisted");
        let third = app.refresh(&second).await.text("refresh");
        let cookie = app.admin_cookie("admin").await;
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 200);
        let admin = cookie.split_once('=').expect("a value").1;
        assert_eq!(app.get_as(admin, "/api/users/").await.status, 401);
        let (name, _) = cookie.split_once('=').expect("a name");
        let forged = format!("{name}={third}");
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &forged)]).await.status, 303);
        let kept = app.refresh(&third).await.text("refresh");
        let answer = app.post("/api/token/expire/", &json!({"token": kept})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn tokens_are_for_an_audience_and_by_an_issuer(database) {
        let app = TestApp::new(database, &["--audience=shop", "--issuer=login", ADOPTING]).await;
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!((&claims(&access)["aud"], &claims(&access)["iss"]), (&json!("shop"), &json!("login")));
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        for (more, holds) in [
            (json!({"aud": "shop", "iss": "login"}), true),
            (json!({"aud": ["blog", "shop"], "iss": "login"}), true),
            (json!({"aud": "blog", "iss": "login"}), false),
            (json!({"aud": "shop", "iss": "else"}), false),
            (json!({"iss": "login"}), false),
            (json!({"aud": "shop"}), false),
            (json!({}), false),
        ] {
            let answer = app.verify(&foreign("access", &more)).await;
            if holds {
                assert_eq!(answer.status, 200, "{more}");
            } else {
                answer.assert_token_refused("Token is invalid");
            }
        }
        let app = app.restarted(&["--audience=blog,wiki", "--issuer=login"]).await;
        app.refresh(&refresh).await.assert_token_refused("Token is invalid");
        assert_eq!(app.get_as(&access, "/api/users/").await.json()["messages"][0]["message"], "Token is invalid");
        let (_, access) = app.log_in("alice").await;
        assert_eq!(claims(&access)["aud"], json!(["blog", "wiki"]));
        let app = app.restarted(&["--audience=wiki,shop", "--issuer=login"]).await;
        assert_eq!(app.verify(&access).await.status, 200, "one of them is enough");
        let app = app.restarted(&[]).await;
        assert_eq!(app.verify(&access).await.status, 200, "nobody asks for whom it is");
        let app = app.restarted(&["--audience=", "--issuer="]).await;
        assert_eq!(app.verify(&access).await.status, 200, "nothing is nothing");
    }
}

on_both_databases! {
    async fn tokens_come_in_another_header(database) {
        let app = TestApp::new(database, &["--auth-header-name=HTTP_X_ACCESS_TOKEN"]).await;
        let (_, access) = app.log_in("alice").await;
        let bearer = format!("Bearer {access}");
        let name = HeaderName::from_static("x-access-token");
        assert_eq!(app.get("/api/users/", &[(name.clone(), &bearer)]).await.status, 200);
        let elsewhere = app.get_as(&access, "/api/users/").await;
        assert_eq!(elsewhere.json(), json!({"detail": "Authentication credentials were not provided."}));
        let half = app.get("/api/users/", &[(name, "Bearer")]).await;
        assert_eq!(half.json()["code"], "bad_authorization_header");
    }
}

on_both_databases! {
    async fn a_subject_is_a_text_under_whatever_name(database) {
        let app = TestApp::new(database, &[ADOPTING]).await;
        app.verify(&foreign("access", &json!({"sub": 2}))).await.assert_token_refused("Token is invalid");
        let app = app.restarted(&[ADOPTING, "--user-id-claim=sub"]).await;
        app.verify(&foreign("access", &json!({"sub": 2}))).await.assert_token_refused("Token is invalid");
        let answer = app.get_as(&foreign("access", &json!({"sub": "2"})), "/api/users/").await;
        assert_eq!(answer.status, 200);
        let nobody = app.get_as(&foreign("access", &json!({})), "/api/users/").await;
        assert_eq!(nobody.json()["detail"], "Token contained no recognizable user identification");
    }
}

on_both_databases! {
    async fn without_types_a_refresh_token_stays_over_when_memory_has_forgotten_it(database) {
        let app = TestApp::new(database, &["--token-type-claim="]).await;
        let (refresh, _) = app.log_in("alice").await;
        let (other, _) = app.log_in("alice").await;
        assert_eq!(app.blacklist(&refresh).await.status, 200);
        assert_eq!(app.get_as(&refresh, "/api/users/").await.status, 401);
        // Longer than an access token could live, and the hour beside.
        app.wait(2 * 3600);
        let app = app.restarted(&["--token-type-claim="]).await;
        assert_eq!(app.get_as(&refresh, "/api/users/").await.status, 401);
        assert_eq!(app.get_as(&other, "/api/users/").await.status, 200);
    }
}
