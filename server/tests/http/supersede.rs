//! `TOKEN_EXPIRE_ON_REFRESH`: a refresh stops the earlier access tokens of its session.

use crate::harness::{Database, TestApp, on_both_databases};

const ON: &str = "--token-expire-on-refresh=true";
const BLACKLISTED: &str = "Token is blacklisted";

on_both_databases! {
    async fn a_rotation_leaves_the_new_pair_only(database) {
        let app = TestApp::new(database, &[ON]).await;
        let (_, of_another) = app.log_in("alice").await;
        let (first, access) = app.log_in("alice").await;
        let second = app.refresh(&first).await;
        app.verify(&access).await.assert_token_refused(BLACKLISTED);
        assert_eq!(app.verify(&second.text("access")).await.status, 200);
        assert_eq!(app.verify(&of_another).await.status, 200, "another session of the same user");
        let third = app.refresh(&second.text("refresh")).await;
        assert_eq!(third.status, 200);
        let app = app.restarted(&[ON]).await;
        app.verify(&second.text("access")).await.assert_token_refused(BLACKLISTED);
        assert_eq!(app.verify(&third.text("access")).await.status, 200);
    }
}

on_both_databases! {
    async fn without_rotation_the_refresh_token_and_the_new_access_token_live(database) {
        let app = TestApp::new(database, &[ON, "--rotate-refresh-tokens=false"]).await;
        let (refresh, mut access) = app.log_in("alice").await;
        for _ in 0..3 {
            let younger = app.refresh(&refresh).await.text("access");
            app.verify(&access).await.assert_token_refused(BLACKLISTED);
            assert_eq!(app.verify(&younger).await.status, 200);
            access = younger;
        }
        assert_eq!(app.verify(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn a_spent_refresh_token_is_refused_whatever_else_is_set(database) {
        let app = TestApp::new(database, &[ON, "--blacklist-after-rotation=false"]).await;
        let (first, access) = app.log_in("alice").await;
        let second = app.refresh(&first).await;
        app.verify(&access).await.assert_token_refused(BLACKLISTED);
        app.refresh(&first).await.assert_token_refused(BLACKLISTED);
        assert_eq!(app.refresh(&second.text("refresh")).await.status, 200, "the family is not revoked");
    }
}

on_both_databases! {
    async fn two_tabs_that_raced_hold_a_good_token_each(database) {
        let app = TestApp::new(database, &[ON]).await;
        let (first, _) = app.log_in("alice").await;
        let (one, other) = (app.refresh(&first).await, app.refresh(&first).await);
        assert_eq!(one.text("refresh"), other.text("refresh"));
        for answer in [&one, &other] {
            assert_eq!(app.verify(&answer.text("access")).await.status, 200);
        }
        let third = app.refresh(&one.text("refresh")).await;
        for answer in [&one, &other] {
            app.verify(&answer.text("access")).await.assert_token_refused(BLACKLISTED);
        }
        assert_eq!(app.verify(&third.text("access")).await.status, 200);
    }
}

on_both_databases! {
    async fn it_is_off_by_default(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, access) = app.log_in("alice").await;
        assert_eq!(app.refresh(&first).await.status, 200);
        assert_eq!(app.verify(&access).await.status, 200);
    }
}

on_both_databases! {
    async fn what_the_leeway_still_lets_in_is_stopped_too(database) {
        let app = TestApp::new(database, &[ON, "--leeway=1m"]).await;
        let (first, access) = app.log_in("alice").await;
        app.wait(330);
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.refresh(&first).await.status, 200);
        app.verify(&access).await.assert_token_refused(BLACKLISTED);
    }
}

on_both_databases! {
    async fn the_loser_of_a_race_changes_nothing(database) {
        let app = std::sync::Arc::new(TestApp::new(database, &[ON]).await);
        let (first, _) = app.log_in("alice").await;
        let racing: Vec<_> = (0..8).map(|_| {
            let (app, first) = (std::sync::Arc::clone(&app), first.clone());
            tokio::spawn(async move { app.refresh(&first).await })
        }).collect();
        for answer in racing {
            let answer = answer.await.expect("no panic");
            assert_eq!(app.verify(&answer.text("access")).await.status, 200);
        }
    }
}
