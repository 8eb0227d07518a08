//! `POST /api/token/verify/`.

use crate::harness::{Database, TestApp, claims, on_both_databases};

on_both_databases! {
    async fn both_tokens_of_a_pair_verify(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        for token in [&refresh, &access] {
            let answer = app.verify(token).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
        }
        app.wait(300);
        app.verify(&access).await.assert_token_refused("Token is expired");
        assert_eq!(app.verify(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn what_was_revoked_does_not_verify(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!(app.blacklist(&refresh).await.status, 200);
        for token in [&refresh, &access] {
            app.verify(token).await.assert_token_refused("Token is blacklisted");
        }
        let app = app.restarted(&[]).await;
        for token in [&refresh, &access] {
            app.verify(token).await.assert_token_refused("Token is blacklisted");
        }
    }
}

on_both_databases! {
    async fn a_spent_refresh_token_does_not_verify(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, access) = app.log_in("alice").await;
        let second = app.refresh(&first).await.text("refresh");
        app.verify(&first).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.verify(&second).await.status, 200);
        assert_eq!(app.verify(&access).await.status, 200, "access tokens live on through a rotation");
    }
}

on_both_databases! {
    async fn an_access_token_outlives_its_session_only_where_asked(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let (refresh, access) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        assert_eq!(app.verify(&access).await.status, 200);
        app.verify(&refresh).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn one_access_token_can_fall_alone(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let jti = claims(&access)["jti"].as_str().expect("text").to_owned();
        let page = app.outstanding(&jti).await;
        let id = jotward::store::TokenId(page[0].id);
        let actor = jotward::lifecycle::Actor { name: "admin".into(), note: "test".into(), origin: jotward::store::Origin::default() };
        app.state.blacklist(id, &actor).await.expect("blacklisted");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let app = app.restarted(&[]).await;
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let other = app.refresh(&refresh).await.text("access");
        assert_eq!(app.verify(&other).await.status, 200);
    }
}

on_both_databases! {
    async fn verification_of_an_access_token_asks_no_database(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        app.store().close().await;
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.verify(&refresh).await.status, 503);
    }
}

on_both_databases! {
    async fn tolerance_for_clocks_does_not_bring_a_revoked_token_back(database) {
        // No token of the session outlives the access token: memory may forget it with that.
        const FLAGS: &[&str] = &["--leeway=60s", "--refresh-token-lifetime=300s"];
        let app = TestApp::new(database, FLAGS).await;
        let (refresh, access) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        app.wait(300 + 59);
        // Another revocation makes memory forget what is over.
        let (other, _) = app.log_in("alice").await;
        app.blacklist(&other).await;
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let app = app.restarted(FLAGS).await;
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        app.wait(1);
        app.verify(&access).await.assert_token_refused("Token is expired");
    }
}

on_both_databases! {
    async fn a_token_that_was_revoked_alone_is_refused_under_every_setting(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let (_, access) = app.log_in("alice").await;
        let jti = claims(&access)["jti"].as_str().expect("text").to_owned();
        let page = app.outstanding(&jti).await;
        let actor = jotward::lifecycle::Actor { name: "admin".into(), note: "test".into(), origin: jotward::store::Origin::default() };
        app.state.blacklist(jotward::store::TokenId(page[0].id), &actor).await.expect("blacklisted");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn without_immediate_revocation_an_access_token_outlives_its_session_and_can_fall_alone(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let (refresh, access) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        assert_eq!(app.verify(&access).await.status, 200);
        app.verify(&refresh).await.assert_token_refused("Token is blacklisted");
        // The same when memory can not be trusted and the record is asked.
        let facts = async || {
            let claims = claims(&access);
            let jti = jotward::token::Jti::parse(claims["jti"].as_str().expect("a name")).expect("a name");
            let session = claims["sid"].as_str().and_then(jotward::token::SessionId::parse);
            app.store().access_facts(session, &jti, None).await.expect("asked")
        };
        assert!(!facts().await.blacklisted);
        let page = app.outstanding("alice").await;
        let row = page.iter().find(|row| row.token_type == "access").expect("a row");
        let actor = jotward::lifecycle::Actor { name: "admin".into(), note: String::new(), origin: jotward::store::Origin::default() };
        app.state.blacklist(jotward::store::TokenId(row.id), &actor).await.expect("done");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}
