//! The admin's list of devices: what is found by which search and filter, in which order, page by page, and as a file.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

use crate::admin_lists::{Listing, cells, links};
use crate::harness::{Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");
const HOME: Caller = Caller::new(
    "2001:db8:1:2::9",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
);

/// A day by the system's clock, from which ids have their time, so many days from now.
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

on_both_databases! {
    async fn a_device_is_found_by_who_and_where_and_what(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let devices = Listing { app: &app, cookie: &cookie, path: "/admin/devices/" };
        let (_, access) = OFFICE.logs_in(&app, "alice").await;
        app.wait(60);
        HOME.logs_in(&app, "admin").await;
        app.state.hand_on().await;
        let claims = claims(&access);
        let (sid, jti) = (claims["sid"].as_str().expect("text"), claims["jti"].as_str().expect("text"));
        let page = devices.get("?q=alice").await;
        let sessions = links(&page, "/admin/sessions/?device=");
        let id = sessions[0].split(['=', '&']).nth(1).expect("an id");
        assert_eq!(links(&page, &format!("/admin/devices/{id}/end-sessions/")).len(), 1);
        assert_eq!(cells(&page, "Kind"), ["program"]);
        assert_eq!(cells(&page, "Sessions"), ["1 live"]);
        for query in [
            "?q=ALI", "?q=alice%40example.com", "?user=2", "?type=program&user=2", &format!("?q={id}"), &format!("?device={id}"),
            &format!("?q={sid}"), &format!("?q={jti}"), "?q=203.0.113.7", "?address=203.0.113.0%2F24", "?q=ALI&address=203.0.113.9",
            "?q=alice%40&address=203.0.0.0%2F8", &format!("?q=alice&from={}&until={}", day(-1), day(1)),
            &format!("?q=alice&sort=last&from={}", day(-1)), "?q=alice&user=2",
        ] {
            let page = devices.get(query).await;
            assert_eq!((cells(&page, "Device"), cells(&page, "User")), (vec!["curl 8".to_owned()], vec!["alice".to_owned()]), "{query}");
        }
        assert_eq!(devices.cells("?q=2001:db8::%2F32", "Device").await, ["Firefox 128 on Windows"]);
        assert_eq!(devices.cells("?type=desktop", "User").await, ["admin"]);
        for query in ["?q=bob", "?q=bob&address=203.0.113.7", "?type=phone", "?q=198.51.100.1", "?user=77", "?q=alice&user=1",
                      "?device=x", &format!("?from={}", day(2)), &format!("?until={}&sort=last", day(-2)), &format!("?device={id}&address=2001:db8::1")] {
            let page = devices.get(query).await;
            assert_eq!(cells(&page, "Device"), Vec::<String>::new(), "{query}");
            assert!(page.body.contains("0 devices") && page.body.contains("Nothing matches"), "{query}");
        }
    }
}

on_both_databases! {
    async fn what_a_user_calls_it_stands_before_what_it_is(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let devices = Listing { app: &app, cookie: &cookie, path: "/admin/devices/" };
        let (refresh, access) = HOME.logs_in(&app, "alice").await;
        let sid = claims(&access)["sid"].as_str().expect("text").to_owned();
        let renamed = {
            let request = axum::http::Request::patch(format!("/api/sessions/{sid}/"))
                .header("authorization", format!("Bearer {access}"))
                .header("content-type", "application/json");
            app.send(request.body(axum::body::Body::from(r#"{"device_name": "Den <PC>"}"#)).expect("a request")).await
        };
        assert_eq!(renamed.status, 200, "{renamed:?}");
        assert_eq!(devices.cells("?q=alice", "Device").await, ["Den &lt;PC&gt; Firefox 128 on Windows"]);
        app.blacklist(&refresh).await;
        let page = devices.get("?q=alice").await;
        assert_eq!(cells(&page, "Sessions"), ["0 live"]);
        assert!(links(&page, "/admin/devices/").iter().all(|link| !link.contains("end-sessions")), "there is nothing to end");
    }
}

on_both_databases! {
    async fn what_can_not_be_read_shows_nothing_and_says_so(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let devices = Listing { app: &app, cookie: &cookie, path: "/admin/devices/" };
        devices.refuses(&[
            ("?type=toaster", "none of the choices"),
            ("?user=alice", "not a number"),
            ("?address=10.0.0", "neither an address nor a block"),
            ("?from=15.1.2027", "not a day"),
        ]).await;
        assert!(devices.get("?sort=nonsense&dir=up").await.body.contains("1 device<"));
        assert_eq!(app.get("/admin/devices/", &[]).await.status, 303);
    }
}

on_both_databases! {
    async fn pages_follow_each_other_in_every_order(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let devices = Listing { app: &app, cookie: &cookie, path: "/admin/devices/" };
        let mut agents = Vec::new();
        for n in 0..110 {
            let agent: &'static str = Box::leak(format!("agent{n:03}/1.0 ({})", "x".repeat(250)).into_boxed_str());
            OFFICE.with(agent).logs_in(&app, "alice").await;
            app.wait(n % 2);
            agents.push(format!("agent{n:03} 1"));
        }
        // The first comes once more, and is the last to be seen.
        app.wait(5);
        OFFICE.with("agent000/2.0").logs_in(&app, "alice").await;
        let (mut first, mut last) = (agents.clone(), agents);
        "agent000 2".clone_into(&mut first[0]);
        last.remove(0);
        last.push("agent000 2".to_owned());
        for query in ["?type=program&dir=asc", "?q=alice&dir=asc", "?sort=first&dir=asc&type=program"] {
            assert_eq!(devices.leafs_through(query, "Device").await, first, "{query}");
        }
        let page = devices.get("").await;
        assert!(page.body.contains("111 devices"), "with the admin's");
        assert!(page.body.len() < 60_000, "{}", page.body.len());
        let seen = devices.leafs_through("?sort=last&dir=asc", "Device").await;
        assert_eq!((seen.len(), seen.last()), (111, last.last()));
        first.reverse();
        assert_eq!(devices.leafs_through("?type=program", "Device").await, first);
        let seen = devices.leafs_through("?user=2&sort=last", "Device").await;
        assert_eq!((seen.len(), seen.first()), (110, last.last()));
    }
}

on_both_databases! {
    async fn a_list_is_a_file_too(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let devices = Listing { app: &app, cookie: &cookie, path: "/admin/devices/" };
        HOME.logs_in(&app, "alice").await;
        OFFICE.logs_in(&app, "alice").await;
        let file = devices.get("export.json?q=alice&dir=asc").await.json();
        let rows = file.as_array().expect("an array");
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0]["browser"], &rows[0]["first_seen_at"]), (&"Firefox".into(), &"2027-01-15T08:00:00Z".into()));
        let file = devices.get("export.csv?type=program").await;
        let lines: Vec<_> = file.body.split("\r\n").collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("id,user_id,username,name,browser"), "{}", lines[0]);
        assert!(!file.body.contains("mark"), "by what a device is told is nobody's business");
    }
}
