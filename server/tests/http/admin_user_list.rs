//! The admin's list of users: who is found by what, in which order, page by page, and as a file.

use jotward::account::AddUser;
use serde_json::json;

use crate::admin_lists::{Listing, cells, links};
use crate::harness::{Caller, Database, TestApp, claims, on_both_databases};

const OFFICE: Caller = Caller::new("203.0.113.7", "curl/8.7.1");

async fn add(app: &TestApp, name: &str, is_staff: bool) {
    let user = AddUser {
        username: name.to_owned(),
        email: format!("{name}@mail.example"),
        password: "user-pass-1".into(),
        is_active: true,
        is_staff,
        is_superuser: false,
    };
    let added = app
        .store()
        .add_user(user, &app.state.hasher, &app.state.clock);
    added.await.expect("added");
}

on_both_databases! {
    async fn a_user_is_found_by_name_number_session_token_and_address(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        let (_, access) = OFFICE.logs_in(&app, "alice").await;
        app.state.hand_on().await;
        let claims = claims(&access);
        let (sid, jti) = (claims["sid"].as_str().expect("text"), claims["jti"].as_str().expect("text"));
        for query in [
            "?q=ALI", "?q=alice%40example.com", "?q=alice%40", "?q=2", &format!("?q={sid}"), &format!("?q={jti}"),
            "?q=203.0.113.7", "?q=203.0.0.0%2F8", "?q=alice&status=active", "?q=alice&from=2027-01-15&until=2027-01-15",
        ] {
            assert_eq!(users.cells(query, "Username").await, ["alice no. 2"], "{query}");
        }
        for query in ["?q=bobby", "?q=4", "?q=198.51.100.0%2F24", "?q=alice&status=shut-out", "?q=alice&type=staff",
                      "?from=2027-01-16", "?until=2027-01-14", "?q=01890a5d-ac96-774b-bcce-b302099a8057"] {
            let page = users.get(query).await;
            assert_eq!(cells(&page, "Username"), Vec::<String>::new(), "{query}");
            assert!(page.body.contains("0 users") && page.body.contains("Nothing matches"), "{query}");
        }
    }
}

on_both_databases! {
    async fn status_and_role_are_words_and_filters(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        add(&app, "sue", true).await;
        for (query, expected) in [
            ("", &["sue no. 4", "bob no. 3", "alice no. 2", "admin no. 1"][..]),
            ("?status=shut-out", &["bob no. 3"]),
            ("?status=active&sort=username", &["admin no. 1", "alice no. 2", "sue no. 4"]),
            ("?type=staff", &["sue no. 4", "admin no. 1"]),
            ("?type=superuser", &["admin no. 1"]),
            ("?type=staff&status=shut-out", &[]),
            ("?type=staff&from=2027-01-15", &["sue no. 4", "admin no. 1"]),
            ("?q=a&sort=username&dir=desc", &["alice no. 2", "admin no. 1"]),
        ] {
            assert_eq!(users.cells(query, "Username").await, expected, "{query}");
        }
        let all = users.get("").await;
        assert_eq!(cells(&all, "Status"), ["active", "shut out", "active", "active"]);
        assert_eq!(cells(&all, "Role"), ["staff", "user", "user", "superuser"]);
        assert!(all.body.contains("4 users") && all.body.contains("aria-sort=\"descending\""));
        assert_eq!(links(&all, "/admin/users/new/").len(), 1);
        assert_eq!(links(&all, "/admin/users/4/").len(), 1);

        let cookie = {
            let fields = [("username", "sue"), ("password", "user-pass-1"), ("next", "")];
            let answer = app.post_form("/admin/login/", "", &fields).await;
            answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
        };
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        let seen = users.get("").await;
        assert_eq!(cells(&seen, "Role").len(), 4, "staff see everybody");
        assert!(links(&seen, "/admin/users/new/").is_empty(), "but add nobody");
    }
}

on_both_databases! {
    async fn live_sessions_are_counted_among_the_latest(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        let (first, _) = OFFICE.logs_in(&app, "alice").await;
        app.wait(1);
        OFFICE.logs_in(&app, "alice").await;
        assert_eq!(users.cells("?q=alice", "Sessions").await, ["2 live"]);
        app.blacklist(&first).await;
        assert_eq!(users.cells("?q=alice", "Sessions").await, ["1 live"]);
        assert_eq!(users.cells("?q=bob", "Sessions").await, ["0 live"]);
        for _ in 0..50 {
            OFFICE.logs_in(&app, "alice").await;
        }
        assert_eq!(users.cells("?q=alice", "Sessions").await, ["50+ live"]);
        app.wait(2 * 86_400);
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        assert_eq!(users.cells("?q=alice", "Sessions").await, ["0+ live"], "run out");
    }
}

on_both_databases! {
    async fn what_can_not_be_read_shows_nothing_and_says_so(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        users.refuses(&[
            ("?status=alive", "none of the choices"),
            ("?type=boss", "none of the choices"),
            ("?from=15.1.2027", "not a day"),
            ("?until=yesterday", "not a day"),
        ]).await;
        for odd in ["?sort=nonsense&dir=up", "?q=%00", "?q=99999999999999999999"] {
            assert_eq!(users.get(odd).await.status, 200, "{odd}");
        }
        assert_eq!(app.get("/admin/users/", &[]).await.status, 303);
        assert_eq!(app.get("/admin/users/export.csv", &[]).await.status, 303);
    }
}

on_both_databases! {
    async fn pages_follow_each_other_in_every_order(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        for n in 0..117 {
            add(&app, &format!("u{:03}", (n * 7) % 117), n % 2 == 0).await;
            app.wait(n % 3);
        }
        let by_number = |numbers: &mut dyn Iterator<Item = i64>| numbers.map(|n| format!("no. {n}")).collect::<Vec<_>>();
        let number = |cells: Vec<String>| -> Vec<String> {
            cells.iter().map(|cell| cell[cell.find("no.").expect("a number")..].to_owned()).collect()
        };
        let joined = by_number(&mut (1..=120).rev());
        assert_eq!(number(users.leafs_through("", "Username").await), joined);
        let asc = users.leafs_through("?sort=joined&dir=asc", "Username").await;
        assert_eq!(number(asc), by_number(&mut (1..=120)));
        let mut names = users.leafs_through("?sort=username", "Username").await;
        assert_eq!((names.len(), names[0].as_str(), names[119].split_once(' ').expect("a name").0), (120, "admin no. 1", "u116"));
        names.reverse();
        assert_eq!(users.leafs_through("?sort=username&dir=desc", "Username").await, names);
        let staff = users.leafs_through("?type=staff", "Username").await;
        assert_eq!(staff.len(), 60);
        assert_eq!(number(staff)[..2], ["no. 120", "no. 118"]);
        assert_eq!(users.leafs_through("?q=u&sort=username", "Username").await.len(), 117);
        assert!(users.get("?q=u").await.body.contains("117 users"));
    }
}

on_both_databases! {
    async fn a_list_is_a_file_too_without_what_is_secret(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        let file = users.get("export.json?q=alice").await;
        assert_eq!(file.json(), json!([{
            "id": 2, "username": "alice", "email": "alice@example.com", "is_active": true, "is_staff": false,
            "is_superuser": false, "joined_at": "2027-01-15T08:00:00Z", "last_login_at": null,
        }]));
        let file = users.get("export.csv?sort=username").await;
        let lines: Vec<_> = file.body.split("\r\n").collect();
        assert_eq!(lines.len(), 5, "a head, three rows, and the end: {lines:?}");
        assert_eq!(lines[0], "id,username,email,is_active,is_staff,is_superuser,joined_at,last_login_at");
        assert!(lines[1].starts_with("1,admin,") && !file.body.contains("$argon2"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"jotward-users.csv\"");
    }
}

on_both_databases! {
    async fn a_full_page_is_small_however_long_the_names(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let users = Listing { app: &app, cookie: &cookie, path: "/admin/users/" };
        for n in 0..60 {
            add(&app, &format!("{n}{}", "w".repeat(140)), true).await;
        }
        let page = users.get("").await;
        assert_eq!(cells(&page, "Username").len(), 50);
        assert!(page.body.len() < 60_000, "{}", page.body.len());
    }
}
