//! Every algorithm tokens can be signed with, and what tries to get round it.

use std::sync::LazyLock;

use axum::http::header;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jotward::token::Algorithm;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::harness::{Database, START, TestApp, claims, on_both_databases};

/// Making an RSA key takes a second.
static RSA: LazyLock<[String; 2]> = LazyLock::new(|| [(); 2].map(|()| make(Algorithm::Rs256)));

fn make(algorithm: Algorithm) -> String {
    let made = algorithm.make_private_key().expect("made");
    made.map_or_else(
        || uuid::Uuid::new_v4().to_string().repeat(2),
        |pem| pem.expose_secret().to_owned(),
    )
}

/// Two keys for an algorithm.
fn keys(algorithm: Algorithm) -> [String; 2] {
    match algorithm.key_kind() {
        "rsa" => RSA.clone(),
        _ => [(); 2].map(|()| make(algorithm)),
    }
}

fn flags(algorithm: Algorithm, key: &str) -> [String; 2] {
    [
        format!("--algorithm={algorithm}"),
        format!("--signing-key={key}"),
    ]
}

fn signs_alike(algorithm: Algorithm) -> bool {
    !["ES", "PS"].contains(&&algorithm.as_str()[..2])
}

async fn with_key(database: Database, algorithm: Algorithm, key: &str) -> TestApp {
    let flags = flags(algorithm, key);
    TestApp::new(database, &flags.each_ref().map(String::as_str)).await
}

fn header_of(token: &str) -> Value {
    let part = token.split('.').next().expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

async fn key_set(app: &TestApp) -> Vec<Value> {
    let answer = app.get("/.well-known/jwks.json", &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("cache-control").starts_with("public"));
    answer.json()["keys"].as_array().expect("keys").clone()
}

async fn go_through(app: &TestApp, algorithm: Algorithm) {
    let (refresh, access) = app.log_in("alice").await;
    assert_eq!(header_of(&access)["alg"], algorithm.as_str());
    let published = key_set(app).await;
    assert_eq!(published.is_empty(), algorithm.is_symmetric());
    for key in &published {
        assert_eq!(
            header_of(&access)["kid"],
            key["kid"],
            "{algorithm} names its key"
        );
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{algorithm} {private}");
        }
    }
    let answer = app.refresh(&refresh).await;
    let again = app.refresh(&refresh).await;
    assert_eq!((answer.status, again.status), (200, 200), "{algorithm}");
    let (successor, repeated) = (answer.text("refresh"), again.text("refresh"));
    assert_eq!(claims(&successor), claims(&repeated), "{algorithm}");
    assert_eq!(successor == repeated, signs_alike(algorithm), "{algorithm}");
    for token in [&access, &successor, &repeated] {
        assert_eq!(app.verify(token).await.status, 200, "{algorithm}");
    }
    assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
    assert_eq!(app.blacklist(&repeated).await.status, 200, "{algorithm}");
    app.verify(&successor)
        .await
        .assert_token_refused("Token is blacklisted");
}

async fn every_algorithm(mut database: Vec<Database>) {
    for algorithm in Algorithm::ALL {
        let [key, other] = keys(algorithm);
        let app = with_key(database.pop().expect("one each"), algorithm, &key).await;
        go_through(&app, algorithm).await;
        let (_, access) = app.log_in("alice").await;
        let other = flags(algorithm, &other);
        let app = app.restarted(&other.each_ref().map(String::as_str)).await;
        app.verify(&access)
            .await
            .assert_token_refused("Token is invalid");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_algorithm_serves_on_sqlite() {
    let mut databases = Vec::new();
    for _ in Algorithm::ALL {
        databases.push(Database::sqlite().await);
    }
    every_algorithm(databases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_algorithm_serves_on_postgres() {
    let mut databases = Vec::new();
    for _ in Algorithm::ALL {
        databases.push(Database::postgres().await);
    }
    every_algorithm(databases).await;
}

fn forge(header: &Value, secret: &[u8]) -> String {
    let payload = json!({
        "token_type": "access", "exp": START + 300, "iat": START, "jti": "f0f0", "user_id": "1",
    });
    let signed = [header, &payload]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
        .join(".");
    let key = jsonwebtoken::EncodingKey::from_secret(secret);
    let signature =
        jsonwebtoken::crypto::sign(signed.as_bytes(), &key, jsonwebtoken::Algorithm::HS256);
    format!("{signed}.{}", signature.expect("signs"))
}

on_both_databases! {
    async fn what_is_public_signs_nothing(database) {
        let flags = flags(Algorithm::Es256, &make(Algorithm::Es256));
        let flags = [flags[0].as_str(), &flags[1], "--adopt-foreign-tokens=true"];
        let app = TestApp::new(database, &flags).await;
        let (_, access) = app.log_in("alice").await;
        let key = key_set(&app).await.remove(0);
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().expect("text")).expect("base64url");
        for secret in [key.to_string().as_bytes(), &x, b""] {
            for header in [
                json!({"alg": "HS256", "typ": "JWT"}),
                json!({"alg": "HS256", "typ": "JWT", "kid": key["kid"]}),
                json!({"alg": "ES256", "typ": "JWT", "kid": key["kid"]}),
                json!({"alg": "none", "typ": "JWT"}),
                json!({"alg": "none", "kid": key["kid"]}),
                json!({"alg": "ES256", "jwk": key}),
            ] {
                let token = forge(&header, secret);
                app.verify(&token).await.assert_token_refused("Token is invalid");
                assert_eq!(app.get_as(&token, "/api/users/").await.status, 401, "{header}");
            }
        }
        let (signed, _) = access.rsplit_once('.').expect("three parts");
        app.verify(&format!("{signed}.")).await.assert_token_refused("Token is invalid");
    }
}

on_both_databases! {
    async fn the_last_key_can_go_on_for_a_while(database) {
        let algorithm = Algorithm::EdDsa;
        let [before, now] = keys(algorithm);
        let app = with_key(database, algorithm, &before).await;
        let (refresh, access) = app.log_in("alice").await;
        let public = public_pem(&key_set(&app).await[0]);
        let [algorithm, key] = flags(algorithm, &now);
        let verifying = format!("--verifying-key={public}");
        let app = app.restarted(&[&algorithm, &key, &verifying]).await;
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        let successor = app.refresh(&refresh).await.text("refresh");
        assert_ne!(header_of(&successor)["kid"], header_of(&refresh)["kid"]);
        assert_eq!(key_set(&app).await.len(), 2);
        let app = app.restarted(&[&algorithm, &key]).await;
        app.verify(&access).await.assert_token_refused("Token is invalid");
        assert_eq!(app.refresh(&successor).await.status, 200);
    }
}

/// An Ed25519 key as PEM (RFC 8410, section 4), on one line with `\n`, as in an environment variable.
fn public_pem(jwk: &Value) -> String {
    let x = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().expect("text"));
    let prefix = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    let der = [&prefix[..], &x.expect("base64url")].concat();
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PUBLIC KEY-----\\n{body}\\n-----END PUBLIC KEY-----\\n")
}

on_both_databases! {
    async fn the_set_is_only_read(database) {
        let app = TestApp::new(database, &[]).await;
        assert_eq!(key_set(&app).await, Vec::<Value>::new());
        let accept = [(header::ACCEPT, "application/json")];
        assert_eq!(app.get("/.well-known/jwks.json", &accept).await.body, r#"{"keys":[]}"#);
        assert_eq!(app.post("/.well-known/jwks.json", &json!({})).await.status, 405);
    }
}
