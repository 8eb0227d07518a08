//! The audit trail in the admin: what is found by which search and filter, page by page, and as a file.

use std::time::{SystemTime, UNIX_EPOCH};

use jotward::event::{Event, Kind};
use jotward::store::{Origin, StoreError};
use serde_json::json;
use time::OffsetDateTime;

use crate::admin_lists::{Listing, cells, links};
use crate::harness::{Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new(
    "2001:db8:1:2::9",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
);

/// A day by the system's clock, from which the numbers of events have their time, so many days from now.
fn day(from_now: i64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let at = i64::try_from(now).expect("a time") + from_now * 86_400;
    OffsetDateTime::from_unix_timestamp(at)
        .expect("a time")
        .date()
        .to_string()
}

/// The names of what happened, in the order of the page.
async fn kinds(trail: &Listing<'_>, query: &str) -> Vec<String> {
    let cells = trail.cells(query, "What").await.into_iter();
    let name = |cell: String| {
        cell.split(' ')
            .find(|word| word.contains('_'))
            .expect("a name")
            .to_owned()
    };
    cells.map(name).collect()
}

async fn note(app: &TestApp, events: Vec<Event>) {
    let noted = app.store().write(move |tx| {
        Box::pin(async move {
            tx.note_all(events).await?;
            Ok::<_, StoreError>(())
        })
    });
    noted.await.expect("noted");
}

on_both_databases! {
    async fn an_event_is_found_by_who_and_where_and_what(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        let (refresh, access) = OFFICE.logs_in(&app, "alice").await;
        assert_eq!(OFFICE.refreshes(&app, &refresh).await.status, 200);
        app.wait(100);
        assert_eq!(OFFICE.refreshes(&app, &refresh).await.status, 401);
        let body = json!({"username": "admin", "password": "wrong"});
        HOME.posts(&app, "/api/token/", &body).await;
        let claims = claims(&access);
        let (sid, jti) = (claims["sid"].as_str().expect("text"), claims["jti"].as_str().expect("text"));

        let login = ["session_created", "authn_login_success"];
        let theft = ["session_expired", "authn_token_reuse"];
        let session = [&theft[..], &login].concat();
        let hers = [&session[..], &["user_created"]].concat();
        for (query, expected) in [
            (format!("?q={sid}"), &session), (format!("?session={}", sid.to_uppercase()), &session), (format!("?q={jti}"), &session),
            ("?q=ALI".to_owned(), &hers), ("?user=2".to_owned(), &hers), ("?q=alice%40example".to_owned(), &hers),
            (format!("?q=alice&from={}&until={}", day(-1), day(1)), &hers),
            ("?q=203.0.113.9".to_owned(), &session),
            ("?address=203.0.0.0%2F8".to_owned(), &session),
            ("?address=203.0.0.0%2F8&q=alice&kind=session_created".to_owned(), &vec!["session_created"]),
            ("?q=2001:db8::%2F32".to_owned(), &vec!["authn_login_fail"]),
            ("?kind=authn_token_reuse".to_owned(), &vec!["authn_token_reuse"]),
            ("?status=alarming".to_owned(), &vec!["authn_token_reuse"]),
            ("?status=alarming&q=alice".to_owned(), &vec!["authn_token_reuse"]),
            ("?status=told".to_owned(), &vec!["authn_token_reuse"]),
            ("?status=told&user=2".to_owned(), &vec!["authn_token_reuse"]),
            ("?actor=command+line&user=2".to_owned(), &vec!["user_created"]),
            ("?actor=command+line&kind=user_created&user=3".to_owned(), &vec!["user_created"]),
        ] {
            assert_eq!(kinds(&trail, &query).await, **expected, "{query}");
        }
        for query in ["?q=nobody", "?user=77", "?session=x", "?actor=alice", "?q=alice&status=alarming&kind=user_created",
                      "?q=alice&user=1", "?address=198.51.100.7", "?address=198.51.0.0%2F16", "?q=alice&address=2001:db8::%2F32",
                      &format!("?from={}", day(2)), &format!("?until={}", day(-2))] {
            let page = trail.get(query).await;
            assert_eq!(cells(&page, "What"), Vec::<String>::new(), "{query}");
            assert!(page.body.contains("0 events") && page.body.contains("Nothing matches"), "{query}");
        }
    }
}

on_both_databases! {
    async fn an_event_leads_to_whom_and_what_it_concerns(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let sid = claims(&access)["sid"].as_str().expect("text").to_owned();
        HOME.goes_on(&app, &refresh).await;
        app.wait(100);
        HOME.refreshes(&app, &refresh).await;
        let page = trail.get("?kind=authn_token_reuse").await;
        let what = &cells(&page, "What")[0];
        assert!(what.starts_with("alarm: spent token came back authn_token_reuse") && what.ends_with(" · the user is told"), "{what}");
        assert_eq!(cells(&page, "From"), ["2001:db8:1:2::9 Firefox 128 on Windows"]);
        assert_eq!(links(&page, "/admin/users/2/").len(), 1);
        assert_eq!(links(&page, &format!("/admin/sessions/{sid}/")).len(), 1);
        let from_there = links(&page, "/admin/events/?address=");
        assert_eq!(from_there, ["/admin/events/?address=2001%3Adb8%3A1%3A2%3A%3A9"]);
        assert_eq!(cells(&trail.follow(&from_there[0]).await, "What").len(), 4, "all of it");
        let end = &trail.cells("?kind=session_expired", "What").await[0];
        assert!(end.starts_with("session ended session_expired token used twice"), "{end}");

        // What is on record of somebody outlives them.
        let alice = app.user("alice").await;
        app.store().delete_user(&alice, &app.state.clock).await.expect("gone");
        let page = trail.get("?user=2&kind=authn_login_success").await;
        assert_eq!(cells(&page, "User"), ["alice (deleted, no. 2)"]);
        assert!(links(&page, "/admin/users/2/").is_empty());
        let page = trail.get("?kind=user_deleted").await;
        assert_eq!(cells(&page, "Done by"), ["command line"]);
    }
}

on_both_databases! {
    async fn what_can_not_be_read_shows_nothing_and_says_so(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        trail.refuses(&[
            ("?kind=authn_nothing", "none of the choices"),
            ("?status=loud", "none of the choices"),
            ("?user=alice", "not a number"),
            ("?address=10.0.0", "neither an address nor a block"),
            ("?until=15.1.2027", "not a day"),
        ]).await;
        for odd in ["?sort=nonsense&dir=up", "?actor=%00", "?session=%00", "?q=%00", "?prev=-1"] {
            assert_eq!(trail.get(odd).await.status, 200, "{odd}");
        }
        assert_eq!(app.get("/admin/events/", &[]).await.status, 303);
    }
}

on_both_databases! {
    async fn pages_follow_each_other_in_every_order(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        let mut events = Vec::new();
        for n in 0..130 {
            let origin = Origin { ip: format!("198.51.{}.7", n % 100), ..Origin::default() };
            let kind = [Kind::LoginFailMax, Kind::ImpossibleTravel, Kind::UserUpdated][n % 3];
            events.push(Event::new(kind, 0).by("robot").from(&origin).detail(format!("number {n:03}")));
        }
        note(&app, events).await;
        let number = |cells: Vec<String>| -> Vec<usize> {
            cells.iter().map(|cell| cell.rsplit_once(' ').expect("a number").1.parse().expect("a number")).collect()
        };
        let all: Vec<_> = (0..130).collect();
        let latest: Vec<_> = all.iter().copied().rev().collect();
        assert_eq!(number(trail.leafs_through("?actor=robot", "What").await), latest);
        assert_eq!(number(trail.leafs_through("?actor=robot&dir=asc", "What").await), all);
        assert_eq!(number(trail.leafs_through("?address=198.51.0.0%2F16&dir=asc", "What").await), all);
        let alarms: Vec<_> = latest.iter().copied().filter(|n| n % 3 != 2).collect();
        assert_eq!(number(trail.leafs_through("?status=alarming", "What").await), alarms);
        assert!(trail.get("?status=alarming").await.body.contains("87 events"));
        assert_eq!(number(trail.leafs_through("?address=198.51.5.0%2F24", "What").await), [105, 5]);
        let all = trail.leafs_through("", "What").await;
        assert_eq!(all.len(), 130 + 5, "with three users, and the admin's login");
    }
}

on_both_databases! {
    async fn a_rare_event_among_many_is_searched_for_in_steps(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        let rare = Event::new(Kind::SessionRenewed, 0).by("robot").detail("the needle").noticed();
        let hay = || Event::new(Kind::SessionRenewed, 0).by("robot");
        note(&app, [vec![rare], vec![hay(); 2_501]].concat()).await;
        // Told by the row alone.
        let query = "?actor=robot&kind=session_renewed&status=told";
        let page = trail.get(query).await;
        assert!(page.body.contains("Search further"), "{}", page.body);
        let page = trail.follow(&crate::admin_lists::link(&page, "Search further")).await;
        assert!(cells(&page, "What")[0].contains("the needle"), "{}", page.body);
        let page = trail.get("?actor=robot&kind=session_renewed").await;
        assert_eq!(cells(&page, "What").len(), 50);
        assert!(page.body.contains("2,500+ events"), "{}", page.body);
    }
}

on_both_databases! {
    async fn a_list_is_a_file_too_and_a_page_is_small(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let trail = Listing { app: &app, cookie: &cookie, path: "/admin/events/" };
        let long = "x".repeat(1_000);
        let origin = Origin {
            ip: "2001:db8:1111:2222:3333:4444:5555:6666".to_owned(),
            user_agent: "Strange <agent> ".repeat(18),
            ..Origin::default()
        };
        let event = |n: i64| {
            let id = jotward::token::UserId(1_000_000 + n);
            let session = jotward::token::SessionId::at(n);
            let event = Event::new(Kind::ImpossibleTravel, 1_800_000_000).user(id, &"n".repeat(150)).session(session);
            event.from(&origin).by(&"a".repeat(150)).detail(&long).noticed()
        };
        note(&app, (0..60).map(event).collect()).await;
        let page = trail.get("?address=2001:db8:1111:2222::").await;
        assert_eq!(cells(&page, "What").len(), 50);
        assert!(page.body.len() < 60_000, "{}", page.body.len());

        let file = trail.get("export.json?kind=authn_impossible_travel").await.json();
        let rows = file.as_array().expect("an array");
        assert_eq!(rows.len(), 60);
        assert_eq!((&rows[0]["at"], &rows[0]["detail"]), (&"2027-01-15T08:00:00Z".into(), &long.as_str().into()));
        let file = trail.get("export.csv?kind=user_created&dir=asc").await;
        let lines: Vec<_> = file.body.split("\r\n").collect();
        assert_eq!(lines.len(), 5, "{lines:?}");
        assert_eq!(lines[0], "id,at,kind,user_id,username,session_id,actor,ip,user_agent,detail,notice");
        assert!(lines[2].contains(",2027-01-15T08:00:00Z,user_created,2,alice,,command line,"), "{}", lines[2]);
    }
}
