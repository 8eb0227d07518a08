//! A spent refresh token comes back: an honest repetition gets the same successor, a copy ends the session.

use jotward::session::EndReason;
use serde_json::json;

use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases};

/// Refused because the session is over for `reason`.
#[track_caller]
fn assert_ended(answer: &Answer, reason: EndReason) {
    answer.assert_token_refused("Token is blacklisted");
    assert_eq!(answer.header("jotward-session-ended"), reason.as_str());
}

/// Every token of the session is dead, and says that it died of reuse.
async fn assert_family_is_dead(app: &TestApp, refresh: &str, access: &str) {
    assert_ended(&app.refresh(refresh).await, EndReason::Reuse);
    app.verify(refresh)
        .await
        .assert_token_refused("Token is blacklisted");
    app.verify(access)
        .await
        .assert_token_refused("Token is blacklisted");
    assert_eq!(app.get_as(access, "/api/users/").await.status, 401);
}

on_both_databases! {
    async fn two_tabs_that_race_get_the_same_successor(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let winner = app.refresh(&first).await;
        assert_eq!(app.get_as(&winner.text("access"), "/api/users/").await.status, 200);
        app.wait(10);
        let loser = app.refresh(&first).await;
        assert_eq!(loser.text("refresh"), winner.text("refresh"), "to the letter");
        let access = claims(&loser.text("access"));
        assert_eq!((&access["gen"], &access["exp"]), (&json!(1), &json!(START + 10 + 300)), "good for its full time");
        assert_eq!(app.get_as(&loser.text("access"), "/api/users/").await.status, 200);
        assert_eq!(app.refresh(&winner.text("refresh")).await.status, 200);
    }
}

on_both_databases! {
    async fn a_lost_answer_is_given_again(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let lost = app.refresh(&first).await.text("refresh");
        for _ in 0..3 {
            app.wait(20);
            assert_eq!(app.refresh(&first).await.text("refresh"), lost);
        }
        app.wait(1);
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
    }
}

on_both_databases! {
    async fn an_answer_that_arrived_is_not_given_again(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let answer = app.refresh(&first).await;
        assert_eq!(app.get_as(&answer.text("access"), "/api/users/").await.status, 200);
        app.wait(11);
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
        assert_family_is_dead(&app, &answer.text("refresh"), &answer.text("access")).await;
    }
}

on_both_databases! {
    async fn a_verification_is_a_receipt_too_and_other_nodes_learn_of_it(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let answer = app.refresh(&first).await;
        assert_eq!(app.verify(&answer.text("access")).await.status, 200);
        let news = app.state.registry.receipts.take_news();
        assert_eq!(news.len(), 1);
        app.store().write(move |tx| Box::pin(async move { tx.note_received(&news).await })).await.expect("noted");
        let app = app.restarted(&[]).await;
        app.wait(11);
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
    }
}

on_both_databases! {
    async fn a_successor_that_was_used_ends_the_grace(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let third = app.refresh(&second).await;
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
        assert_family_is_dead(&app, &third.text("refresh"), &third.text("access")).await;
    }
}

on_both_databases! {
    async fn another_device_has_no_grace(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh_from("Firefox", &first).await;
        assert_ended(&app.refresh_from("curl", &first).await, EndReason::Reuse);
        assert_family_is_dead(&app, &second.text("refresh"), &second.text("access")).await;
    }
}

on_both_databases! {
    async fn a_thief_who_is_first_is_found_out_by_the_victim(database) {
        let app = TestApp::new(database, &[]).await;
        let (stolen, _) = app.log_in("alice").await;
        let loot = app.refresh_from("curl", &stolen).await;
        assert_ended(&app.refresh_from("Firefox", &stolen).await, EndReason::Reuse);
        assert_family_is_dead(&app, &loot.text("refresh"), &loot.text("access")).await;
    }
}

on_both_databases! {
    async fn only_its_own_session_dies_of_a_reuse(database) {
        let app = TestApp::new(database, &[]).await;
        let ((one, _), (other, access)) = (app.log_in("alice").await, app.log_in("alice").await);
        app.refresh_from("Firefox", &one).await;
        assert_ended(&app.refresh_from("curl", &one).await, EndReason::Reuse);
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.refresh(&other).await.status, 200);
    }
}

on_both_databases! {
    async fn a_reuse_is_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        app.refresh_from("Firefox", &first).await;
        app.refresh_from("curl", &first).await;
        let page = app.blacklisted().await;
        let reasons: Vec<_> = page.iter().map(|row| row.reason.as_str()).collect();
        assert_eq!(reasons.iter().filter(|reason| **reason == "reuse").count(), 3, "{reasons:?}");
        assert_eq!(reasons.iter().filter(|reason| **reason == "rotated").count(), 1, "{reasons:?}");
        let note = page.iter().find_map(|row| row.note.clone()).expect("a note");
        assert!(note.contains("another device"), "{note}");
    }
}

on_both_databases! {
    async fn evidence_survives_a_restart(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        app.refresh(&second).await.text("refresh");
        let app = app.restarted(&[]).await;
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
    }
}

on_both_databases! {
    async fn a_replay_survives_a_restart(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let app = app.restarted(&["--refresh-token-lifetime=5h"]).await;
        app.wait(30);
        assert_eq!(app.refresh(&first).await.text("refresh"), second, "made again from its row");
    }
}

on_both_databases! {
    async fn a_logout_with_the_token_whose_answer_was_lost_logs_out(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, access) = app.log_in("alice").await;
        app.refresh(&first).await;
        let answer = app.blacklist(&first).await;
        assert_eq!((answer.status, answer.json()), (200, json!({})));
        assert_ended(&app.refresh(&first).await, EndReason::Logout);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn a_logout_with_a_copy_ends_the_session_as_one(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await;
        app.wait(61);
        assert_ended(&app.blacklist(&first).await, EndReason::Reuse);
        assert_family_is_dead(&app, &second.text("refresh"), &second.text("access")).await;
    }
}

on_both_databases! {
    async fn a_spent_token_is_not_valid_even_while_it_would_be_answered(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        app.verify(&first).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.verify(&second).await.status, 200);
    }
}

on_both_databases! {
    async fn without_a_window_the_first_repetition_is_reuse(database) {
        let app = TestApp::new(database, &["--refresh-reuse-interval=0", "--refresh-retry-window=0"]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await;
        assert_ended(&app.refresh(&first).await, EndReason::Reuse);
        assert_family_is_dead(&app, &second.text("refresh"), &second.text("access")).await;
    }
}

on_both_databases! {
    async fn a_token_of_another_key_touches_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        let third = app.refresh(&second).await.text("refresh");
        let (signed, signature) = first.rsplit_once('.').expect("three parts");
        let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
        app.refresh(&forged).await.assert_token_refused("Token is invalid");
        assert_eq!(app.refresh(&third).await.status, 200, "a bad signature burns no session");
    }
}
