//! The store's side of the bargain: a change of a session that comes too late changes nothing.

use jotward::session::EndReason;
use jotward::store::{Ending, StoreError};
use jotward::token::{Generation, SessionId};

use crate::harness::{Database, START, TestApp, claims, on_both_databases};

async fn live_session(app: &TestApp) -> SessionId {
    let (refresh, _) = app.log_in("alice").await;
    claims(&refresh)["sid"]
        .as_str()
        .and_then(SessionId::parse)
        .expect("a session")
}

fn ending() -> Ending {
    Ending {
        at: START,
        reason: EndReason::Admin,
        by: None,
        note: None,
    }
}

on_both_databases! {
    async fn a_generation_is_left_once(database) {
        let app = TestApp::new(database, &[]).await;
        let session = live_session(&app).await;
        let mut tx = app.store().begin().await.expect("begins");
        let (first, second) = (Generation::FIRST, Generation::FIRST.next());
        assert!(!tx.rotate_session(session, second, START, START).await.expect("asked"), "not there yet");
        assert!(tx.rotate_session(session, first, START, START).await.expect("asked"));
        assert!(!tx.rotate_session(session, first, START, START).await.expect("asked"), "left already");
        assert!(tx.rotate_session(session, second, START, START).await.expect("asked"));
    }
}

on_both_databases! {
    async fn an_ended_session_goes_nowhere(database) {
        let app = TestApp::new(database, &[]).await;
        let session = live_session(&app).await;
        let mut tx = app.store().begin().await.expect("begins");
        assert!(tx.end_session(session, &ending()).await.expect("asked").is_some());
        assert!(tx.end_session(session, &ending()).await.expect("asked").is_none(), "the first reason stays");
        assert!(!tx.rotate_session(session, Generation::FIRST, START, START).await.expect("asked"));
        assert!(!tx.renew_session(session, START, START).await.expect("asked"));
    }
}

on_both_databases! {
    async fn what_is_not_committed_never_was(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        let session = claims(&refresh)["sid"].as_str().and_then(SessionId::parse).expect("a session");
        let mut tx = app.store().begin().await.expect("begins");
        tx.end_session(session, &ending()).await.expect("asked");
        drop(tx);
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn a_name_is_taken_in_every_case(database) {
        let app = TestApp::new(database, &[]).await;
        let mut tx = app.store().begin().await.expect("begins");
        let new = jotward::store::NewUser {
            username: "ALICE".into(),
            email: String::new(),
            password: "hash".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        assert!(matches!(tx.add_user(&new, START).await, Err(StoreError::Conflict)));
    }
}
