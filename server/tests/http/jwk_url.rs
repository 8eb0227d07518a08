//! `JWK_URL`: tokens of an issuer with keys of its own, which are asked for over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jotward::hooks::CustomClaims;
use jotward::token::{
    Algorithm, ClaimNames, Generation, Jti, Keys, Profile, Recipe, SessionId, TokenType, UserId,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::net::TcpListener;

use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

/// What the other issuer answers.
#[derive(Clone)]
enum Says {
    Set(String),
    Nothing(StatusCode),
    Elsewhere(String),
}

/// Another issuer: a server of its own, with a key of its own.
struct Issuer {
    keys: Keys,
    url: String,
    says: Arc<Mutex<Says>>,
    asked: Arc<AtomicUsize>,
}

fn key() -> SecretString {
    let made = Algorithm::Es256.make_private_key().expect("made");
    made.expect("a private key")
}

fn keys() -> Keys {
    let keys = Keys::new(Profile {
        algorithm: Algorithm::Es256,
        signing: &key(),
        verifying: None,
        names: ClaimNames::default(),
        audience: Vec::new(),
        issuer: None,
    });
    keys.expect("a good key")
}

fn mint(keys: &Keys, token_type: TokenType) -> String {
    let recipe = Recipe {
        token_type,
        jti: Jti::at(START),
        iat: START,
        exp: START + 3600,
        user_id: UserId(2),
        session_id: SessionId::at(START),
        generation: Generation::FIRST,
        refresh_exp: None,
        password_mark: None,
        custom: CustomClaims::new(),
    };
    keys.mint(recipe).compact
}

async fn answer(State((says, asked)): State<(Arc<Mutex<Says>>, Arc<AtomicUsize>)>) -> Response {
    asked.fetch_add(1, Ordering::SeqCst);
    let says = says.lock().expect("not poisoned").clone();
    match says {
        Says::Set(set) => set.into_response(),
        Says::Nothing(status) => status.into_response(),
        Says::Elsewhere(url) => Redirect::temporary(&url).into_response(),
    }
}

impl Issuer {
    async fn new() -> Self {
        let keys = keys();
        let says = Arc::new(Mutex::new(Says::Set(keys.key_set().to_string())));
        let asked = Arc::new(AtomicUsize::new(0));
        let router = Router::new()
            .route("/keys", get(answer))
            .with_state((Arc::clone(&says), Arc::clone(&asked)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/keys", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            keys,
            url,
            says,
            asked,
        }
    }

    fn say(&self, says: Says) {
        *self.says.lock().expect("not poisoned") = says;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn trusted_by(&self, database: Database) -> TestApp {
        let (key, url) = (key(), format!("--jwk-url={}", self.url));
        let key = format!("--signing-key={}", key.expose_secret());
        let flags = [
            "--algorithm=ES256",
            "--adopt-foreign-tokens=true",
            &key,
            &url,
        ];
        TestApp::new(database, &flags).await
    }
}

fn assert_not_known(answer: &Answer) {
    let detail = "The service is temporarily unavailable. Try again later.";
    assert_eq!(
        (answer.status, answer.json()),
        (503, json!({"detail": detail}))
    );
    assert_eq!(answer.header("retry-after"), "1");
}

on_both_databases! {
    async fn its_tokens_are_accepted_and_its_keys_kept(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        let (_, access) = app.log_in("alice").await;
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        assert_eq!(issuer.asked(), 0, "nobody is asked about a token of ours");
        let theirs = mint(&issuer.keys, TokenType::Access);
        for _ in 0..3 {
            assert_eq!(app.get_as(&theirs, "/api/users/").await.status, 200);
            assert_eq!(app.verify(&theirs).await.status, 200);
        }
        assert_eq!(issuer.asked(), 1);
        let refresh = mint(&issuer.keys, TokenType::Refresh);
        let ours = app.refresh(&refresh).await.text("refresh");
        assert_ne!(claims(&ours)["sid"], claims(&refresh)["sid"], "what they say of a session is not believed");
        assert_eq!(app.refresh(&ours).await.status, 200);
        assert_eq!(issuer.asked(), 1);
    }
}

on_both_databases! {
    async fn a_name_that_is_not_known_is_asked_for_now_and_then(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        for _ in 0..3 {
            let strangers = mint(&keys(), TokenType::Access);
            app.verify(&strangers).await.assert_token_refused("Token is invalid");
        }
        assert_eq!(issuer.asked(), 1);
        app.wait(5);
        let next = keys();
        issuer.say(Says::Set(next.key_set().to_string()));
        assert_eq!(app.verify(&mint(&next, TokenType::Access)).await.status, 200);
        assert_eq!(issuer.asked(), 2);
        app.wait(5);
        let last = mint(&issuer.keys, TokenType::Access);
        app.verify(&last).await.assert_token_refused("Token is invalid");
    }
}

on_both_databases! {
    async fn those_who_come_together_wait_for_one_question(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        let tokens: Vec<_> = (0..8).map(|_| mint(&issuer.keys, TokenType::Access)).collect();
        let answers = futures_util::future::join_all(tokens.iter().map(|token| app.verify(token)));
        assert!(answers.await.iter().all(|answer| answer.status == 200));
        assert_eq!(issuer.asked(), 1);
    }
}

on_both_databases! {
    async fn a_dead_place_hurts_no_token_of_ours_and_refuses_none_of_theirs(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        let (refresh, access) = app.log_in("alice").await;
        let theirs = mint(&issuer.keys, TokenType::Access);
        let elsewhere = Issuer::new().await;
        for says in [
            Says::Nothing(StatusCode::INTERNAL_SERVER_ERROR),
            Says::Nothing(StatusCode::NOT_FOUND),
            Says::Elsewhere(elsewhere.url.clone()),
            Says::Set("no keys".to_owned()),
            Says::Set(format!("{{\"keys\":[]{}}}", " ".repeat(300_000))),
        ] {
            issuer.say(says);
            assert_not_known(&app.verify(&theirs).await);
            assert_not_known(&app.get_as(&theirs, "/api/users/").await);
            app.wait(5);
        }
        assert_eq!((issuer.asked(), elsewhere.asked()), (5, 0));
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        assert_eq!(app.refresh(&refresh).await.status, 200);
        app.verify("garbage").await.assert_token_refused("Token is invalid");
        issuer.say(Says::Set(issuer.keys.key_set().to_string()));
        assert_eq!(app.verify(&theirs).await.status, 200);
    }
}

on_both_databases! {
    async fn a_key_that_is_known_goes_on_until_another_set_is_there(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        let theirs = mint(&issuer.keys, TokenType::Access);
        assert_eq!(app.verify(&theirs).await.status, 200);
        issuer.say(Says::Nothing(StatusCode::BAD_GATEWAY));
        app.wait(300);
        for _ in 0..3 {
            assert_eq!(app.verify(&theirs).await.status, 200);
        }
        assert_eq!(issuer.asked(), 2, "it is not asked again at once");
        issuer.say(Says::Set(keys().key_set().to_string()));
        app.wait(60);
        app.verify(&theirs).await.assert_token_refused("Token is invalid");
        assert_eq!(issuer.asked(), 3);
    }
}

on_both_databases! {
    async fn a_redirect_within_the_place_is_followed(database) {
        let issuer = Issuer::new().await;
        let app = issuer.trusted_by(database).await;
        // It leads to itself: followed three times, and then it is the answer.
        issuer.say(Says::Elsewhere(issuer.url.clone()));
        let theirs = mint(&issuer.keys, TokenType::Access);
        assert_not_known(&app.verify(&theirs).await);
        assert_eq!(issuer.asked(), 4);
        let accept = [(header::ACCEPT, "application/json")];
        assert_eq!(app.get("/healthz", &accept).await.status, 200);
    }
}
