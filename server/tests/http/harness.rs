//! A server to test: its router, its database and its clock.

mod answer;
mod caller;
mod database;
pub mod secrets;
pub mod statements;

use std::ffi::OsString;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Request, header};
use clap::Parser;
use jotward::account::{AddUser, HashParams, Hasher};
use jotward::api_tokens::ApiTokens;
use jotward::clock::Clock;
use jotward::config::Settings;
use jotward::issuer_keys::IssuerKeys;
use jotward::recall::Recall;
use jotward::registry::{Limits, Registry};
use jotward::state::{AppState, Server};
use jotward::store::{
    BlacklistedFilter, List, ListedBlacklisted, ListedToken, Part, Search, Shown, Sought, Store,
    TokenFilter, User,
};
use jotward::throttle::LoginThrottle;
use jotward::upkeep::Upkeep;
use jotward::watch::Watch;
use serde_json::{Value, json};
use tower::ServiceExt;

pub use answer::{Answer, claims};
pub use caller::Caller;
pub use database::Database;

/// When every test begins: 2027-01-15T08:00:00Z.
pub const START: i64 = 1_800_000_000;

/// The key of every test's server.
pub const KEY: &str = "conformance-secret-key-of-at-least-32-bytes!";

/// Writes one test twice: once for each database.
macro_rules! on_both_databases {
    (async fn $name:ident($database:ident) $body:block) => {
        mod $name {
            use super::*;

            async fn test($database: Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = Database::sqlite().await;
                let kept = database.clone();
                test(database).await;
                $crate::harness::secrets::none_was_kept(&kept.store).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = Database::postgres().await;
                let kept = database.clone();
                test(database).await;
                $crate::harness::secrets::none_was_kept(&kept.store).await;
            }
        }
    };
}

pub(crate) use on_both_databases;

/// A server without a socket.
pub struct TestApp {
    pub state: AppState,
    router: Router,
    /// Kept for its end: it takes the database with it.
    database: Database,
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

impl TestApp {
    /// A server on `database` with the settings in `flags`, such as `["--leeway=10s"]`, and the users `admin`
    /// (superuser), `alice` and `bob` (inactive), whose passwords are `<name>-pass-1`.
    pub async fn new(database: Database, flags: &[&str]) -> Self {
        let clock = Clock::fixed(START);
        let hasher = Hasher::new(HashParams::new(64, 1, 1, None).expect("valid parameters"));
        for (name, is_superuser, is_active) in [
            ("admin", true, true),
            ("alice", false, true),
            ("bob", false, false),
        ] {
            let user = AddUser {
                username: name.into(),
                email: format!("{name}@example.com"),
                password: format!("{name}-pass-1").into(),
                is_active,
                is_staff: false,
                is_superuser,
            };
            database
                .store
                .add_user(user, &hasher, &clock)
                .await
                .expect("added");
        }
        Self::over(database, flags, clock, hasher).await
    }

    async fn over(database: Database, flags: &[&str], clock: Clock, hasher: Hasher) -> Self {
        // Tests log in as often as they like, but for those of the throttle.
        let is_chosen = flags.iter().any(|flag| flag.starts_with("--throttle"));
        let throttle = if is_chosen {
            &[][..]
        } else {
            &["--throttle=off"]
        };
        let flags = [&["test"], throttle, flags].concat();
        let flags = flags.into_iter().map(OsString::from);
        let mut settings = Flags::parse_from(flags).settings;
        settings.signing_key.get_or_insert_with(|| KEY.into());
        settings.check().expect("settings that can work");
        let store = database.store.clone();
        let registry = Registry::load(&store, Limits::of(&settings), clock.now())
            .await
            .expect("loads");
        let throttle = LoginThrottle::new(&settings, &clock);
        let keys = settings.keys().expect("good keys");
        let issuer_keys = IssuerKeys::of(&settings).expect("a client");
        let watch = Watch::open(&settings, &clock).expect("opens");
        let state = Arc::new(Server {
            settings,
            store,
            keys,
            issuer_keys,
            recall: Recall::default(),
            registry,
            hasher,
            api_tokens: ApiTokens::new(&KEY.into()),
            throttle,
            watch,
            upkeep: Upkeep::default(),
            clock,
        });
        let router = jotward::router(Arc::clone(&state));
        Self {
            state,
            router,
            database,
        }
    }

    /// The same database behind a server that was started anew.
    pub async fn restarted(self, flags: &[&str]) -> Self {
        let hasher = Hasher::new(HashParams::new(64, 1, 1, None).expect("valid parameters"));
        self.restarted_with(flags, hasher).await
    }

    /// The same, with another hasher.
    pub async fn restarted_with(self, flags: &[&str], hasher: Hasher) -> Self {
        let clock = self.state.clock.clone();
        Self::over(self.database, flags, clock, hasher).await
    }

    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// Lets `seconds` pass.
    pub fn wait(&self, seconds: i64) {
        self.state.clock.advance(seconds);
    }

    /// Tokens on record of the users whose name begins so, or of this name; all, for nothing. Newest first.
    pub async fn outstanding(&self, search: &str) -> Vec<ListedToken> {
        let mut filter = TokenFilter::default();
        match self.store().seek(Search::of(search)).await.expect("found") {
            Sought::Users { ids, .. } => {
                filter.users = Some(ids.into_iter().map(|id| id.0).collect());
            }
            Sought::Token(jti) => filter.jti = Some(jti.as_str().to_owned()),
            _ => {}
        }
        let (order, now) = (filter.orders()[0], self.state.clock.now());
        let list = self.store().token_list(&filter, order, now).await;
        self.first_hundred(&list.expect("a list")).await
    }

    /// Blacklisted tokens, latest first.
    pub async fn blacklisted(&self) -> Vec<ListedBlacklisted> {
        let filter = BlacklistedFilter::default();
        let list = filter.list(filter.orders()[0]);
        self.first_hundred(&list).await
    }

    async fn first_hundred<T: Shown>(&self, list: &List) -> Vec<T> {
        let found = list.page(self.store(), &Part::First, 100).await;
        found.expect("a page").rows
    }

    /// Adds a member of staff, with the password `<name>-pass-1`.
    pub async fn add_staff(&self, name: &str, is_superuser: bool) -> User {
        let user = AddUser {
            username: name.into(),
            email: String::new(),
            password: format!("{name}-pass-1").into(),
            is_active: true,
            is_staff: true,
            is_superuser,
        };
        let Server { hasher, clock, .. } = &*self.state;
        self.store()
            .add_user(user, hasher, clock)
            .await
            .expect("added");
        self.user(name).await
    }

    pub async fn user(&self, name: &str) -> User {
        self.store().user_named(name).await.expect("there")
    }

    /// Any request at all.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router answers");
        Answer::read(response).await
    }

    pub async fn get(&self, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::HOST, "localhost");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// `GET` with an access token.
    pub async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.get(path, &[(header::AUTHORIZATION, &format!("Bearer {token}"))])
            .await
    }

    /// `POST` of a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(
            request
                .body(Body::from(body.to_string()))
                .expect("a request"),
        )
        .await
    }

    /// `POST` of a form from the page itself.
    pub async fn post_form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::HOST, "localhost")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// Logs `name` in; answers the refresh and the access token.
    pub async fn log_in(&self, name: &str) -> (String, String) {
        let password = format!("{name}-pass-1");
        let answer = self
            .post(
                "/api/token/",
                &json!({"username": name, "password": password}),
            )
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        (answer.text("refresh"), answer.text("access"))
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/api/token/refresh/", &json!({"refresh": token}))
            .await
    }

    /// The same with a `User-Agent`: another one is another device.
    pub async fn refresh_from(&self, agent: &str, token: &str) -> Answer {
        let request = Request::post("/api/token/refresh/")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, agent);
        let body = Body::from(json!({"refresh": token}).to_string());
        self.send(request.body(body).expect("a request")).await
    }

    pub async fn verify(&self, token: &str) -> Answer {
        self.post("/api/token/verify/", &json!({"token": token}))
            .await
    }

    pub async fn blacklist(&self, token: &str) -> Answer {
        self.post("/api/token/blacklist/", &json!({"refresh": token}))
            .await
    }

    /// Logs `name` in to the admin; answers the cookie to send.
    pub async fn admin_cookie(&self, name: &str) -> String {
        let password = format!("{name}-pass-1");
        let answer = self
            .post_form(
                "/admin/login/",
                "",
                &[("username", name), ("password", &password), ("next", "")],
            )
            .await;
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().expect("a cookie").to_owned()
    }
}
