//! The admin, as a browser without scripts uses it.

use axum::body::Body;
use axum::http::{Request, header};

use crate::harness::{Database, TestApp, claims, on_both_databases};

async fn row_link(app: &TestApp, cookie: &str, jti: &str, ending: &str) -> String {
    let answer = app
        .get(
            &format!("/admin/outstanding/?q={jti}"),
            &[(header::COOKIE, cookie)],
        )
        .await;
    assert_eq!(answer.status, 200);
    let links = answer
        .body
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next());
    links
        .into_iter()
        .find(|link| link.contains(ending))
        .expect("a link")
        .to_owned()
}

fn jti(token: &str) -> String {
    claims(token)["jti"].as_str().expect("text").to_owned()
}

on_both_databases! {
    async fn nobody_gets_past_the_login_but_staff(database) {
        let app = TestApp::new(database, &[]).await;
        let answer = app.get("/admin/blacklisted/?q=a", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/login/?next=%2Fadmin%2Fblacklisted%2F%3Fq%3Da"));
        for (name, password) in [("alice", "alice-pass-1"), ("admin", "wrong"), ("nobody", "x"), ("", "")] {
            let fields = [("username", name), ("password", password), ("next", "")];
            let answer = app.post_form("/admin/login/", "", &fields).await;
            assert_eq!(answer.status, 403, "{name}");
            assert!(answer.header("set-cookie").is_empty());
            assert!(answer.body.contains("That is not the username and password of a member of staff."));
        }
        let (_, access) = app.log_in("alice").await;
        let forged = format!("jotward-admin={access}");
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &forged)]).await.status, 303);
    }
}

on_both_databases! {
    async fn a_setting_for_the_api_does_not_open_the_admin(database) {
        let app = TestApp::new(database, &["--check-user-is-active=false"]).await;
        let cookie = app.admin_cookie("admin").await;
        let user = app.user("admin").await;
        app.store().deactivate_user(&user, &app.state.clock).await.expect("done");
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 303);
        let fields = [("username", "admin"), ("password", "admin-pass-1"), ("next", "")];
        assert_eq!(app.post_form("/admin/login/", "", &fields).await.status, 403);
    }
}

on_both_databases! {
    async fn every_page_forbids_scripts(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for path in ["/admin/login/", "/admin/outstanding/", "/admin/blacklisted/", "/admin/nothing/", "/admin/logout/", "/admin/sessions/%ff/end/"] {
            let answer = app.get(path, &[(header::COOKIE, &cookie)]).await;
            assert!(answer.header("content-security-policy").contains("script-src 'none'"), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert!(!answer.body.contains("<script"), "{path}");
        }
    }
}

on_both_databases! {
    async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites(database) {
        let app = TestApp::new(database, &[]).await;
        for (host, expected) in [
            ("localhost:3000", "; HttpOnly; SameSite=Strict; Path=/; Max-Age=28800"),
            ("jot.example.com", "; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=28800"),
        ] {
            let request = Request::post("/admin/login/")
                .header(header::HOST, host)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("username=admin&password=admin-pass-1&next=/admin/blacklisted/"))
                .expect("a request");
            let answer = app.send(request).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/admin/blacklisted/"));
            assert!(answer.header("set-cookie").ends_with(expected), "{}", answer.header("set-cookie"));
        }
    }
}

on_both_databases! {
    async fn another_site_can_do_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = app.log_in("alice").await;
        let link = row_link(&app, &cookie, &jti(&refresh), "/end/").await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
            let request = Request::post(&link)
                .header(header::HOST, "localhost")
                .header(header::COOKIE, &cookie)
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("reason=x"))
                .expect("a request");
            assert_eq!(app.send(request).await.status, 403, "{name}: {value}");
        }
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn ending_a_session_stops_all_its_tokens(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = app.log_in("alice").await;
        let link = row_link(&app, &cookie, &jti(&refresh), "/end/").await;

        let confirm = app.get(&link, &[(header::COOKIE, &cookie)]).await;
        assert!(confirm.body.contains("1 live session<") && confirm.body.contains("another 300 seconds"), "{}", confirm.body);
        let answer = app.post_form(&link, &cookie, &[("reason", "  ")]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("Say why"));
        assert_eq!(app.verify(&access).await.status, 200, "nothing is done without a reason");

        let answer = app.post_form(&link, &cookie, &[("reason", "phone <stolen>")]).await;
        assert_eq!(answer.status, 303);
        let result = app.get(answer.header("location"), &[(header::COOKIE, &cookie)]).await;
        assert!(result.body.contains("The session has ended. None of its tokens is accepted any more."), "{}", result.body);
        let list = format!("href=\"/admin/outstanding/?q={}\"", jti(&refresh));
        assert!(result.body.contains(&list), "the search is kept: {}", result.body);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        let refused = app.refresh(&refresh).await;
        refused.assert_token_refused("Token is blacklisted");
        assert_eq!(refused.header("jotward-session-ended"), "admin");

        let page = app.get("/admin/blacklisted/?q=alice", &[(header::COOKIE, &cookie)]).await;
        assert!(page.body.contains("revoked by admin") && page.body.contains("phone &lt;stolen&gt;"), "{}", page.body);
        let again = app.post_form(&link, &cookie, &[("reason", "again")]).await;
        let result = app.get(again.header("location"), &[(header::COOKIE, &cookie)]).await;
        assert!(result.body.contains("It was over already: nothing was revoked."), "{}", result.body);
    }
}

on_both_databases! {
    async fn blacklisting_an_access_token_leaves_the_session(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = app.log_in("alice").await;
        let link = row_link(&app, &cookie, &jti(&access), "/blacklist/").await;
        let answer = app.post_form(&link, &cookie, &[("reason", "leaked in a log")]).await;
        let result = app.get(answer.header("location"), &[(header::COOKIE, &cookie)]).await;
        assert!(result.body.contains("The token is blacklisted."), "{}", result.body);
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
        assert_eq!(app.refresh(&refresh).await.status, 200);
    }
}

on_both_databases! {
    async fn blacklisting_a_refresh_token_ends_the_session(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, access) = app.log_in("alice").await;
        let link = row_link(&app, &cookie, &jti(&refresh), "/blacklist/").await;
        app.post_form(&link, &cookie, &[("reason", "leaked")]).await;
        app.refresh(&refresh).await.assert_token_refused("Token is blacklisted");
        app.verify(&access).await.assert_token_refused("Token is blacklisted");
    }
}

on_both_databases! {
    async fn the_admins_own_login_is_listed_and_can_be_ended(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = cookie.split_once('=').expect("a value").1;
        let link = row_link(&app, &cookie, &jti(token), "/end/").await;
        let confirm = app.get(&link, &[(header::COOKIE, &cookie)]).await;
        assert!(confirm.body.contains("This is the session you are working in."));
        let refused = app.post_form(&link, &cookie, &[("reason", "a <slip>")]).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("Tick the box") && refused.body.contains("value=\"a &lt;slip&gt;\""), "{}", refused.body);
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 200);
        let answer = app.post_form(&link, &cookie, &[("reason", "done"), ("own_session", "yes")]).await;
        assert_eq!(answer.header("location"), "/admin/login/?done=own-session");
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 303);
    }
}

on_both_databases! {
    async fn signing_out_ends_the_session(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let answer = app.post_form("/admin/logout/", &cookie, &[]).await;
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 303);
    }
}

on_both_databases! {
    async fn a_login_ends_with_its_time_or_its_role(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let see = async || app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status;
        app.wait(8 * 3600 - 1);
        assert_eq!(see().await, 200);
        app.wait(1);
        assert_eq!(see().await, 303);

        let cookie = app.admin_cookie("admin").await;
        let user = app.user("admin").await;
        app.store().deactivate_user(&user, &app.state.clock).await.expect("done");
        assert_eq!(app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await.status, 303);
    }
}

on_both_databases! {
    async fn pages_are_cut_by_key(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        for _ in 0..60 {
            app.log_in("alice").await;
        }
        let mut path = "/admin/outstanding/?q=alice".to_owned();
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let page = app.get(&path, &[(header::COOKIE, &cookie)]).await;
            let rows: Vec<_> = page.body.split("Blacklist token ").skip(1).map(|rest| rest[..32].to_owned()).collect();
            // Someone logs in while the admin turns the page.
            app.log_in("alice").await;
            pages += 1;
            seen.extend(rows);
            let next = page.body.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.contains("next="));
            match next {
                Some(link) => path = link.replace("&amp;", "&"),
                None => break,
            }
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((pages, all, seen.len()), (3, 120, 120), "every row once");
    }
}

on_both_databases! {
    async fn a_search_finds_names_and_jtis_and_nothing_by_pattern(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = app.log_in("alice").await;
        let count = async |q: &str| {
            let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
            let page = app.get(&format!("/admin/outstanding/?q={q}"), &[(header::COOKIE, &cookie)]).await;
            assert_eq!(page.status, 200);
            page.body.matches("<th scope=\"row\"").count()
        };
        assert_eq!(count("ALI").await, 2);
        assert_eq!(count(&jti(&refresh)).await, 1);
        assert_eq!(count(&jti(&refresh)[22..]).await, 1, "as the list shows it");
        assert_eq!(count("").await, 3);
        for nothing in ["%", "_", "\\", "'", "zzz", "\0"] {
            assert_eq!(count(nothing).await, 0, "{nothing:?}");
        }
    }
}
