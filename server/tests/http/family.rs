//! `GET /api/sessions/{id}/`: one's own session with its tokens, live or over.

use app::api::{Family, FamilyToken};
use jotward::lifecycle::Actor;
use jotward::store::Origin;
use jotward::token::SessionId;
use serde_json::json;

use crate::harness::{Caller, Database, START, TestApp, claims, on_both_databases};

const HOME: Caller = Caller::new("203.0.113.7", "Firefox");

fn sid(token: &str) -> String {
    claims(token)["sid"].as_str().expect("a session").to_owned()
}

async fn family(app: &TestApp, access: &str, id: &str) -> Family {
    let answer = app.get_as(access, &format!("/api/sessions/{id}/")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("a family")
}

fn told(token: &FamilyToken) -> (&str, i64, &str, &str) {
    (
        &token.token_type,
        token.generation,
        &token.status,
        &token.reason,
    )
}

fn kinds(family: &Family) -> Vec<&str> {
    family
        .events
        .iter()
        .map(|event| event.kind.as_str())
        .collect()
}

on_both_databases! {
    async fn it_grows_with_every_refresh_and_dies_whole(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, watching) = HOME.logs_in(&app, "alice").await;
        let (first, access) = HOME.logs_in(&app, "alice").await;
        let id = sid(&first);
        app.wait(10);
        let second = HOME.goes_on(&app, &first).await;
        HOME.goes_on(&app, &first).await;
        let live = family(&app, &watching, &id).await;
        assert_eq!((live.id.as_str(), live.state.as_str(), live.generation, live.replays), (id.as_str(), "live", 1, 1));
        assert_eq!((live.opened_at, live.rotated_at, live.now), (START, START + 10, START + 10));
        assert_eq!((live.ends_at, live.ended_at, live.end_reason.as_str()), (START + 30 * 86_400, None, ""));
        let tokens: Vec<_> = live.tokens.iter().map(told).collect();
        assert_eq!(tokens, [
            ("refresh", 0, "rotated", "rotated"),
            ("access", 0, "live", ""),
            ("refresh", 1, "live", ""),
            ("access", 1, "live", ""),
            ("access", 1, "live", ""),
        ]);
        let of = |token: &str| claims(token)["jti"].as_str().expect("a name").to_owned();
        let parents: Vec<_> = live.tokens.iter().map(|token| token.parent.clone()).collect();
        assert_eq!(parents, [None, Some(of(&first)), Some(of(&first)), Some(of(&second)), Some(of(&second))]);
        assert_eq!(live.tokens[1].jti, of(&access));
        assert_eq!((live.tokens[1].issued_at, live.tokens[1].expires_at), (START, START + 300));
        assert_eq!(live.tokens[0].blacklisted_at, Some(START + 10));
        HOME.goes_on(&app, &second).await;
        assert_eq!(HOME.refreshes(&app, &first).await.status, 401);
        let dead = family(&app, &watching, &id).await;
        assert_eq!((dead.state.as_str(), dead.ended_at, dead.end_reason.as_str()), ("ended", Some(START + 10), "reuse"));
        let statuses: Vec<_> = dead.tokens.iter().map(|token| token.status.as_str()).collect();
        assert_eq!(statuses, ["rotated", "ended", "rotated", "ended", "ended", "ended", "ended"]);
        let [over, reuse, ..] = &dead.events[..] else { panic!("{dead:?}") };
        assert_eq!((over.kind.as_str(), over.detail.as_str()), ("session_expired", "reuse"));
        assert_eq!((reuse.kind.as_str(), reuse.ip.as_str(), reuse.session.as_ref()), ("authn_token_reuse", "203.0.113.7", Some(&id)));
        assert_eq!(app.get_as(&access, &format!("/api/sessions/{id}/")).await.status, 401, "its own tokens are dead");
    }
}

on_both_databases! {
    async fn its_events_say_what_its_client_calls_itself(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, watching) = app.log_in("alice").await;
        for client in ["The lab", ""] {
            let login = json!({"username": "alice", "password": "alice-pass-1", "client": client});
            let first = app.post("/api/token/", &login).await.text("refresh");
            let second = app.refresh(&first).await.text("refresh");
            app.refresh(&second).await;
            app.refresh(&first).await.assert_token_refused("Token is blacklisted");
            let family = family(&app, &watching, &sid(&first)).await;
            assert_eq!(kinds(&family)[..2], ["session_expired", "authn_token_reuse"]);
            assert!(family.events.iter().all(|event| event.client == client), "{family:?}");
        }
    }
}

on_both_databases! {
    async fn what_ran_out_is_not_live(database) {
        let app = TestApp::new(database, &["--refresh-token-lifetime=10m"]).await;
        let (refresh, _) = app.log_in("alice").await;
        app.wait(601);
        let (_, watching) = app.log_in("alice").await;
        let over = family(&app, &watching, &sid(&refresh)).await;
        assert_eq!((over.state.as_str(), over.ended_at), ("expired", None));
        assert!(over.tokens.iter().all(|token| token.status == "expired"), "{over:?}");
    }
}

on_both_databases! {
    async fn nobody_sees_a_session_of_somebody_else(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, theirs) = app.log_in("admin").await;
        let (_, own) = app.log_in("alice").await;
        let user = app.user("alice").await;
        for id in [sid(&theirs), SessionId::at(START).to_string(), "x".to_owned(), sid(&own).to_uppercase()] {
            for path in [format!("/api/sessions/{id}/"), format!("/api/sessions/{id}")] {
                let answer = app.get_as(&own, &path).await;
                assert_eq!((answer.status, answer.text("detail").as_str()), (404, "Not found."), "{path}");
                assert_eq!(app.get(&path, &[]).await.status, 401);
            }
        }
        app.store().delete_user(&user, &app.state.clock).await.expect("deleted");
        let answer = app.get_as(&theirs, &format!("/api/sessions/{}/", sid(&own))).await;
        assert_eq!(answer.status, 404, "an orphan is nobody's");
    }
}

on_both_databases! {
    async fn what_an_admin_noted_is_the_admins(database) {
        let app = TestApp::new(database, &[]).await;
        let (_, watching) = app.log_in("alice").await;
        let (refresh, _) = app.log_in("alice").await;
        let id = sid(&refresh);
        let actor = Actor {
            name: "admin".into(),
            note: "looks like a bot".into(),
            origin: Origin { ip: "10.9.8.7".into(), user_agent: "AdminBrowser".into(), ..Origin::default() },
        };
        app.state.end_session(SessionId::parse(&id).expect("an id"), &actor).await.expect("ended");
        let answer = app.get_as(&watching, &format!("/api/sessions/{id}/")).await;
        for told in ["looks like a bot", "10.9.8.7", "AdminBrowser"] {
            assert!(!answer.body.contains(told), "{told} in {}", answer.body);
        }
        let over = family(&app, &watching, &id).await;
        assert_eq!((over.state.as_str(), over.end_reason.as_str()), ("ended", "admin"));
        assert_eq!(kinds(&over).first(), Some(&"session_expired"));
    }
}

on_both_databases! {
    async fn the_newest_two_hundred_tokens_are_shown(database) {
        let app = TestApp::new(database, &["--rotate-refresh-tokens=false", "--anomaly-burst=ignore"]).await;
        let (refresh, watching) = app.log_in("alice").await;
        for _ in 0..203 {
            assert_eq!(app.refresh(&refresh).await.status, 200);
        }
        let family = family(&app, &watching, &sid(&refresh)).await;
        assert_eq!((family.tokens.len(), family.state.as_str()), (200, "live"));
        assert!(family.tokens.iter().all(|token| token.parent.is_none()), "it is not among them");
    }
}
