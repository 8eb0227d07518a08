//! What happens to an account while somebody else is at work on it.

use std::sync::Arc;
use std::time::Duration;

use jotward::account::{AddUser, ChangeError, Others};
use jotward::event::Kind;
use jotward::network::Network;
use jotward::session::Trail;
use jotward::store::{EventFilter, NewToken, Origin, ProfileChange, StoreError, TokenId, User};
use jotward::token::{Generation, Jti, SessionId, TokenType, UserId};
use serde_json::json;
use tokio::sync::oneshot;

use super::{put, token_of};
use crate::harness::{Database, START, TestApp, claims, on_both_databases};

fn renamed(name: &str) -> ProfileChange {
    ProfileChange {
        username: Some(name.to_owned()),
        ..ProfileChange::default()
    }
}

async fn rename(app: &TestApp, user: &User, name: &str) -> Result<(), ChangeError> {
    let within = SessionId::at(START);
    let origin = Origin::default();
    let edited = app
        .state
        .edit_profile(user, renamed(name), None, within, &origin);
    edited.await
}

on_both_databases! {
    async fn who_is_renamed_meanwhile_is_not_taken_for_who_took_the_name(database) {
        let app = TestApp::new(database, &[]).await;
        let (alice, origin) = (app.user("alice").await, Origin::default());
        rename(&app, &alice, "alice2").await.expect("renamed");
        let other = AddUser {
            username: "alice".into(),
            email: String::new(),
            // The same, so that only the number tells them apart.
            password: "alice-pass-1".into(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
        };
        app.store().add_user(other, &app.state.hasher, &app.state.clock).await.expect("added");
        let changed = app.state.change_own_password(&alice, None, "alice-pass-1".into(), "alice-pass-2".into(), Others::End, &origin);
        changed.await.expect("changed");
        let log_in = async |name: &str, password: &str| {
            app.post("/api/token/", &json!({"username": name, "password": password})).await.status
        };
        assert_eq!(log_in("alice2", "alice-pass-2").await, 200);
        assert_eq!(log_in("alice", "alice-pass-1").await, 200, "the other's is as it was");
    }
}

on_both_databases! {
    async fn a_password_that_is_too_short_is_refused_to_programs_too(database) {
        let app = TestApp::new(database, &[]).await;
        let (alice, origin) = (app.user("alice").await, Origin::default());
        let changed = app.state.change_own_password(&alice, None, "alice-pass-1".into(), "short".into(), Others::End, &origin);
        assert!(changed.await.is_err());
        app.log_in("alice").await;
    }
}

on_both_databases! {
    async fn of_who_is_gone_nothing_is_told(database) {
        let app = TestApp::new(database, &[]).await;
        let alice = app.user("alice").await;
        app.store().delete_user(&alice, &app.state.clock).await.expect("deleted");
        assert!(rename(&app, &alice, "alice2").await.is_err());
        let filter = EventFilter { user: Some(alice.user_id()), ..EventFilter::default() };
        let events = app.store().events(filter, 20).await.expect("read");
        let is_told = |kind: Kind| events.iter().any(|event| event.kind == kind.as_str());
        assert!(is_told(Kind::UserDeleted) && !is_told(Kind::UserUpdated));
    }
}

/// A token as a refresh of the session would put on record.
fn of_a_refresh(session: SessionId, user: UserId) -> NewToken {
    NewToken {
        id: TokenId::next(),
        jti: Jti::at(START),
        sha256: String::new(),
        token_type: TokenType::Access,
        user_id: Some(user),
        session_id: session,
        parent: None,
        generation: Generation::FIRST,
        created_at: START,
        expires_at: START + 300,
    }
}

on_both_databases! {
    async fn a_new_name_and_password_do_not_stop_a_refresh_that_is_under_way(database) {
        let app = Arc::new(TestApp::new(database, &[]).await);
        let body = json!({"user": {"email": "alice@example.com", "password": "alice-pass-1"}});
        let lone = token_of(&app.post("/api/users/login", &body).await);
        let (refresh, _) = app.log_in("alice").await;
        let session = claims(&refresh)["sid"].as_str().and_then(SessionId::parse).expect("a session");
        let alice = app.user("alice").await.user_id();
        let (begun, has_begun) = oneshot::channel();
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let refreshing = tokio::spawn({
            let app = Arc::clone(&app);
            async move {
                let written = app.store().write(move |tx| {
                    Box::pin(async move {
                        // What a refresh does, in its order: it holds the session, and then its user's name.
                        let trail = Trail::begin(Network::of("192.0.2.7"), START);
                        tx.move_session(session, "192.0.2.7", &trail).await?;
                        begun.send(()).expect("heard");
                        may_go_on.await.expect("told");
                        tx.record(&[of_a_refresh(session, alice)], &Origin::default()).await?;
                        Ok::<_, StoreError>(())
                    })
                });
                written.await
            }
        });
        has_begun.await.expect("it holds the session");
        let mut editing = tokio::spawn({
            let app = Arc::clone(&app);
            async move { put(&app, &lone, json!({"username": "alice2", "password": "alice-pass-2"})).await }
        });
        // It waits for the session, and whether it does is nothing to be asked of both databases.
        let waits = tokio::time::timeout(Duration::from_secs(1), &mut editing).await;
        assert!(waits.is_err(), "{waits:?}");
        go_on.send(()).expect("heard");
        refreshing.await.expect("no panic").expect("not refused");
        let answer = editing.await.expect("no panic");
        assert_eq!((answer.status, &answer.json()["user"]["username"]), (200, &json!("alice2")), "{answer:?}");
    }
}
