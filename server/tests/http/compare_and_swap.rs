//! The store's side of the bargain: a change of a session that comes too late changes nothing, and what one caller
//! does wrong leaves those it shares a commit with alone.

use jotward::session::{Device, EndReason, Trail};
use jotward::store::{Ending, NewToken, NewUser, Origin, Step, Store, StoreError, Stride, TokenId};
use jotward::token::{Generation, Jti, SessionId, TokenType};

use crate::harness::{Database, START, TestApp, claims, on_both_databases};

fn session_of(token: &str) -> SessionId {
    claims(token)["sid"]
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
        origin: Origin::default(),
    }
}

fn step(session: SessionId, from: Generation, stride: Stride, jti: Jti) -> Step {
    let token = NewToken {
        id: TokenId::next(),
        jti,
        sha256: String::new(),
        token_type: TokenType::Access,
        user_id: None,
        session_id: session,
        parent: None,
        generation: from,
        created_at: START,
        expires_at: START + 300,
    };
    Step {
        session,
        from,
        stride,
        at: START,
        check_user_is_active: true,
        device: Device::of("a browser"),
        tokens: vec![token],
        spent: None,
        origin: Origin::default(),
        trail: Trail::default(),
        events: Vec::new(),
    }
}

async fn take(store: &Store, session: SessionId, from: Generation, stride: Stride) -> bool {
    store
        .step(step(session, from, stride, Jti::at(START)))
        .await
        .expect("asked")
}

async fn end(store: &Store, session: SessionId) -> bool {
    let ended =
        store.write(move |tx| Box::pin(async move { tx.end_session(session, &ending()).await }));
    ended.await.expect("asked").is_some()
}

on_both_databases! {
    async fn a_generation_is_left_once(database) {
        let app = TestApp::new(database, &[]).await;
        let session = session_of(&app.log_in("alice").await.0);
        let (first, second) = (Generation::FIRST, Generation::FIRST.next());
        assert!(!take(app.store(), session, second, Stride::Rotate).await, "not there yet");
        assert!(take(app.store(), session, first, Stride::Rotate).await);
        for stride in [Stride::Rotate, Stride::Renew, Stride::Replay] {
            assert!(!take(app.store(), session, first, stride).await, "left already");
            assert!(take(app.store(), session, second, Stride::Replay).await, "it stays there");
        }
        assert!(take(app.store(), session, second, Stride::Rotate).await);
    }
}

on_both_databases! {
    async fn an_ended_session_goes_nowhere(database) {
        let app = TestApp::new(database, &[]).await;
        let session = session_of(&app.log_in("alice").await.0);
        assert!(end(app.store(), session).await);
        assert!(!end(app.store(), session).await, "the first reason stays");
        for stride in [Stride::Rotate, Stride::Renew, Stride::Replay] {
            assert!(!take(app.store(), session, Generation::FIRST, stride).await);
        }
    }
}

on_both_databases! {
    async fn a_step_that_is_not_taken_leaves_nothing_behind(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let session = session_of(&refresh);
        let taken = Jti::parse(claims(&access)["jti"].as_str().expect("a name")).expect("a name");
        let refused = app.store().step(step(session, Generation::FIRST, Stride::Rotate, taken)).await;
        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        assert!(!take(app.store(), session, Generation::FIRST.next(), Stride::Rotate).await);
        let page = app.outstanding("alice").await;
        assert_eq!(page.len(), 2);
        assert_eq!(app.refresh(&refresh).await.status, 200, "the session is where it was");
    }
}

on_both_databases! {
    async fn a_failure_undoes_its_own_work_and_nobody_elses(database) {
        let app = TestApp::new(database, &[]).await;
        let mut sessions = Vec::new();
        for _ in 0..8 {
            sessions.push(session_of(&app.log_in("alice").await.0));
        }
        let (_, access) = app.log_in("alice").await;
        let taken = Jti::parse(claims(&access)["jti"].as_str().expect("a name")).expect("a name");
        let store = app.store();
        // All of these wait together: ends, steps, a step that can not be recorded, and a work that gives up.
        let failing = async {
            let gives_up = store.write(|tx| Box::pin(async move {
                tx.raise_tide().await?;
                Err::<(), _>(StoreError::Conflict)
            }));
            let clashes = store.step(step(sessions[0], Generation::FIRST, Stride::Rotate, taken));
            futures_util::join!(gives_up, clashes)
        };
        let tide = store.level().await.expect("known").tide;
        let ends = futures_util::future::join_all(sessions[1..4].iter().map(|id| end(store, *id)));
        let steps = sessions[4..].iter().map(|id| take(store, *id, Generation::FIRST, Stride::Rotate));
        let steps = futures_util::future::join_all(steps);
        let (ends, steps, (gave_up, clashed)) = futures_util::join!(ends, steps, failing);
        assert!(ends.into_iter().chain(steps).all(|done| done));
        assert!(matches!(gave_up, Err(StoreError::Conflict)) && matches!(clashed, Err(StoreError::Conflict)));
        assert_eq!(store.level().await.expect("known").tide, tide, "undone");
        assert!(take(store, sessions[0], Generation::FIRST, Stride::Rotate).await, "it was not moved");
        for id in &sessions[1..4] {
            assert!(!end(store, *id).await, "they stay ended");
        }
    }
}

on_both_databases! {
    async fn a_name_is_taken_in_every_case(database) {
        let app = TestApp::new(database, &[]).await;
        let new = NewUser {
            username: "ALICE".into(),
            email: String::new(),
            password: "hash".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        let added = app.store().write(move |tx| Box::pin(async move { tx.add_user(&new, START).await }));
        assert!(matches!(added.await, Err(StoreError::Conflict)));
    }
}
