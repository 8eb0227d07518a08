//! Demo data, as servers and clean-up find it.

use axum::http::header;
use jotward::config::Settings;
use jotward::demo_data::{DemoDataError, Made, Scope, WINDOW, fill};
use jotward::store::{Db, Store};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::harness::{Database, START, TestApp, on_both_databases, secrets};

fn scope(sessions: usize) -> Scope {
    let settings = Settings::from_flags([""; 0]).expect("defaults");
    Scope::new(sessions, 1, START, &settings).expect("so many")
}

async fn filled(database: &Database, sessions: usize) -> Made {
    let made = fill(&database.store, scope(sessions), |_| ()).await;
    made.expect("filled")
}

/// A number that the database says.
async fn count(store: &Store, what: &str) -> usize {
    let query = AssertSqlSafe(format!("select count(*) from {what}"));
    let (count,): (i64,) = match store.db() {
        Db::Sqlite { read, .. } => sqlx::query_as(query).fetch_one(read).await,
        Db::Postgres(pool) => sqlx::query_as(query).fetch_one(pool).await,
    }
    .expect("a number");
    usize::try_from(count).expect("not below nought")
}

on_both_databases! {
    async fn what_is_said_is_what_is_there(database) {
        let made = filled(&database, 700).await;
        let store = &database.store;
        assert_eq!(made.sessions, 700);
        for (table, said) in [
            ("users", made.users),
            ("devices", made.devices),
            ("sessions", made.sessions),
            ("sessions where ended_at is null and tokens_expire_at > 1800000000", made.live),
            ("outstanding_tokens", made.tokens),
            ("blacklisted_tokens", made.blacklisted),
            ("session_addresses", made.addresses),
            ("events", made.events),
            ("revocations", made.revocations),
            ("api_tokens", made.api_tokens),
            ("sessions s where not exists (select 1 from session_addresses a where a.session_id = s.id)", 0),
            ("session_addresses where network_number is null", 0),
            ("events where network_number is null", 0),
            ("known_devices k where not exists (select 1 from devices d where d.user_id = k.user_id)", 0),
            ("counters where name = 'users' and value = 140", 1),
            (&format!("counters where name = 'revocations' and value = {}", made.revocations), 1),
        ] {
            assert_eq!(count(store, table).await, said, "{table}");
        }
        assert_eq!(store.latest_revocation().await.expect("a number"), i64::try_from(made.revocations).expect("few"));
    }
}

on_both_databases! {
    async fn a_database_that_is_used_is_left_alone(database) {
        let app = TestApp::new(database.clone(), &[]).await;
        let before = secrets::everything(app.store()).await.expect("read");
        let refused = fill(app.store(), scope(10), |_| ()).await;
        assert!(matches!(refused, Err(DemoDataError::InUse)), "{refused:?}");
        assert_eq!(secrets::everything(app.store()).await.expect("read"), before);
    }
}

on_both_databases! {
    async fn a_server_lives_on_with_it(database) {
        let made = filled(&database, 300).await;
        let app = TestApp::new(database, &[]).await;
        assert_eq!(count(app.store(), "users").await, made.users + 3);
        let alice = app.user("alice").await;
        assert_eq!(alice.id, 62, "numbers go on after those of the past");
        let (refresh, access) = app.log_in("alice").await;
        assert_eq!(app.refresh(&refresh).await.status, 200);
        assert_eq!(app.blacklist(&access).await.status, 401);
        let cookie = app.admin_cookie("admin").await;
        for page in ["/admin/outstanding/", "/admin/blacklisted/", "/admin/api-tokens/"] {
            let answer = app.get(page, &[(header::COOKIE, &cookie)]).await;
            assert_eq!((answer.status, answer.body.contains("<tbody>")), (200, true), "{page}");
        }
        let (user, _) = app.store().user_with_password("nightly-reports").await.expect("read").expect("there");
        for password in ["", "!", "nightly-reports"] {
            let body = json!({"username": user.username, "password": password});
            let status = app.post("/api/token/", &body).await.status;
            assert!(matches!(status, 400 | 401), "nobody has a password: {status}");
        }
    }
}

on_both_databases! {
    async fn clean_up_leaves_nothing_of_it_when_all_is_over(database) {
        let made = filled(&database, 120).await;
        let (store, over) = (&database.store, START + WINDOW);
        let flushed = store.flush_expired(START - 30 * 86_400).await.expect("flushed");
        assert!(flushed.tokens > 0 && flushed.sessions > 0, "{flushed:?}");
        let orphans = "outstanding_tokens t where parent_id is not null
                       and not exists (select 1 from outstanding_tokens p where p.id = t.parent_id)";
        assert_eq!(count(store, orphans).await, 0);
        let rest = store.flush_whole_sessions(over).await.expect("flushed");
        assert_eq!(flushed.tokens + rest.tokens, u64::try_from(made.tokens).expect("few"));
        assert_eq!(flushed.sessions + rest.sessions, 120);
        store.flush_events(over).await.expect("flushed");
        store.flush_devices(over).await.expect("flushed");
        for table in ["outstanding_tokens", "blacklisted_tokens", "sessions", "session_addresses", "events", "devices"] {
            assert_eq!(count(store, table).await, 0, "{table}");
        }
    }
}
