//! Time, where it is not to be trusted: clocks that are set back, locks that are waited for, records that are removed.

use jotward::clock::Clock;
use jotward::session::EndReason;
use jotward::store::{Flushed, Lent, Standing, Store, StoreError};
use jotward::tide::end_all_sessions;
use jotward::token::SessionId;
use tokio::sync::oneshot;

use crate::harness::{Database, START, TestApp, claims, on_both_databases};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

on_both_databases! {
    async fn an_hour_back_and_forth_logs_nobody_out_and_brings_nothing_back(database) {
        let app = TestApp::new(database, &[]).await;
        let (ended, ended_access) = app.log_in("alice").await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        app.blacklist(&ended).await;

        app.wait(-HOUR);
        assert_eq!(app.refresh(&first).await.text("refresh"), second, "a repetition is still one");
        let third = app.refresh(&second).await.text("refresh");
        app.verify(&ended_access).await.assert_token_refused("Token is blacklisted");
        app.refresh(&ended).await.assert_token_refused("Token is blacklisted");

        app.wait(2 * HOUR);
        let answer = app.refresh(&third).await;
        assert_eq!(answer.status, 200);
        for _ in 0..64 {
            app.state.registry.sweep(app.state.clock.now());
        }
        app.wait(-HOUR);
        app.verify(&ended_access).await.assert_token_refused("Token is blacklisted");
        let fifth = app.refresh(&answer.text("refresh")).await.text("refresh");
        app.refresh(&second).await.assert_token_refused("Token is blacklisted");
        app.refresh(&fifth).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_revocation_by_a_node_whose_clock_is_behind_is_heard(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = app.log_in("alice").await;
        let user = app.user("alice").await;
        let behind = jotward::clock::Clock::fixed(START - HOUR);
        app.store().deactivate_user(&user, &behind).await.expect("done");
        assert_eq!(app.verify(&access).await.status, 200, "not heard of yet");
        app.state.catch_up().await.expect("heard");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

/// Holds whatever a rotation of the session needs, until it is told to let go.
async fn hold(store: &Store, session: SessionId) -> oneshot::Sender<()> {
    let (let_go, told) = oneshot::channel();
    let (holds, held) = oneshot::channel();
    let store = store.clone();
    tokio::spawn(async move {
        let holding = store.write(move |tx| {
            Box::pin(async move {
                if let Lent::Postgres(tx) = tx.lent() {
                    sqlx::query("select 1 from sessions where id = $1 for update")
                        .bind(session.to_string())
                        .execute(&mut **tx)
                        .await
                        .expect("held");
                }
                holds.send(()).expect("somebody waits");
                let _ = told.await;
                Ok::<_, StoreError>(())
            })
        });
        holding.await.expect("written");
    });
    held.await.expect("held");
    let_go
}

on_both_databases! {
    async fn a_window_begins_at_the_commit_however_long_that_took(database) {
        let app = std::sync::Arc::new(TestApp::new(database, &[]).await);
        let (first, _) = app.log_in("alice").await;
        let session = claims(&first)["sid"].as_str().and_then(SessionId::parse).expect("a session");
        let held = hold(app.store(), session).await;
        let waiting = tokio::spawn({
            let (app, first) = (std::sync::Arc::clone(&app), first.clone());
            async move { app.refresh(&first).await }
        });
        // It waits for the lock by now, or will: the clock is read before.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        app.wait(50);
        held.send(()).expect("held until now");
        let second = waiting.await.expect("no panic").text("refresh");
        app.wait(55);
        assert_eq!(app.refresh(&first).await.text("refresh"), second);
        app.wait(6);
        app.refresh(&first).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn clean_up_never_turns_reuse_into_unknown(database) {
        let app = TestApp::new(database, &["--access-token-lifetime=1m", "--refresh-token-lifetime=20d"]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let third = app.refresh(&second).await.text("refresh");
        app.wait(12 * DAY);
        let flushed = app.store().flush_expired(app.state.clock.now() - 10 * DAY).await.expect("flushed");
        assert_eq!(flushed, Flushed { tokens: 3, sessions: 0, revocations: 0 }, "the access tokens");
        let answer = app.refresh(&first).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_eq!(answer.header("jotward-session-ended"), "reuse");
        app.refresh(&third).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn clean_up_removes_what_is_over_and_leaves_the_rest(database) {
        let app = TestApp::new(database, &["--session-lifetime=2d"]).await;
        let (old, _) = app.log_in("alice").await;
        app.refresh(&old).await.text("refresh");
        let (ended, _) = app.log_in("alice").await;
        app.blacklist(&ended).await;
        app.wait(3 * DAY + 1);
        let (young, access) = app.log_in("alice").await;
        let flush = async || app.store().flush_expired(app.state.clock.now() - DAY).await.expect("flushed");
        assert_eq!(flush().await, Flushed { tokens: 6, sessions: 2, revocations: 1 });
        assert_eq!(flush().await, Flushed::default());
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.refresh(&young).await.status, 200);
        app.refresh(&old).await.assert_token_refused("Token is expired");
    }
}

on_both_databases! {
    async fn a_revoked_token_stays_so_within_the_leeway_after_clean_up(database) {
        let app = TestApp::new(database, &["--leeway=10m"]).await;
        let (refresh, _) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        app.wait(DAY + 60);
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
        // As `token flush-expired` would, which never removes what the leeway still lets in.
        app.store().flush_expired(app.state.clock.now() - HOUR - 600).await.expect("flushed");
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_feed_that_went_back_or_has_a_hole_is_learned_anew(database) {
        let app = TestApp::new(database, &[]).await;
        let ((gone, gone_access), (refresh, access)) = (app.log_in("alice").await, app.log_in("alice").await);
        app.blacklist(&gone).await;
        app.state.catch_up().await.expect("heard");
        // As after a restore under a running server: the numbers it has heard are given again.
        for seq in [7, 0] {
            app.state.registry.learn(&Standing { seq, revocations: Vec::new() }, START);
            app.state.catch_up().await.expect("learned");
            assert_eq!(app.state.registry.seq(), 1);
        }
        app.verify(&gone_access).await.assert_token_refused("Token is blacklisted");
        app.state.registry.learn(&Standing { seq: 9, revocations: Vec::new() }, START);
        let user = app.user("alice").await;
        app.store().deactivate_user(&user, &app.state.clock).await.expect("done");
        app.state.catch_up().await.expect("learned");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        app.verify(&refresh).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_cut_off_by_a_clock_that_was_ahead_shuts_nobody_out(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, old) = app.log_in("alice").await;
        let ahead = jotward::clock::Clock::fixed(START + HOUR);
        let ended = end_all_sessions(app.store(), &ahead, EndReason::Admin, "a test").await.expect("ended");
        assert_eq!(ended, 1);
        app.state.catch_up().await.expect("heard");
        app.verify(&old).await.assert_token_refused("Token is blacklisted");
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.get_as(&access, "/api/users/").await.status, 200);
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn the_end_of_all_sessions_reaches_those_that_were_refreshed_meanwhile(database) {
        let app = TestApp::new(database, &[]).await;
        // The end of all begins before this login and reaches its session after.
        app.wait(3);
        let (_, access) = app.log_in("alice").await;
        let ended = end_all_sessions(app.store(), &Clock::fixed(START), EndReason::Admin, "all").await;
        assert_eq!(ended.expect("ended"), 1);
        app.state.catch_up().await.expect("heard");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}
