//! On which devices sessions are opened, and from where they are used.

use jotward::account::{HashParams, Hasher};
use jotward::event::Kind;
use jotward::store::{Db, EventFilter};
use jotward::token::SessionId;
use sqlx::FromRow;

use crate::harness::{Answer, Caller, Database, START, TestApp, claims, on_both_databases};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const UPDATED: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const HOME: Caller = Caller::new("192.0.2.7", CHROME);

#[derive(Debug, FromRow)]
struct Device {
    id: String,
    username: String,
    name: String,
    browser: String,
    browser_version: String,
    os: String,
    os_version: String,
    model: String,
    kind: String,
    first_seen_at: i64,
    last_seen_at: i64,
}

#[derive(Debug, FromRow)]
struct Placed {
    device_id: Option<String>,
    ip: String,
    network: String,
    network_at: i64,
    last_seen_at: i64,
}

/// What a query finds.
async fn rows<T>(app: &TestApp, query: &'static str) -> Vec<T>
where
    T: Send + Unpin,
    T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + for<'r> FromRow<'r, sqlx::postgres::PgRow>,
{
    let found = match app.store().db() {
        Db::Sqlite { read, .. } => sqlx::query_as(query).fetch_all(read).await,
        Db::Postgres(pool) => sqlx::query_as(query).fetch_all(pool).await,
    };
    found.expect("found")
}

async fn devices(app: &TestApp) -> Vec<Device> {
    rows(app, "select d.*, u.username from devices d join users u on u.id = d.user_id order by d.first_seen_at, d.id").await
}

async fn sessions(app: &TestApp) -> Vec<Placed> {
    rows(app, "select device_id, ip, network, network_at, last_seen_at from sessions order by opened_at, id").await
}

fn session_of(token: &str) -> SessionId {
    SessionId::parse(claims(token)["sid"].as_str().expect("a session")).expect("an id")
}

on_both_databases! {
    async fn a_login_puts_its_device_on_record(database) {
        let app = TestApp::new(database, &[]).await;
        HOME.logs_in(&app, "alice").await;
        let [device] = &devices(&app).await[..] else { panic!("one") };
        assert_eq!(
            [&device.username, &device.name, &device.browser, &device.browser_version, &device.os, &device.kind],
            ["alice", "", "Chrome", "126.0.0.0", "Windows", "desktop"]
        );
        assert_eq!((device.first_seen_at, device.last_seen_at), (START, START));
        let [session] = &sessions(&app).await[..] else { panic!("one") };
        assert_eq!(session.device_id.as_ref(), Some(&device.id));
        assert_eq!((session.ip.as_str(), session.network.as_str()), ("192.0.2.7", "192.0.2.0/24"));
        assert_eq!(session.network_at, START);
    }
}

on_both_databases! {
    async fn an_update_is_the_same_device_and_another_users_is_another(database) {
        let app = TestApp::new(database, &[]).await;
        HOME.logs_in(&app, "alice").await;
        app.wait(100);
        HOME.with(UPDATED).at("198.51.100.1").logs_in(&app, "alice").await;
        app.wait(1);
        HOME.logs_in(&app, "admin").await;
        let found = devices(&app).await;
        let [first, second] = &found[..] else { panic!("{found:?}") };
        assert_eq!((first.browser_version.as_str(), first.first_seen_at, first.last_seen_at), ("127.0.0.0", START, START + 100));
        assert_eq!(second.username, "admin");
        let sessions = sessions(&app).await;
        assert_eq!(sessions[0].device_id, sessions[1].device_id);
    }
}

on_both_databases! {
    async fn hints_say_more(database) {
        let app = TestApp::new(database, &[]).await;
        let hinting = Caller {
            headers: &[
                ("sec-ch-ua", r#""Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126""#),
                ("sec-ch-ua-full-version-list", r#""Not/A)Brand";v="8.0.0.0", "Chromium";v="126.0.6478.127", "Google Chrome";v="126.0.6478.127""#),
                ("sec-ch-ua-mobile", "?0"),
                ("sec-ch-ua-platform", r#""Windows""#),
                ("sec-ch-ua-platform-version", r#""15.0.0""#),
                ("sec-ch-ua-model", r#""""#),
            ],
            ..HOME
        };
        HOME.logs_in(&app, "alice").await;
        hinting.logs_in(&app, "alice").await;
        let found = devices(&app).await;
        let [device] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            [&device.browser, &device.browser_version, &device.os, &device.os_version, &device.model],
            ["Chrome", "126.0.6478.127", "Windows", "11", ""]
        );
    }
}

on_both_databases! {
    async fn junk_is_a_device_nobody_knows(database) {
        let app = TestApp::new(database, &[]).await;
        HOME.with("%&$ <?> \t ---").logs_in(&app, "alice").await;
        HOME.with("").logs_in(&app, "alice").await;
        let found = devices(&app).await;
        let [device] = &found[..] else { panic!("{found:?}") };
        assert_eq!([&device.browser, &device.os, &device.kind], ["", "", "unknown"]);
    }
}

on_both_databases! {
    async fn a_refresh_moves_the_session_along(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, _) = HOME.logs_in(&app, "alice").await;
        app.wait(300);
        let next = HOME.at("2001:db8:0:1::a").goes_on(&app, &refresh).await;
        let [session] = &sessions(&app).await[..] else { panic!("one") };
        assert_eq!((session.ip.as_str(), session.network.as_str()), ("2001:db8:0:1::a", "2001:db8:0:1::/64"));
        assert_eq!((session.network_at, session.last_seen_at), (START + 300, START + 300));
        assert_eq!(app.refresh(&next).await.status, 200, "from nowhere that is known");
        let [session] = &sessions(&app).await[..] else { panic!("one") };
        assert_eq!((session.ip.as_str(), session.network.as_str()), ("2001:db8:0:1::a", "2001:db8:0:1::/64"));
    }
}

on_both_databases! {
    async fn where_a_session_is_used_is_noted_later(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        let id = session_of(&access);
        app.wait(30);
        for _ in 0..3 {
            assert_eq!(HOME.at("192.0.2.8").reads(&app, &access).await.status, 200);
            assert_eq!(HOME.at("198.51.100.1").reads(&app, &access).await.status, 200);
        }
        assert_eq!(app.store().session_addresses(id).await.expect("asked"), []);
        app.state.hand_on().await;
        let found = app.store().session_addresses(id).await.expect("asked");
        let found: Vec<_> = found.iter().map(|one| (one.network.as_str(), one.ip.as_str(), one.first_seen_at, one.last_seen_at)).collect();
        assert_eq!(found, [
            ("198.51.100.0/24", "198.51.100.1", START + 30, START + 30),
            ("192.0.2.0/24", "192.0.2.7", START, START),
        ], "and once a minute only");
        app.wait(60);
        assert_eq!(HOME.at("192.0.2.9").reads(&app, &access).await.status, 200);
        app.state.hand_on().await;
        let found = app.store().session_addresses(id).await.expect("asked");
        assert_eq!((found.len(), found[0].ip.as_str(), found[0].first_seen_at, found[0].last_seen_at), (2, "192.0.2.9", START, START + 90));
        assert_eq!(sessions(&app).await[0].last_seen_at, START + 90);
        assert_eq!(devices(&app).await[0].last_seen_at, START, "a device is as old as its last login");
        assert_eq!(sessions(&app).await[0].network_at, START, "only a refresh moves it");
    }
}

on_both_databases! {
    async fn a_token_that_is_refused_is_noted_nowhere(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        assert_eq!(app.blacklist(&refresh).await.status, 200);
        app.wait(1);
        assert_eq!(HOME.at("198.51.100.1").reads(&app, &access).await.status, 401);
        app.state.hand_on().await;
        assert_eq!(app.store().session_addresses(session_of(&access)).await.expect("asked").len(), 1);
        assert_eq!(sessions(&app).await[0].last_seen_at, START);
    }
}

on_both_databases! {
    async fn a_token_that_is_verified_for_somebody_was_seen(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        app.wait(100);
        assert_eq!(app.verify(&access).await.status, 200);
        app.state.hand_on().await;
        assert_eq!(sessions(&app).await[0].last_seen_at, START + 100);
        assert_eq!(app.store().session_addresses(session_of(&access)).await.expect("asked").len(), 1);
    }
}

on_both_databases! {
    async fn only_so_many_networks_of_a_session_are_kept(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        let id = session_of(&access);
        for n in 0..300_u16 {
            let address = format!("2001:db8:0:{n:x}::1").parse().ok();
            app.state.watch.sightings.note(id, address, START);
        }
        app.state.hand_on().await;
        app.state.hand_on().await;
        let kept = app.store().session_addresses(id).await.expect("asked").len();
        assert!((200..=250).contains(&kept), "{kept}");
    }
}

on_both_databases! {
    async fn addresses_go_with_their_session(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, access) = HOME.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        assert_eq!(app.store().session_addresses(session_of(&access)).await.expect("asked").len(), 1);
        app.wait(60 * 86_400);
        app.store().flush_expired(app.state.clock.now() - 86_400).await.expect("flushed");
        assert_eq!(app.store().session_addresses(session_of(&access)).await.expect("asked"), []);
        assert_eq!(sessions(&app).await.len(), 0);
        assert_eq!(devices(&app).await.len(), 1, "the device stays known");
        app.state.watch.sightings.note(session_of(&access), "192.0.2.7".parse().ok(), START);
        app.state.hand_on().await;
        assert_eq!(app.state.watch.sightings.take_news(), [], "of a session that is gone nothing is kept");
    }
}

on_both_databases! {
    async fn a_new_device_is_told_and_the_first_is_not(database) {
        let app = TestApp::new(database, &[]).await;
        let told = async || {
            let filter = EventFilter { kind: Some(Kind::NewDevice), notices_only: true, ..EventFilter::default() };
            app.store().events(filter, 10).await.expect("asked")
        };
        HOME.logs_in(&app, "alice").await;
        HOME.with(UPDATED).logs_in(&app, "alice").await;
        HOME.logs_in(&app, "admin").await;
        assert_eq!(told().await, []);
        let (refresh, _) = HOME.with(IPHONE).at("198.51.100.1").logs_in(&app, "alice").await;
        let found = told().await;
        let [event] = &found[..] else { panic!("{found:?}") };
        assert_eq!(event.detail.as_deref(), Some("Safari 17 on iPhone"));
        assert_eq!((event.username.as_deref(), event.ip.as_str()), (Some("alice"), "198.51.100.1"));
        assert_eq!(event.session_id.as_deref(), claims(&refresh)["sid"].as_str());
        HOME.with(IPHONE).logs_in(&app, "alice").await;
        assert_eq!(told().await.len(), 1, "it is known now");
    }
}

on_both_databases! {
    async fn whoever_wants_may_ignore_new_devices_or_refuse_them(database) {
        let app = TestApp::new(database, &["--anomaly-new-device=ignore"]).await;
        let filter = EventFilter { kind: Some(Kind::NewDevice), ..EventFilter::default() };
        HOME.logs_in(&app, "alice").await;
        HOME.with(IPHONE).logs_in(&app, "alice").await;
        assert_eq!(app.store().events(filter, 10).await.expect("asked"), []);
        let app = app.restarted(&["--anomaly-new-device=end"]).await;
        let wrong = HOME.with("curl/8.5.0").posts(&app, "/api/token/", &serde_json::json!({"username": "alice", "password": "x"})).await;
        for _ in 0..2 {
            let refused = HOME.with("curl/8.5.0").tries(&app, "alice").await;
            assert_eq!((refused.status, &refused.body), (401, &wrong.body), "as if the password were wrong");
        }
        assert_eq!(app.store().events(filter, 10).await.expect("asked").len(), 2);
        assert_eq!((devices(&app).await.len(), sessions(&app).await.len()), (2, 2));
        HOME.with(IPHONE).logs_in(&app, "alice").await;
        HOME.with("curl/8.5.0").logs_in(&app, "admin").await;
    }
}

on_both_databases! {
    async fn devices_go_with_their_user_and_sessions_stay(database) {
        let app = TestApp::new(database, &[]).await;
        HOME.logs_in(&app, "alice").await;
        let alice = app.user("alice").await;
        HOME.logs_in(&app, "admin").await;
        app.store().delete_user(&alice, &app.state.clock).await.expect("deleted");
        let left = devices(&app).await;
        assert_eq!(left.iter().map(|device| device.username.as_str()).collect::<Vec<_>>(), ["admin"]);
        let sessions = sessions(&app).await;
        assert_eq!(sessions.iter().filter(|session| session.device_id.is_none()).count(), 1);
        assert_eq!(sessions.len(), 2);
    }
}

const WARY: [&str; 2] = ["--anomaly-new-device=end", "--update-last-login=true"];

async fn fetches_api_token(app: &TestApp, caller: &Caller, password: &str) -> Answer {
    let body = serde_json::json!({"username": "alice", "password": password});
    caller.posts(app, "/api/get-auth-token/", &body).await
}

on_both_databases! {
    async fn an_api_token_is_for_known_devices_too(database) {
        let app = TestApp::new(database, &[]).await;
        let filter = EventFilter { kind: Some(Kind::NewDevice), notices_only: true, ..EventFilter::default() };
        assert_eq!(fetches_api_token(&app, &HOME, "alice-pass-1").await.status, 200);
        assert_eq!(app.store().events(filter, 10).await.expect("asked"), [], "the first one");
        assert_eq!(fetches_api_token(&app, &HOME.with(IPHONE), "alice-pass-1").await.status, 200);
        let told = app.store().events(filter, 10).await.expect("asked");
        let [event] = &told[..] else { panic!("{told:?}") };
        assert_eq!((event.detail.as_deref(), &event.session_id), (Some("Safari 17 on iPhone"), &None));
        HOME.with(IPHONE).logs_in(&app, "alice").await;
        assert_eq!(app.store().events(filter, 10).await.expect("asked").len(), 1, "it is known now");
        let app = app.restarted(&WARY).await;
        let stranger = HOME.with("curl/8.5.0");
        let wrong = fetches_api_token(&app, &stranger, "wrong").await;
        let refused = fetches_api_token(&app, &stranger, "alice-pass-1").await;
        assert_eq!((refused.status, refused.body), (400, wrong.body));
        assert_eq!(app.store().events(filter, 10).await.expect("asked").len(), 2);
        assert_eq!(devices(&app).await.len(), 2);
    }
}

on_both_databases! {
    async fn a_login_that_is_refused_for_its_device_leaves_no_trace_with_the_user(database) {
        #[derive(FromRow)]
        struct Kept { password: String, last_login: Option<i64> }
        let kept = async |app: &TestApp| {
            let mut found: Vec<Kept> = rows(app, "select password, last_login from users where username = 'alice'").await;
            found.pop().map(|kept| (kept.password, kept.last_login)).expect("alice")
        };
        let app = TestApp::new(database, &WARY).await;
        HOME.logs_in(&app, "alice").await;
        let before = kept(&app).await;
        assert_eq!(before.1, Some(START));
        let dearer = Hasher::new(HashParams::new(128, 1, 1, None).expect("valid parameters"));
        let app = app.restarted_with(&WARY, dearer).await;
        app.wait(100);
        assert_eq!(HOME.with(IPHONE).tries(&app, "alice").await.status, 401);
        assert_eq!(fetches_api_token(&app, &HOME.with(IPHONE), "alice-pass-1").await.status, 400);
        assert_eq!(kept(&app).await, before);
        HOME.logs_in(&app, "alice").await;
        let after = kept(&app).await;
        assert_eq!(after.1, Some(START + 100));
        assert_ne!(after.0, before.0, "hashed anew");
    }
}
