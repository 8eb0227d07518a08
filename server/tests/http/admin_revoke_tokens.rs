//! Ending the sessions of the tokens that a filter finds: live tokens count, as they were when the page was shown, and
//! whoever refreshes meanwhile does not get away.

use jotward::event::Kind;
use jotward::lifecycle::{Actor, Order};
use jotward::store::{Count, LiveTokens, Origin, Target, TokenFilter};
use jotward::token::TokenType;

use crate::admin_revoke::{assert_says, events, revoke, see, send};
use crate::harness::{Caller, Database, TestApp, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new("198.51.100.9", "curl/8.7.1");

/// Where it is done.
const TOKENS: &str = "/admin/revoke/tokens/";

on_both_databases! {
    async fn the_sessions_of_live_tokens_end_and_no_others(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (first, _) = OFFICE.logs_in(&app, "alice").await;
        let (second, _) = OFFICE.logs_in(&app, "alice").await;
        let (other, _) = HOME.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        // Its tokens of the office are spent or over; those it has now are of home.
        let moved = HOME.goes_on(&app, &second).await;
        app.wait(400);
        let list = see(&app, &cookie, "/admin/outstanding/?address=203.0.113.7&type=refresh").await;
        assert_says(&list, &["href=\"/admin/revoke/tokens/?address=203.0.113.7&amp;type=refresh\">End the sessions of all that match"]);
        let path = format!("{TOKENS}?address=203.0.113.7&type=refresh");
        let page = see(&app, &cookie, &path).await;
        assert_says(&page, &[
            "End the sessions of all live tokens that match?", "<dt>Address</dt><dd>203.0.113.7</dd>", "<dt>Type</dt><dd>refresh</dd>",
            "1 live session<", "1 user<", "also those that do not match",
        ]);
        let result = revoke(&app, &cookie, &path, &[]).await;
        assert_says(&result, &[
            "1 session of 1 user ended.", "sessions of live tokens by filter (address 203.0.113.7, type refresh)",
            "href=\"/admin/outstanding/?address=203.0.113.7&amp;type=refresh\"",
        ]);
        OFFICE.refreshes(&app, &first).await.assert_token_refused("Token is blacklisted");
        for kept in [&moved, &other] {
            assert_eq!(HOME.refreshes(&app, kept).await.status, 200);
        }
        let whole = events(&app, Kind::SessionsRevoked).await;
        let detail = "1 session ended; sessions of live tokens by filter (address 203.0.113.7, type refresh): a phone was lost";
        assert_eq!(whole[0].detail.as_deref(), Some(detail));
        assert_says(&see(&app, &cookie, &path).await, &["No session is left to end."]);
        for over in ["?status=rotated", "?reason=admin", "?status=live&reason=admin"] {
            let list = see(&app, &cookie, &format!("/admin/outstanding/{over}")).await;
            assert!(!list.body.contains(TOKENS), "{over}: {}", list.body);
        }
    }
}

on_both_databases! {
    async fn what_was_live_when_the_page_was_shown_ends_though_it_was_spent_since(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = OFFICE.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        app.wait(5);
        let path = format!("{TOKENS}?q=203.0.113.7&type=refresh");
        let page = see(&app, &cookie, &path).await;
        assert_says(&page, &["1 live session<"]);
        app.wait(5);
        // A thief goes on elsewhere, and somebody else arrives.
        let thiefs = HOME.goes_on(&app, &refresh).await;
        let (late, _) = OFFICE.logs_in(&app, "admin").await;
        app.state.hand_on().await;
        let done = send(&app, &cookie, &path, &page, &[("reason", "a thief")]).await;
        assert_says(&see(&app, &cookie, done.header("location")).await, &["1 session of 1 user ended."]);
        HOME.refreshes(&app, &thiefs).await.assert_token_refused("Token is blacklisted");
        assert_eq!(OFFICE.refreshes(&app, &late).await.status, 200, "opened after the page was shown");
    }
}

on_both_databases! {
    async fn a_token_that_is_accepted_past_its_end_counts(database) {
        let app = TestApp::new(database, &["--leeway=60s"]).await;
        let (refresh, _) = OFFICE.logs_in(&app, "alice").await;
        let (other, _) = HOME.logs_in(&app, "admin").await;
        app.wait(86_400 + 30);
        let cookie = app.admin_cookie("admin").await;
        let path = format!("{TOKENS}?user=2&type=refresh");
        assert_says(&see(&app, &cookie, &path).await, &["1 live session<"]);
        assert_says(&revoke(&app, &cookie, &path, &[]).await, &["1 session of 1 user ended."]);
        OFFICE.refreshes(&app, &refresh).await.assert_token_refused("Token is blacklisted");
        assert_eq!(HOME.refreshes(&app, &other).await.status, 200, "as the first one would have been");
        let (_, _) = OFFICE.logs_in(&app, "alice").await;
        app.wait(86_400 + 60);
        let cookie = app.admin_cookie("admin").await;
        assert_says(&see(&app, &cookie, &path).await, &["No session is left to end."]);
    }
}

on_both_databases! {
    async fn sessions_of_many_tokens_end_in_batches_that_nobody_slips_past(database) {
        let app = TestApp::new(database, &[]).await;
        let mut tokens = Vec::new();
        for _ in 0..510 {
            tokens.push(OFFICE.logs_in(&app, "alice").await.0);
        }
        let (kept, _) = HOME.logs_in(&app, "admin").await;
        let filter = TokenFilter {
            users: Some(vec![2]),
            token_type: Some(TokenType::Refresh),
            ..TokenFilter::default()
        };
        let order = Order {
            target: Target::Tokens(Box::new(LiveTokens { filter, at: app.state.clock.now() })),
            last_id: None,
            spared: None,
            with_api_token: false,
            actor: Actor { name: "admin".into(), note: "a leak".into(), origin: Origin::default() },
        };
        let begun = app.state.revoke(order).await.expect("begun");
        assert_eq!((begun.expected, begun.finished_at), (Count::AtLeast(500), None));
        app.wait(1);
        let mut warrant = app.state.take_up_warrant().await.expect("asked").expect("one");
        let mut batches = 0;
        while let Some(moved) = app.state.end_a_batch(&warrant, 200).await.expect("a batch") {
            batches += 1;
            // The oldest is spent before its turn comes; what it is now stands where the walk has been.
            tokens[0] = OFFICE.goes_on(&app, &tokens[0]).await;
            warrant = moved;
        }
        assert_eq!(batches, 2);
        let finished = app.store().warrant(begun.id).await.expect("read").expect("there").expect("of this version");
        assert_eq!((finished.ended, finished.finished_at.is_some()), (510, true));
        for refresh in [&tokens[0], &tokens[1], &tokens[509]] {
            assert_eq!(app.refresh(refresh).await.status, 401);
        }
        assert_eq!(HOME.refreshes(&app, &kept).await.status, 200);
    }
}

on_both_databases! {
    async fn everyone_by_their_tokens_is_everyone(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let (sue, admin) = (app.admin_cookie("sue").await, app.admin_cookie("admin").await);
        let (token, _) = app.log_in("alice").await;
        for query in ["", "?status=live", "?q=::/0", "?address=0.0.0.0/0&status=live", "?from=1970-01-01", "?until=2999-12-31"] {
            for cookie in [&sue, &admin] {
                let answer = see(&app, cookie, &format!("{TOKENS}{query}")).await;
                assert_eq!((answer.status, answer.header("location")), (303, "/admin/revoke/everyone/"), "{query}");
            }
        }
        let refresh = format!("{TOKENS}?type=refresh");
        assert_eq!(see(&app, &sue, &refresh).await.header("location"), "/admin/revoke/everyone/", "all clients have one");
        assert_says(&see(&app, &admin, &refresh).await, &["1 live session<"]);
        let list = "/admin/outstanding/";
        assert_says(&see(&app, &admin, list).await, &["End everyone's sessions"]);
        assert!(!see(&app, &sue, list).await.body.contains("End everyone's sessions"));
        for query in ["?status=alive", "?user=alice", "?typo=alice", "?q=alice&next=1", "?id=1", "?q=0.0.0.0/1&address=128.0.0.0/1"] {
            assert_eq!(see(&app, &admin, &format!("{TOKENS}{query}")).await.status, 400, "{query}");
        }
        let greatest = "ffffffff-ffff-7fff-bfff-ffffffffffff";
        for filter in ["", "{}", "{\"filter\":{}}", "{\"filter\":{\"uzers\":[2]},\"at\":1}", "{\"users\":[2]}", "{\"filter\":{\"token_type\":\"x\"},\"at\":1}"] {
            let fields = [("reason", "x"), ("filter", filter), ("last", greatest)];
            assert_eq!(app.post_form(TOKENS, &admin, &fields).await.status, 400, "{filter}");
        }
        let fields = [("reason", "x"), ("filter", "{\"filter\":{\"token_type\":\"refresh\"},\"at\":1}"), ("last", greatest)];
        let answer = app.post_form(TOKENS, &sue, &fields).await;
        assert_eq!(answer.header("location"), "/admin/revoke/everyone/");
        assert_eq!(app.refresh(&token).await.status, 200);
        assert!(events(&app, Kind::SessionsRevoked).await.is_empty());
    }
}

on_both_databases! {
    async fn two_halves_of_all_addresses_are_everyone(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let (sue, admin) = (app.admin_cookie("sue").await, app.admin_cookie("admin").await);
        let (token, _) = OFFICE.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        app.wait(1);
        let half = "/admin/revoke/?address=0.0.0.0/1";
        let rest = ["/admin/revoke/?address=128.0.0.0/1".to_owned(), format!("{TOKENS}?address=128.0.0.0/1&type=refresh")];
        for rest in &rest {
            assert_eq!(see(&app, &sue, rest).await.status, 200, "{rest}: nothing was revoked before");
        }
        // Those of before are not shown; both have the first half with them.
        HOME.logs_in(&app, "alice").await;
        app.log_in("alice").await;
        app.state.hand_on().await;
        let low = Caller::new("10.1.2.3", "curl/8.7.1");
        low.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        assert_says(&revoke(&app, &sue, half, &[]).await, &["ended."]);
        for rest in &rest {
            let answer = see(&app, &sue, rest).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/admin/revoke/everyone/"), "{rest}");
            assert_eq!(see(&app, &admin, rest).await.status, 200, "{rest}: who revoked nothing before");
        }
        assert_eq!(see(&app, &sue, "/admin/revoke/?address=128.0.0.0/2").await.status, 200, "it leaves a quarter out");
        assert_eq!(OFFICE.refreshes(&app, &token).await.status, 200);
        app.wait(86_400);
        let sue = app.admin_cookie("sue").await;
        assert_eq!(see(&app, &sue, &rest[0]).await.status, 200, "another day");
    }
}
