//! Logins that come too fast: who is refused, how, and above all who is not.

use std::net::SocketAddr;
use std::time::Instant;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use jotward::account::{HashParams, Hasher};
use jotward::store::Db;
use serde_json::json;

use crate::harness::{Answer, Database, TestApp, on_both_databases};

/// Somebody with an address and a browser.
#[derive(Clone, Copy)]
struct Caller {
    ip: &'static str,
    agent: &'static str,
    forwarded_for: &'static str,
}

const HOME: Caller = Caller {
    ip: "192.0.2.7",
    agent: "Firefox",
    forwarded_for: "",
};
const STRANGER: Caller = Caller {
    ip: "198.51.100.66",
    agent: "sqlmap",
    forwarded_for: "",
};

impl Caller {
    fn at(self, ip: &'static str) -> Self {
        Self { ip, ..self }
    }

    fn with(self, agent: &'static str) -> Self {
        Self { agent, ..self }
    }

    fn forwarded(self, forwarded_for: &'static str) -> Self {
        Self {
            forwarded_for,
            ..self
        }
    }

    /// Tries to log in to the API.
    async fn tries(self, app: &TestApp, name: &str, password: &str) -> Answer {
        let body = json!({"username": name, "password": password}).to_string();
        self.sends(app, "/api/token/", "application/json", body)
            .await
    }

    /// Tries to log in to the admin.
    async fn tries_admin(self, app: &TestApp, name: &str, password: &str) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("username", name),
                ("password", password),
                ("next", "/admin/blacklisted/"),
            ])
            .finish();
        self.sends(
            app,
            "/admin/login/",
            "application/x-www-form-urlencoded",
            body,
        )
        .await
    }

    /// Tries wrong passwords until they are not looked at any more; answers how many were.
    async fn hammers(self, app: &TestApp, name: &str) -> usize {
        let mut looked_at = 0;
        while looked_at < 100 {
            match self.tries(app, name, "wrong").await.status {
                401 => looked_at += 1,
                429 => return looked_at,
                other => panic!("{other}"),
            }
        }
        panic!("not throttled")
    }

    async fn sends(self, app: &TestApp, path: &str, content_type: &str, body: String) -> Answer {
        let peer = SocketAddr::new(self.ip.parse().expect("an address"), 4711);
        let mut request = Request::post(path)
            .header(header::HOST, "localhost")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, content_type)
            .header(header::USER_AGENT, self.agent)
            .extension(ConnectInfo(peer));
        if !self.forwarded_for.is_empty() {
            request = request.header("x-forwarded-for", self.forwarded_for);
        }
        app.send(request.body(Body::from(body)).expect("a request"))
            .await
    }
}

/// What a query counts.
async fn count(app: &TestApp, query: &'static str) -> i64 {
    let counted = match app.store().db() {
        Db::Sqlite { read, .. } => sqlx::query_scalar(query).fetch_one(read).await,
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await,
    };
    counted.expect("counted")
}

/// The refusal is Django REST framework's to the letter.
#[track_caller]
fn assert_throttled(answer: &Answer, seconds: u64) {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let body =
        format!(r#"{{"detail":"Request was throttled. Expected available in {seconds} {unit}."}}"#);
    assert_eq!((answer.status, answer.body.as_str()), (429, body.as_str()));
    assert_eq!(answer.header("retry-after"), seconds.to_string());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("www-authenticate"), "");
}

on_both_databases! {
    async fn an_account_is_tried_ten_times_a_minute(database) {
        let app = TestApp::new(database, &["--throttle=on"]).await;
        assert_eq!(STRANGER.hammers(&app, "alice").await, 10);
        assert_throttled(&STRANGER.tries(&app, "alice", "alice-pass-1").await, 6);
        let elsewhere = STRANGER.at("203.0.113.9");
        assert_throttled(&elsewhere.tries(&app, "alice", "alice-pass-1").await, 6);
        app.wait(5);
        assert_throttled(&STRANGER.tries(&app, "alice", "alice-pass-1").await, 1);
        app.wait(1);
        assert_eq!(STRANGER.tries(&app, "alice", "wrong").await.status, 401);
        assert_throttled(&STRANGER.tries(&app, "alice", "wrong").await, 6);
    }
}

on_both_databases! {
    async fn a_right_password_counts_like_a_wrong_one(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min"]).await;
        assert_eq!(STRANGER.tries(&app, "alice", "wrong").await.status, 401);
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        assert_throttled(&STRANGER.tries(&app, "alice", "wrong").await, 30);
    }
}

on_both_databases! {
    async fn who_is_unknown_shut_out_or_misspelt_is_throttled_alike(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        for name in ["alice", "bob", "nobody", "", "ä".repeat(3000).as_str()] {
            let expected = if name.is_empty() { 400 } else { 401 };
            for _ in 0..3 {
                assert_eq!(STRANGER.tries(&app, name, "wrong").await.status, expected);
            }
            if !name.is_empty() {
                assert_throttled(&STRANGER.tries(&app, name, "wrong").await, 20);
            }
        }
        for spelling in ["ALICE", " Alice ", "nObOdY"] {
            assert_throttled(&STRANGER.tries(&app, spelling, "wrong").await, 20);
        }
    }
}

on_both_databases! {
    async fn one_account_is_no_other(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        STRANGER.hammers(&app, "alice").await;
        assert_eq!(STRANGER.tries(&app, "admin", "admin-pass-1").await.status, 200);
        assert_eq!(HOME.tries(&app, "admin", "admin-pass-1").await.status, 200);
    }
}

on_both_databases! {
    async fn strangers_do_not_shut_out_a_device_that_logged_in_before(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        STRANGER.hammers(&app, "alice").await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        let next_door = HOME.at("192.0.2.250");
        assert_eq!(next_door.tries(&app, "alice", "alice-pass-1").await.status, 200, "the same network");
        for unknown in [HOME.with("Chrome"), HOME.at("192.0.3.7")] {
            assert_throttled(&unknown.tries(&app, "alice", "alice-pass-1").await, 20);
        }
    }
}

on_both_databases! {
    async fn a_known_device_is_throttled_by_itself(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        assert_eq!(HOME.hammers(&app, "alice").await, 3, "a bucket of its own, of the same size");
        assert_eq!(STRANGER.hammers(&app, "alice").await, 2, "the account's is as it was");
    }
}

on_both_databases! {
    async fn a_device_is_known_to_one_account_only(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        STRANGER.hammers(&app, "admin").await;
        assert_throttled(&HOME.tries(&app, "admin", "admin-pass-1").await, 20);
    }
}

on_both_databases! {
    async fn a_wrong_password_makes_no_device_known(database) {
        let app = TestApp::new(database, &["--throttle-account=3/min"]).await;
        assert_eq!(HOME.tries(&app, "alice", "wrong").await.status, 401);
        assert_eq!(HOME.tries(&app, "bob", "bob-pass-1").await.status, 401);
        assert_eq!(HOME.tries_admin(&app, "alice", "alice-pass-1").await.status, 403);
        STRANGER.hammers(&app, "alice").await;
        STRANGER.hammers(&app, "bob").await;
        assert_throttled(&HOME.tries(&app, "alice", "alice-pass-1").await, 20);
        assert_throttled(&HOME.tries(&app, "bob", "bob-pass-1").await, 20);
    }
}

on_both_databases! {
    async fn a_known_device_is_known_after_a_restart(database) {
        let app = TestApp::new(database, &["--throttle=off"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200, "also while nothing is throttled");
        let app = app.restarted(&["--throttle-account=3/min"]).await;
        STRANGER.hammers(&app, "alice").await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        let app = app.restarted(&["--throttle-account=3/min"]).await;
        STRANGER.hammers(&app, "alice").await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
    }
}

on_both_databases! {
    async fn the_devices_of_a_user_go_with_the_user(database) {
        let app = TestApp::new(database, &["--throttle=on"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        assert_eq!(count(&app, "select count(*) from known_devices").await, 1);
        let alice = app.user("alice").await;
        app.store().delete_user(&alice, &app.state.clock).await.expect("deleted");
        assert_eq!(count(&app, "select count(*) from known_devices").await, 0);
    }
}

on_both_databases! {
    async fn an_address_is_throttled_whatever_names_it_tries(database) {
        let app = TestApp::new(database, &["--throttle-address=3/min"]).await;
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200);
        assert_eq!(HOME.tries(&app, "one", "wrong").await.status, 401);
        assert_eq!(HOME.tries_admin(&app, "another", "wrong").await.status, 403);
        assert_throttled(&HOME.tries(&app, "a third", "wrong").await, 20);
        assert_throttled(&HOME.tries(&app, "alice", "alice-pass-1").await, 20);
        assert_eq!(HOME.at("192.0.2.8").tries(&app, "alice", "alice-pass-1").await.status, 200);
    }
}

on_both_databases! {
    async fn an_address_of_version_six_is_its_network(database) {
        let app = TestApp::new(database, &["--throttle-address=1/hour"]).await;
        assert_eq!(HOME.at("2001:db8::1").tries(&app, "alice", "wrong").await.status, 401);
        assert_throttled(&HOME.at("2001:db8::ffff:1").tries(&app, "alice", "wrong").await, 3600);
        assert_eq!(HOME.at("2001:db8:0:1::1").tries(&app, "alice", "wrong").await.status, 401);
        assert_eq!(HOME.tries(&app, "alice", "wrong").await.status, 401);
        assert_throttled(&HOME.at("::ffff:192.0.2.7").tries(&app, "alice", "wrong").await, 3600);
    }
}

on_both_databases! {
    async fn a_forged_header_changes_nothing(database) {
        let flags = ["--throttle-address=1/hour", "--trusted-proxies=10.0.0.1"];
        let app = TestApp::new(database, &flags).await;
        assert_eq!(STRANGER.tries(&app, "alice", "wrong").await.status, 401);
        for forged in ["203.0.113.1", "10.0.0.1", "127.0.0.1, 203.0.113.2"] {
            assert_throttled(&STRANGER.forwarded(forged).tries(&app, "alice", "wrong").await, 3600);
        }
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 200, "the one it named is not throttled");
    }
}

on_both_databases! {
    async fn behind_a_trusted_proxy_its_clients_are_told_apart(database) {
        let flags = ["--throttle-address=1/hour", "--trusted-proxies=10.0.0.0/8"];
        let app = TestApp::new(database, &flags).await;
        let proxy = HOME.at("10.0.0.1");
        let first = proxy.forwarded("198.51.100.66");
        assert_eq!(first.tries(&app, "alice", "wrong").await.status, 401);
        assert_throttled(&first.tries(&app, "alice", "wrong").await, 3600);
        let forged = proxy.forwarded("203.0.113.1, 198.51.100.66");
        assert_throttled(&forged.tries(&app, "alice", "wrong").await, 3600);
        let other = proxy.forwarded("192.0.2.7, 10.0.0.2");
        assert_eq!(other.tries(&app, "alice", "alice-pass-1").await.status, 200);
        let recorded = "select count(*) from outstanding_tokens where ip = '192.0.2.7'";
        assert_eq!(count(&app, recorded).await, 2, "the record says so, too");
    }
}

on_both_databases! {
    async fn the_admins_form_says_it_without_a_script(database) {
        let app = TestApp::new(database, &["--throttle-account=2/min"]).await;
        STRANGER.hammers(&app, "admin").await;
        let answer = STRANGER.tries_admin(&app, "Admin", "admin-pass-1").await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "30"));
        assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
        assert!(answer.header("content-security-policy").contains("script-src 'none'"), "{answer:?}");
        for part in [
            "Too many attempts to sign in. Please try again in 30 seconds.",
            "value=\"Admin\"",
            "value=\"/admin/blacklisted/\"",
            "type=\"password\"",
        ] {
            assert!(answer.body.contains(part), "{part} in {}", answer.body);
        }
        app.wait(30);
        let answer = STRANGER.tries_admin(&app, "admin", "admin-pass-1").await;
        assert_eq!(answer.status, 303);
        STRANGER.with("another").hammers(&app, "admin").await;
        assert_eq!(STRANGER.tries_admin(&app, "admin", "admin-pass-1").await.status, 303, "its device is known now");
    }
}

on_both_databases! {
    async fn a_throttled_login_costs_no_hash_and_nobody_else_anything(database) {
        let app = TestApp::new(database, &["--throttle-address=1/hour"]).await;
        let answer = HOME.tries(&app, "alice", "alice-pass-1").await;
        let (refresh, access) = (answer.text("refresh"), answer.text("access"));
        // Without a thread to hash on, whoever gets so far is told 503.
        let params = HashParams::new(64, 1, 1, None).expect("valid parameters");
        let nobody_hashes = Hasher::bounded(params, 0);
        let app = app.restarted_with(&["--throttle-address=1/hour"], nobody_hashes).await;
        let begun = Instant::now();
        assert_eq!(HOME.tries(&app, "alice", "alice-pass-1").await.status, 503);
        let patience = begun.elapsed();
        assert_throttled(&HOME.tries(&app, "alice", "alice-pass-1").await, 3600);
        assert!(begun.elapsed() < patience * 3 / 2, "nobody waited for a thread");
        assert_eq!(app.verify(&access).await.status, 200);
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn who_wants_no_throttle_has_none(database) {
        let app = TestApp::new(database, &["--throttle=off", "--throttle-address=1/day"]).await;
        for _ in 0..20 {
            assert_eq!(STRANGER.tries(&app, "alice", "wrong").await.status, 401);
        }
    }
}
