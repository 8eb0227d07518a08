//! Trouble with the database: 503 and `Retry-After`, never a 401, because clients log out on that.

use jotward::account::{HashParams, Hasher};
use jotward::store::{Lent, StoreError};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::harness::{Answer, Database, TestApp, on_both_databases};

#[track_caller]
fn assert_try_later(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, "1"),
        "{answer:?}"
    );
    assert!(!answer.body.contains("pool"), "internals are hidden");
}

on_both_databases! {
    async fn every_question_to_the_database_is_to_be_asked_again(database) {
        let app = TestApp::new(database, &["--adopt-foreign-tokens=true"]).await;
        let (refresh, access) = app.log_in("alice").await;
        let cookie = app.admin_cookie("admin").await;
        app.store().close().await;
        assert_try_later(&app.post("/api/token/", &json!({"username": "alice", "password": "alice-pass-1"})).await);
        assert_try_later(&app.refresh(&refresh).await);
        assert_try_later(&app.blacklist(&refresh).await);
        assert_try_later(&app.get_as(&access, "/api/users/").await);
        assert_try_later(&app.get("/readyz", &[]).await);
        assert_try_later(&app.get("/admin/outstanding/", &[(axum::http::header::COOKIE, &cookie)]).await);
        assert_eq!(app.get("/healthz", &[]).await.status, 200, "the process is well");
    }
}

/// Changes what the connection that writes may do.
async fn pragma(app: &TestApp, sql: String) {
    let set = app.store().write(move |tx| {
        Box::pin(async move {
            let Lent::Sqlite(connection) = tx.lent() else {
                panic!("SQLite");
            };
            let set = sqlx::query(AssertSqlSafe(sql)).execute(&mut **connection);
            set.await.map(drop).map_err(StoreError::from)
        })
    });
    // Of what follows, the commit may be refused already.
    let _ = set.await;
}

mod a_database_that_can_not_be_written {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        let database = Database::sqlite().await;
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        pragma(&app, "pragma query_only = on".into()).await;
        assert_try_later(&app.refresh(&refresh).await);
        assert_try_later(&app.blacklist(&refresh).await);
        assert_eq!(
            app.get_as(&access, "/api/users/").await.status,
            200,
            "reading goes on"
        );
        // After a failure the writer has given its connection back.
        let jotward::store::Db::Sqlite { write, .. } = app.store().db() else {
            panic!("SQLite");
        };
        let set = sqlx::query("pragma query_only = off").execute(write).await;
        set.expect("set");
        assert_eq!(
            app.refresh(&refresh).await.status,
            200,
            "and the token is still good"
        );
    }
}

/// The pages SQLite may have are all taken: what it says of a full disk.
mod a_full_disk {
    use super::*;

    async fn limit_pages(app: &TestApp, pages: i64) {
        pragma(app, format!("pragma max_page_count = {pages}")).await;
    }

    #[tokio::test]
    async fn sqlite() {
        let app = TestApp::new(Database::sqlite().await, &[]).await;
        let (mut refresh, access) = app.log_in("alice").await;
        limit_pages(&app, 1).await;
        let mut refused = None;
        for _ in 0..1000 {
            let answer = app.refresh(&refresh).await;
            if answer.status != 200 {
                refused = Some(answer);
                break;
            }
            refresh = answer.text("refresh");
        }
        assert_try_later(&refused.expect("full at last"));
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        assert_try_later(&app.post("/api/token/", &credentials).await);
        assert_eq!(app.verify(&access).await.status, 200, "reading goes on");
        limit_pages(&app, 1_000_000).await;
        let answer = app.refresh(&refresh).await;
        assert_eq!(answer.status, 200, "and the token is still good");
        assert_eq!(app.blacklist(&answer.text("refresh")).await.status, 200);
    }
}

/// Statements whose answer is lost after the database has committed them.
mod a_connection_cut_in_mid_commit {
    use super::*;
    use crate::proxy::{Proxy, Traffic};

    async fn app() -> (TestApp, Proxy) {
        let (database, proxy) = Database::postgres_through_a_network().await;
        (TestApp::new(database, &[]).await, proxy)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_refresh_is_tried_again_and_gets_the_successor_that_was_committed() {
        let (app, proxy) = app().await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        // The reason of the spent token, as it travels among a statement's values: its length, then its letters.
        proxy.set(Traffic::LosesAnswerTo(b"\0\0\0\x07rotated"));
        assert_try_later(&app.refresh(&second).await);
        assert_eq!(proxy.traffic(), Traffic::Flows, "an answer was lost");
        // The database commits it in its own time.
        until(async || successors(&app).await == 3).await;
        let third = app.refresh(&second).await;
        assert_eq!(third.status, 200, "{third:?}");
        assert_eq!(successors(&app).await, 3, "the same successor");
        assert_eq!(app.refresh(&third.text("refresh")).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_logout_may_have_happened_and_is_in_force_if_it_has() {
        let (app, proxy) = app().await;
        let (refresh, access) = app.log_in("alice").await;
        proxy.set(Traffic::LosesAnswerTo(b"COMMIT"));
        assert_try_later(&app.blacklist(&refresh).await);
        assert_eq!(proxy.traffic(), Traffic::Flows);
        app.state.catch_up().await.expect("heard");
        app.verify(&access)
            .await
            .assert_token_refused("Token is blacklisted");
        app.blacklist(&refresh)
            .await
            .assert_token_refused("Token is blacklisted");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_asks_a_silent_database_waits_once() {
        let (database, proxy) = Database::postgres_through_a_network().await;
        let flags = ["--revocation-max-staleness=1s", "--check-revoke-token=true"];
        let app = TestApp::new(database, &flags).await;
        let (_, access) = app.log_in("alice").await;
        // Until memory can not be trusted any more; how old it is goes by the machine's clock.
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        proxy.set(Traffic::Stalls);
        let asked = std::time::Instant::now();
        assert_try_later(&app.get_as(&access, "/api/users/").await);
        let waited = asked.elapsed().as_secs();
        // Twice would be twelve; a busy machine adds what it adds.
        assert!(waited < 11, "{waited} s");
    }

    /// Looks again and again until it is so.
    async fn until(is_so: impl AsyncFn() -> bool) {
        for _ in 0..500 {
            if is_so().await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("not after ten seconds");
    }

    /// How many refresh tokens there are.
    async fn successors(app: &TestApp) -> usize {
        let rows = app.outstanding("alice").await;
        rows.iter()
            .filter(|row| row.token_type == "refresh")
            .count()
    }
}

on_both_databases! {
    async fn a_login_that_finds_no_free_thread_is_to_be_tried_again(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let params = HashParams::new(64, 1, 1, None).expect("valid parameters");
        let app = app.restarted_with(&[], Hasher::bounded(params, 0)).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        assert_try_later(&app.post("/api/token/", &credentials).await);
        assert_eq!(app.verify(&access).await.status, 200, "others are served meanwhile");
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}
