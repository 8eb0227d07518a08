//! `POST /api/token/blacklist/`.

use crate::harness::{Database, TestApp, claims, on_both_databases};

on_both_databases! {
    async fn a_logout_takes_the_whole_session_with_it(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        let (other, _) = app.log_in("alice").await;
        let answer = app.refresh(&first).await;
        let (refresh, access) = (answer.text("refresh"), answer.text("access"));
        let answer = app.blacklist(&refresh).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
        app.blacklist(&refresh).await.assert_token_refused("Token is blacklisted");
        let answer = app.get_as(&access, "/api/users/").await;
        assert_eq!(answer.json()["messages"][0]["message"], "Token is blacklisted");
        assert_eq!(app.refresh(&other).await.status, 200, "another session of the same user goes on");
    }
}

on_both_databases! {
    async fn every_token_that_could_still_be_used_is_listed(database) {
        let app = TestApp::new(database, &[]).await;
        let (first, _) = app.log_in("alice").await;
        app.wait(301);
        let answer = app.refresh(&first).await;
        let (refresh, access) = (answer.text("refresh"), answer.text("access"));
        app.blacklist(&refresh).await;
        let page = app.blacklisted().await;
        let mut listed: Vec<_> = page.iter().map(|row| (row.jti.clone(), row.reason.clone())).collect();
        let jti = |token: &str| claims(token)["jti"].as_str().expect("text").to_owned();
        let mut expected = vec![
            (jti(&refresh), "logout".to_owned()),
            (jti(&access), "logout".to_owned()),
            (jti(&first), "rotated".to_owned()),
        ];
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "the first access token had expired");
    }
}
