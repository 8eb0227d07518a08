//! Sessions that are used as their owner would not use them, and above all those that are not: nobody who is honest is
//! logged out, nor told of a thief who is not there.

use axum::http::Method;
use jotward::event::Kind;
use jotward::session::EndReason;
use jotward::store::{EventFilter, EventRow};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Answer, Caller, Database, TestApp, on_both_databases};
use crate::mmdb;

const LAPTOP: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
const HOME: Caller = Caller::new("192.0.2.7", LAPTOP);
const MOBILE: Caller = HOME.at("198.51.100.9");
const OFFICE: Caller = HOME.at("203.0.113.5");
const HOME_V6: Caller = HOME.at("2001:db8:0:1::7");
/// As the thief imitates the victim.
const THIEF: Caller = MOBILE;

const RENEWING: &str = "--rotate-refresh-tokens=false";

async fn notices(app: &TestApp) -> Vec<EventRow> {
    let filter = EventFilter {
        notices_only: true,
        ..EventFilter::default()
    };
    app.store().events(filter, 100).await.expect("asked")
}

async fn kinds(app: &TestApp) -> Vec<String> {
    let notices = notices(app).await;
    notices.into_iter().map(|event| event.kind).collect()
}

#[track_caller]
fn assert_ended(answer: &Answer) {
    answer.assert_token_refused("Token is blacklisted");
    let ended = answer.header("jotward-session-ended");
    assert_eq!(ended, EndReason::Anomaly.as_str());
}

/// Logs in at home and goes through these refreshes, each so many seconds after the one before.
async fn goes(app: &TestApp, steps: &[(i64, Caller)]) {
    let (mut refresh, _) = HOME.logs_in(app, "alice").await;
    for (seconds, caller) in steps {
        app.wait(*seconds);
        refresh = caller.goes_on(app, &refresh).await;
    }
}

on_both_databases! {
    async fn a_commute_logs_nobody_out(database) {
        let app = TestApp::new(database, &[]).await;
        goes(&app, &[(300, MOBILE), (300, MOBILE), (300, OFFICE), (30_000, OFFICE), (60, MOBILE), (300, MOBILE), (60, HOME)]).await;
        goes(&app, &[(60, MOBILE), (60, HOME)]).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn a_phone_at_the_edge_of_two_networks_is_not_logged_out(database) {
        let app = TestApp::new(database, &[]).await;
        let steps: Vec<_> = (0..20).map(|n| (290, if n % 2 == 0 { MOBILE } else { HOME })).collect();
        goes(&app, &steps).await;
        assert_eq!(kinds(&app).await, [""; 0]);
        // One that is asked for its page again and again may be told, and is not logged out.
        let steps: Vec<_> = (0..20).map(|n| (5, if n % 2 == 0 { MOBILE } else { HOME })).collect();
        goes(&app, &steps).await;
        assert_eq!(kinds(&app).await, [Kind::ImpossibleTravel.as_str()]);
    }
}

on_both_databases! {
    async fn privacy_addresses_are_one_network(database) {
        let app = TestApp::new(database, &[]).await;
        let addresses = ["2001:db8:0:1::7", "2001:db8:0:1:dead:beef:1:2", "2001:db8:0:1:a:b:c:d"];
        let steps: Vec<_> = (0..30).map(|n| (1, HOME.at(addresses[n % 3]))).collect();
        goes(&app, &steps).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn a_line_with_both_protocols_may_take_the_one_or_the_other(database) {
        let app = TestApp::new(database, &[]).await;
        let steps: Vec<_> = (0..40).map(|n| (5, if n % 2 == 0 { HOME_V6 } else { HOME })).collect();
        goes(&app, &steps).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn an_answer_that_is_lost_with_the_network_is_given_again(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        app.wait(300);
        let lost = HOME.refreshes(&app, &refresh).await.text("refresh");
        app.wait(20);
        let next = MOBILE.goes_on(&app, &refresh).await;
        assert_eq!(next, lost);
        app.wait(300);
        let next = MOBILE.goes_on(&app, &next).await;
        HOME.goes_on(&app, &next).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn a_laptop_that_slept_wakes_up_elsewhere(database) {
        let app = TestApp::new(database, &[]).await;
        goes(&app, &[(80_000, OFFICE), (80_000, HOME), (80_000, MOBILE), (5, HOME), (5, OFFICE)]).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn many_tabs_that_wake_up_together_are_no_flood(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        for _ in 0..50 {
            HOME.goes_on(&app, &refresh).await;
        }
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn two_who_share_a_token_are_told_once_and_not_ended(database) {
        let app = TestApp::new(database, &[RENEWING]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        for _ in 0..5 {
            app.wait(60);
            THIEF.goes_on(&app, &refresh).await;
            app.wait(60);
            HOME.goes_on(&app, &refresh).await;
        }
        let told = notices(&app).await;
        let [event] = &told[..] else { panic!("{told:?}") };
        assert_eq!(event.kind, Kind::ImpossibleTravel.as_str());
        assert_eq!(event.detail.as_deref(), Some("refreshed from 192.0.2.0/24 and 198.51.100.0/24 by turns"));
        assert_eq!((event.user_id, event.ip.as_str()), (Some(app.user("alice").await.id), THIEF.ip));
    }
}

on_both_databases! {
    async fn two_who_share_a_token_are_ended_where_that_is_wished(database) {
        let app = TestApp::new(database, &[RENEWING, "--anomaly-travel=end"]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        THIEF.goes_on(&app, &refresh).await;
        HOME.goes_on(&app, &refresh).await;
        assert_ended(&THIEF.refreshes(&app, &refresh).await);
        assert_ended(&HOME.refreshes(&app, &refresh).await);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert_eq!(kinds(&app).await, [Kind::ImpossibleTravel.as_str()]);
        HOME.logs_in(&app, "alice").await;
    }
}

on_both_databases! {
    async fn with_rotation_it_is_told_too_and_by_another_node(database) {
        let app = TestApp::new(database, &["--anomaly-travel=end"]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let refresh = THIEF.goes_on(&app, &refresh).await;
        let app = app.restarted(&["--anomaly-travel=end"]).await;
        let refresh = HOME.goes_on(&app, &refresh).await;
        assert_ended(&THIEF.refreshes(&app, &refresh).await);
    }
}

on_both_databases! {
    async fn whoever_wants_may_ignore_it(database) {
        let app = TestApp::new(database, &["--anomaly-travel=ignore", "--anomaly-burst=ignore", "--anomaly-burst-rate=1/day"]).await;
        let steps: Vec<_> = (0..20).map(|n| (5, if n % 2 == 0 { MOBILE } else { HOME })).collect();
        goes(&app, &steps).await;
        assert_eq!(kinds(&app).await, [""; 0]);
    }
}

on_both_databases! {
    async fn too_many_refreshes_are_told_once_an_hour(database) {
        let app = TestApp::new(database, &["--anomaly-burst-rate=5/min"]).await;
        goes(&app, &[(0, HOME); 5]).await;
        assert_eq!(kinds(&app).await, [""; 0]);
        goes(&app, &[(0, HOME); 10]).await;
        let told = notices(&app).await;
        let [event] = &told[..] else { panic!("{told:?}") };
        assert_eq!(event.kind, Kind::ExcessRateLimitExceeded.as_str());
        assert_eq!(event.detail.as_deref(), Some("refreshed more often than 5/min"));
    }
}

on_both_databases! {
    async fn too_many_refreshes_end_where_that_is_wished(database) {
        let app = TestApp::new(database, &["--anomaly-burst-rate=5/min", "--anomaly-burst=end"]).await;
        let (mut refresh, access) = HOME.logs_in(&app, "alice").await;
        for _ in 0..5 {
            refresh = HOME.goes_on(&app, &refresh).await;
        }
        assert_ended(&HOME.refreshes(&app, &refresh).await);
        assert_eq!(HOME.reads(&app, &access).await.status, 401);
        assert_eq!(kinds(&app).await, [Kind::ExcessRateLimitExceeded.as_str()]);
    }
}

/// Home and mobile are in Germany, the office in Australia.
fn places() -> (TempDir, String) {
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("places.mmdb");
    let places = mmdb::database(&[
        ("192.0.2.0/24", "DE", Some((52.5, 13.4))),
        ("198.51.100.0/24", "DE", Some((50.1, 8.7))),
        ("203.0.113.0/24", "AU", Some((-33.9, 151.2))),
        ("2001:db8::/32", "DE", Some((52.5, 13.4))),
    ]);
    std::fs::write(&file, places).expect("written");
    let flag = format!("--geoip-database={}", file.display());
    (dir, flag)
}

on_both_databases! {
    async fn nobody_is_in_two_countries_at_once(database) {
        let (_dir, geoip) = places();
        let app = TestApp::new(database, &[&geoip]).await;
        goes(&app, &[(300, HOME), (72_000, OFFICE), (300, OFFICE)]).await;
        goes(&app, &[(1, MOBILE), (1, HOME), (1, MOBILE), (1, HOME_V6), (1, MOBILE)]).await;
        assert_eq!(kinds(&app).await, [""; 0], "by plane, and within the country");
        goes(&app, &[(300, OFFICE), (300, OFFICE)]).await;
        let told = notices(&app).await;
        let [event] = &told[..] else { panic!("{told:?}") };
        assert_eq!(event.kind, Kind::ImpossibleTravel.as_str());
        let detail = event.detail.as_deref().unwrap_or_default();
        assert!(detail.starts_with("refreshed from 192.0.2.0/24 and, 300 s later, from 203.0.113.0/24, at least 1"), "{detail}");
    }
}

on_both_databases! {
    async fn two_countries_at_once_end_where_that_is_wished(database) {
        let (_dir, geoip) = places();
        let app = TestApp::new(database, &[&geoip, "--anomaly-travel=end"]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        app.wait(300);
        let refresh = MOBILE.goes_on(&app, &refresh).await;
        app.wait(300);
        assert_ended(&OFFICE.refreshes(&app, &refresh).await);
    }
}

on_both_databases! {
    async fn countries_stand_beside_the_addresses(database) {
        let (_dir, geoip) = places();
        let app = TestApp::new(database, &[&geoip]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        app.wait(1);
        assert_eq!(OFFICE.reads(&app, &access).await.status, 200);
        assert_eq!(HOME.at("10.0.0.1").reads(&app, &access).await.status, 200);
        app.state.hand_on().await;
        let sid = crate::harness::claims(&access)["sid"].as_str().expect("a session").to_owned();
        let id = jotward::token::SessionId::parse(&sid).expect("an id");
        let found = app.store().session_addresses(id).await.expect("asked");
        let found: Vec<_> = found.iter().map(|one| (one.ip.as_str(), one.country.as_str())).collect();
        assert_eq!(found, [("10.0.0.1", ""), ("203.0.113.5", "AU"), ("192.0.2.7", "DE")]);
    }
}

on_both_databases! {
    async fn where_realworld_is_used_from_is_noted_too(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        app.wait(1);
        let credentials = format!("Token {access}");
        let answer = OFFICE.sends(&app, (Method::GET, "/api/user"), &credentials, &Value::Null).await;
        assert_eq!(answer.status, 200);
        app.state.hand_on().await;
        let sid = crate::harness::claims(&access)["sid"].as_str().expect("a session").to_owned();
        let id = jotward::token::SessionId::parse(&sid).expect("an id");
        let found = app.store().session_addresses(id).await.expect("asked");
        let found: Vec<_> = found.iter().map(|one| one.ip.as_str()).collect();
        assert_eq!(found, ["203.0.113.5", "192.0.2.7"]);
    }
}

#[track_caller]
fn assert_not_from_here(answer: &Answer) {
    let body = r#"{"detail":"Not allowed from this network.","code":"network_not_allowed"}"#;
    assert_eq!((answer.status, answer.body.as_str()), (403, body));
}

on_both_databases! {
    async fn a_session_may_be_bound_to_its_network(database) {
        let app = TestApp::new(database, &["--session-network=same-network"]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let refresh = HOME.at("192.0.2.99").goes_on(&app, &refresh).await;
        for _ in 0..3 {
            assert_not_from_here(&MOBILE.refreshes(&app, &refresh).await);
            assert_not_from_here(&HOME_V6.refreshes(&app, &refresh).await);
            assert_not_from_here(&app.refresh(&refresh).await);
        }
        assert_eq!(MOBILE.reads(&app, &access).await.status, 200, "an access token does not say where it belongs");
        HOME.goes_on(&app, &refresh).await;
        assert_eq!(kinds(&app).await, [Kind::AuthzFail.as_str()], "told once, and nothing is ended");
        assert_eq!(MOBILE.refreshes(&app, "not a token").await.status, 401);
    }
}

on_both_databases! {
    async fn a_spent_token_from_elsewhere_is_theft_all_the_same(database) {
        let app = TestApp::new(database, &["--session-network=same-network"]).await;
        let (first, _) = HOME.logs_in(&app, "alice").await;
        let second = HOME.goes_on(&app, &first).await;
        let third = HOME.goes_on(&app, &second).await;
        MOBILE.refreshes(&app, &first).await.assert_token_refused("Token is blacklisted");
        HOME.refreshes(&app, &third).await.assert_token_refused("Token is blacklisted");
        assert_eq!(kinds(&app).await, [Kind::TokenReuse.as_str()]);
    }
}

on_both_databases! {
    async fn whoever_is_refused_may_still_log_out(database) {
        let app = TestApp::new(database, &["--session-network=same-network"]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let body = json!({"refresh": refresh});
        assert_eq!(MOBILE.posts(&app, "/api/token/blacklist/", &body).await.status, 200);
    }
}

on_both_databases! {
    async fn a_session_of_before_is_bound_by_its_next_refresh(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = app.log_in("alice").await;
        let app = app.restarted(&["--session-network=same-network"]).await;
        let refresh = MOBILE.goes_on(&app, &refresh).await;
        assert_not_from_here(&HOME.refreshes(&app, &refresh).await);
        MOBILE.goes_on(&app, &refresh).await;
    }
}

on_both_databases! {
    async fn a_session_may_be_bound_to_its_country(database) {
        let (_dir, geoip) = places();
        let app = TestApp::new(database, &[&geoip, "--session-network=same-country"]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        let refresh = MOBILE.goes_on(&app, &refresh).await;
        let refresh = HOME_V6.goes_on(&app, &refresh).await;
        assert_not_from_here(&OFFICE.refreshes(&app, &refresh).await);
        assert_not_from_here(&HOME.at("10.0.0.1").refreshes(&app, &refresh).await);
        HOME.goes_on(&app, &refresh).await;
    }
}

on_both_databases! {
    async fn only_listed_networks_are_let_in(database) {
        let lists = ["--session-network=allow-list", "--session-networks=192.0.2.0/25,2001:db8::/32", "--registration=open"];
        let app = TestApp::new(database, &lists).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let refresh = HOME_V6.goes_on(&app, &refresh).await;
        let ann = json!({"user": {"username": "ann", "email": "ann@x.example", "password": "password-1"}});
        let registered = HOME.posts(&app, "/api/users", &ann).await;
        let lone = registered.json()["user"]["token"].as_str().expect("a token").to_owned();
        let lone = format!("Token {lone}");
        let (show, edit) = ((Method::GET, "/api/user"), (Method::PUT, "/api/user"));
        let new_password = json!({"user": {"password": "thief-pass-1"}});
        let eve = json!({"user": {"username": "eve", "email": "eve@x.example", "password": "password-1"}});
        for outside in [MOBILE, HOME.at("192.0.2.200")] {
            assert_not_from_here(&outside.tries(&app, "alice").await);
            assert_not_from_here(&outside.tries(&app, "nobody").await);
            assert_not_from_here(&outside.refreshes(&app, &refresh).await);
            assert_not_from_here(&outside.reads(&app, &access).await);
            for answer in [
                outside.sends(&app, show.clone(), &lone, &Value::Null).await,
                outside.sends(&app, edit.clone(), &lone, &new_password).await,
                outside.sends(&app, show.clone(), "", &Value::Null).await,
                outside.posts(&app, "/api/users", &eve).await,
                outside.posts(&app, "/api/users", &ann).await,
                outside.posts(&app, "/api/users/login", &ann).await,
            ] {
                let body = json!({"errors": {"network": ["is not allowed"]}});
                assert_eq!((answer.status, answer.json()), (403, body), "{answer:?}");
            }
        }
        assert_eq!(HOME.sends(&app, show, &lone, &Value::Null).await.status, 200);
        assert_eq!(HOME.posts(&app, "/api/users/login", &ann).await.status, 200, "the password is as it was");
        assert_eq!(HOME.posts(&app, "/api/users", &eve).await.status, 201, "nobody took the name");
        assert_not_from_here(&app.refresh(&refresh).await);
        assert_eq!(app.get("/admin/", &[]).await.status, 403);
        assert_eq!(HOME.reads(&app, &access).await.status, 200);
        HOME.goes_on(&app, &refresh).await;
    }
}

on_both_databases! {
    async fn what_a_proxy_says_counts_and_nothing_else(database) {
        let flags = ["--session-network=same-network", "--trusted-proxies=10.0.0.1", "--proxy-header=forwarded"];
        let app = TestApp::new(database, &flags).await;
        let through = |headers| Caller { headers, ..HOME.at("10.0.0.1") };
        let home = through(&[("forwarded", "for=1.2.3.4, for=\"192.0.2.7:4711\";proto=https"), ("x-forwarded-for", "1.2.3.4")]);
        let (refresh, _) = home.logs_in(&app, "alice").await;
        let refresh = HOME.goes_on(&app, &refresh).await;
        let elsewhere = through(&[("forwarded", "for=192.0.2.7, for=198.51.100.1"), ("x-forwarded-for", "192.0.2.7")]);
        assert_not_from_here(&elsewhere.refreshes(&app, &refresh).await);
        home.goes_on(&app, &refresh).await;
    }
}

on_both_databases! {
    async fn sliding_tokens_are_watched_alike(database) {
        let app = TestApp::new(database, &["--anomaly-travel=end"]).await;
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        let token = HOME.posts(&app, "/api/token/sliding/", &body).await.text("token");
        let body = json!({"token": token});
        for caller in [THIEF, HOME] {
            assert_eq!(caller.posts(&app, "/api/token/sliding/refresh/", &body).await.status, 200);
        }
        assert_ended(&THIEF.posts(&app, "/api/token/sliding/refresh/", &body).await);
        assert_eq!(kinds(&app).await, [Kind::ImpossibleTravel.as_str()]);
        let app = app.restarted(&["--session-network=same-network"]).await;
        let body = json!({"username": "alice", "password": "alice-pass-1"});
        let token = HOME.posts(&app, "/api/token/sliding/", &body).await.text("token");
        let body = json!({"token": token});
        assert_not_from_here(&MOBILE.posts(&app, "/api/token/sliding/refresh/", &body).await);
        assert_eq!(HOME.posts(&app, "/api/token/sliding/refresh/", &body).await.status, 200);
    }
}
