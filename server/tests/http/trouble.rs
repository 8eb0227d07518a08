//! Trouble with the database: 503 and `Retry-After`, never a 401, because clients log out on that.

use jotward::account::{HashParams, Hasher};
use serde_json::json;

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

mod a_database_that_can_not_be_written {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        let database = Database::sqlite().await;
        let store = database.store.clone();
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let jotward::store::Store::Sqlite { write, .. } = store else {
            panic!("SQLite");
        };
        sqlx::query("pragma query_only = on")
            .execute(&write)
            .await
            .expect("set");
        assert_try_later(&app.refresh(&refresh).await);
        assert_try_later(&app.blacklist(&refresh).await);
        assert_eq!(
            app.get_as(&access, "/api/users/").await.status,
            200,
            "reading goes on"
        );
        sqlx::query("pragma query_only = off")
            .execute(&write)
            .await
            .expect("set");
        assert_eq!(
            app.refresh(&refresh).await.status,
            200,
            "and the token is still good"
        );
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
