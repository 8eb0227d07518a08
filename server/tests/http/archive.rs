//! Clean-up: what goes, what stays, and that what stays hangs together.

use jotward::event::{Event, Kind};
use jotward::lifecycle::tidy;
use jotward::session::{Tree, TreeToken};
use jotward::store::{EventFilter, Flushed, Which};
use jotward::token::SessionId;

use crate::harness::{Database, TestApp, claims, on_both_databases};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn session_of(token: &str) -> SessionId {
    let sid = claims(token)["sid"].as_str().and_then(SessionId::parse);
    sid.expect("a session")
}

async fn tokens(app: &TestApp, id: SessionId) -> Vec<TreeToken> {
    let tokens = app
        .store()
        .tokens_of_session(id, Which::All, app.state.clock.now());
    tokens.await.expect("read")
}

/// Removes what expired more than `days` ago.
async fn flush(app: &TestApp, days: i64) -> Flushed {
    let before = app.state.clock.now() - days * DAY;
    app.store().flush_expired(before).await.expect("flushed")
}

async fn archive(app: &TestApp, days: i64) -> Flushed {
    let before = app.state.clock.now() - days * DAY;
    app.store()
        .flush_whole_sessions(before)
        .await
        .expect("removed")
}

on_both_databases! {
    async fn an_older_token_that_stays_keeps_those_that_came_after_it(database) {
        let app = TestApp::new(database, &["--refresh-token-lifetime=20d"]).await;
        let (first, _) = app.log_in("alice").await;
        let id = session_of(&first);
        // A lifetime that is shortened while sessions go on.
        let app = app.restarted(&["--refresh-token-lifetime=1d"]).await;
        let mut refresh = first;
        for _ in 0..3 {
            app.wait(HOUR);
            refresh = app.refresh(&refresh).await.text("refresh");
        }
        app.wait(12 * DAY);
        assert_eq!(flush(&app, 10).await.tokens, 4, "the access tokens");
        assert_eq!(flush(&app, 10).await.tokens, 0);
        let left = tokens(&app, id).await;
        let generations: Vec<_> = left.iter().map(|token| token.generation.0).collect();
        assert_eq!(generations, [0, 1, 2, 3], "the first expires last, and the others hang on it");
        assert_eq!(Tree::new(left).roots(), 1);
        app.wait(20 * DAY);
        assert_eq!(flush(&app, 10).await.tokens, 4);
    }
}

on_both_databases! {
    async fn whatever_lifetimes_there_were_what_is_left_is_one_tree(database) {
        let mut app = TestApp::new(database, &["--refresh-token-lifetime=9d"]).await;
        let (mut refresh, _) = app.log_in("alice").await;
        let id = session_of(&refresh);
        let lifetimes = [
            ("3d", "5m"), ("8d", "2d"), ("2d", "4d"), ("6d", "1h"), ("2d", "5m"), ("2d", "3d"), ("5d", "5m"),
        ];
        let mut removed = 0;
        for (refresh_lifetime, access_lifetime) in lifetimes {
            let flags = [
                format!("--refresh-token-lifetime={refresh_lifetime}"),
                format!("--access-token-lifetime={access_lifetime}"),
            ];
            app = app.restarted(&flags.each_ref().map(String::as_str)).await;
            for _ in 0..3 {
                app.wait(9 * HOUR);
                refresh = app.refresh(&refresh).await.text("refresh");
                removed += flush(&app, 1).await.tokens;
                assert_eq!(Tree::new(tokens(&app, id).await).roots(), 1);
            }
        }
        assert!(removed > 10, "{removed} of 44 went while the session went on");
        app.wait(7 * DAY);
        flush(&app, 1).await;
        assert!(tokens(&app, id).await.is_empty());
    }
}

on_both_databases! {
    async fn without_rotation_access_tokens_wait_for_nothing_and_their_parent_for_them(database) {
        let flags = ["--rotate-refresh-tokens=false", "--access-token-lifetime=2d"];
        let app = TestApp::new(database, &flags).await;
        let (refresh, _) = app.log_in("alice").await;
        let id = session_of(&refresh);
        app.wait(23 * HOUR);
        for _ in 0..3 {
            app.refresh(&refresh).await.text("access");
        }
        app.wait(2 * DAY - HOUR);
        assert_eq!(flush(&app, 0).await.tokens, 1, "the first access token");
        assert_eq!(Tree::new(tokens(&app, id).await).roots(), 1);
        app.wait(HOUR + 1);
        assert_eq!(flush(&app, 0).await.tokens, 4);
    }
}

on_both_databases! {
    async fn the_archiver_takes_whole_sessions_or_nothing(database) {
        let app = TestApp::new(database, &["--access-token-lifetime=1m"]).await;
        let (over, _) = app.log_in("alice").await;
        let over_last = app.refresh(&over).await.text("refresh");
        let (ended, _) = app.log_in("alice").await;
        app.blacklist(&ended).await;
        let (mut goes_on, _) = app.log_in("alice").await;
        let id = session_of(&goes_on);
        for _ in 0..24 {
            app.wait(12 * HOUR);
            goes_on = app.refresh(&goes_on).await.text("refresh");
        }
        let of = |tokens, sessions| Flushed { tokens, sessions, revocations: 0 };
        assert_eq!(archive(&app, 11).await, of(0, 0), "twelve days later they were over for eleven at most");
        app.wait(10);
        assert_eq!(archive(&app, 11).await, of(6, 2));
        assert_eq!(archive(&app, 0).await, of(0, 0));
        for token in [&over, &over_last, &ended] {
            assert!(tokens(&app, session_of(token)).await.is_empty());
        }
        assert_eq!(tokens(&app, id).await.len(), 50, "however old its tokens are");
        assert_eq!(app.refresh(&goes_on).await.status, 200);
        app.wait(2 * DAY);
        assert_eq!(archive(&app, 0).await, of(52, 1), "a large one at once");
    }
}

on_both_databases! {
    async fn events_and_devices_go_when_they_are_old_and_not_before(database) {
        let app = TestApp::new(database, &["--keep-events=30d"]).await;
        app.log_in("alice").await;
        let kept = async || app.store().events(EventFilter::default(), 1000).await.expect("read").len();
        let early = kept().await;
        assert!(early > 0);
        app.wait(20 * DAY);
        for _ in 0..50 {
            app.state.note(Event::new(Kind::AuthzFail, app.state.clock.now())).await;
        }
        app.wait(10 * DAY + 1);
        let tidied = tidy(app.store(), &app.state.settings, app.state.clock.now()).await.expect("done");
        assert_eq!((usize::try_from(tidied.events), tidied.devices, kept().await), (Ok(early), 0, 50));
        assert_eq!(tidied.registry.tokens, 2);
        app.wait(400 * DAY);
        let tidied = tidy(app.store(), &app.state.settings, app.state.clock.now()).await.expect("done");
        assert_eq!((tidied.events, tidied.devices, kept().await), (50, 2, 0), "the throttle's and the user's");
    }
}
