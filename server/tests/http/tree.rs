//! The tokens of a session as a tree.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jotward::lifecycle::AccessLifetime;
use jotward::session::{TokenState, Tree, TreeToken};
use jotward::store::{Db, Origin, Which};
use jotward::token::SessionId;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::harness::{Database, TestApp, claims, on_both_databases};

fn session_of(token: &str) -> SessionId {
    let sid = claims(token)["sid"].as_str().and_then(SessionId::parse);
    sid.expect("a session")
}

/// Counts what the driver is asked.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// What is answered, and how many statements that took. Of PostgreSQL only: SQLite's driver does its work on a thread where
/// nobody listens.
pub async fn counting<T>(asked: impl Future<Output = T>) -> (T, usize) {
    let statements = Statements::default();
    let listening = tracing_subscriber::registry().with(statements.clone());
    let answer = asked.with_subscriber(listening).await;
    (answer, statements.0.load(Ordering::SeqCst))
}

on_both_databases! {
    async fn a_thousand_rotations_are_read_at_once(database) {
        const ROTATIONS: usize = 1000;
        let app = TestApp::new(database, &[]).await;
        let (mut refresh, _) = app.log_in("alice").await;
        let id = session_of(&refresh);
        for _ in 0..ROTATIONS {
            let refreshed = app.state.refresh(&refresh, AccessLifetime::FULL, &Origin::default()).await.expect("refreshed");
            refresh = refreshed.refresh.expect("rotated");
        }
        let asked = app.store().tokens_of_session(id, Which::All, app.state.clock.now());
        let (tokens, statements) = counting(asked).await;
        let tokens = tokens.expect("read");
        if matches!(app.store().db(), Db::Postgres(_)) {
            assert_eq!(statements, 1);
        }
        let tree = Tree::new(tokens);
        assert_eq!((tree.len(), tree.roots()), (2 * (ROTATIONS + 1), 1));
        let branches = tree.branches();
        let generations = branches.iter().map(|branch| usize::try_from(branch.token.generation.0).expect("small"));
        assert!(generations.eq((0..=ROTATIONS).flat_map(|n| [n, n])), "a refresh token and its access token each");
        let active = branches.iter().filter(|branch| branch.token.state == TokenState::Active);
        assert_eq!(active.count(), ROTATIONS + 2, "all access tokens, and the last refresh token");
    }
}

on_both_databases! {
    async fn each_token_says_what_became_of_it(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, access) = app.log_in("alice").await;
        app.wait(301);
        let answer = app.refresh(&first).await;
        let again = app.refresh(&first).await;
        assert_eq!(again.text("refresh"), answer.text("refresh"), "a replay");
        app.post("/api/token/expire/", &serde_json::json!({"token": answer.text("access")})).await;

        let (id, now) = (session_of(&first), app.state.clock.now());
        let tokens = app.store().tokens_of_session(id, Which::All, now).await.expect("read");
        let tree = Tree::new(tokens);
        let jti = |token: &str| claims(token)["jti"].as_str().expect("text").to_owned();
        let shown: Vec<_> = tree.branches().iter().map(|branch| {
            let token = branch.token;
            (branch.depth, token.generation.0, token.jti.clone(), token.state.clone())
        }).collect();
        let spent = TokenState::Blacklisted("rotated".into());
        let revoked = TokenState::Blacklisted("logout".into());
        let expected = vec![
            (0, 0, jti(&first), spent),
            (1, 0, jti(&access), TokenState::Expired),
            (0, 1, jti(&answer.text("refresh")), TokenState::Active),
            (1, 1, jti(&answer.text("access")), revoked),
            (1, 1, jti(&again.text("access")), TokenState::Active),
        ];
        assert_eq!(shown, expected);
        for (which, count) in [(Which::Active, 2), (Which::Over, 3)] {
            let tokens = app.store().tokens_of_session(id, which, now).await.expect("read");
            assert_eq!(tokens.len(), count, "{which:?}");
            let is_active = |token: &TreeToken| token.state == TokenState::Active;
            assert!(tokens.iter().all(|token| is_active(token) == (which == Which::Active)));
        }
    }
}
