//! The walls around the admin: the cookie, the site a request comes from, and what pages are sent with.

use axum::body::Body;
use axum::http::{Method, Request, header};

use crate::harness::{Answer, Database, TestApp, claims, on_both_databases};

/// A request of the kind a browser makes, with just these headers.
async fn send(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from("reason=x")).expect("a request"))
        .await
}

on_both_databases! {
    async fn every_answer_has_every_header(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let (cookie, sues) = (app.admin_cookie("admin").await, app.admin_cookie("sue").await);
        app.wait(16 * 60);
        let get = |path: &'static str, cookie: &str| (Method::GET, path, cookie.to_owned(), "same-origin");
        let post = |path: &'static str, cookie: &str, site| (Method::POST, path, cookie.to_owned(), site);
        for ((method, path, cookie, site), status) in [
            (get("/admin/login/", ""), 200),
            (get("/admin/outstanding/", &cookie), 200),
            (get("/admin/users/2/", &cookie), 200),
            (get("/admin/users/2/", ""), 303),
            (get("/admin/nothing/", &cookie), 404),
            (get("/admin/users/99/", &cookie), 404),
            (get("/admin/logout/", &cookie), 405),
            (get("/admin/users/2/edit/", &sues), 403),
            (post("/admin/users/2/deactivate/", &cookie, "same-origin"), 403),
            (post("/admin/users/2/deactivate/", &cookie, "cross-site"), 403),
            (post("/admin/login/", "", "same-origin"), 403),
        ] {
            let headers = [("host", "localhost"), ("cookie", cookie.as_str()), ("sec-fetch-site", site)];
            let answer = send(&app, method, path, &headers).await;
            assert_eq!(answer.status, status, "{path}");
            let csp = answer.header("content-security-policy");
            for directive in ["default-src 'none'", "script-src 'none'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(csp.contains(directive), "{path}: {directive}");
            }
            for (name, value) in [
                ("x-frame-options", "DENY"),
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), value, "{path}: {name}");
            }
            assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
            assert!(!answer.body.contains("<script") && !answer.body.contains(" style=") && !answer.body.contains(" onclick="), "{path}");
        }
    }
}

on_both_databases! {
    async fn only_a_page_of_the_admin_itself_can_change_something(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let cases: [(&[(&str, &str)], bool); 11] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "anything")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost")], false),
            (&[("origin", "http://localhost")], true),
            (&[("origin", "http://localhost:3000")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for (said, may) in cases {
            let (refresh, _) = app.log_in("alice").await;
            let sid = claims(&refresh)["sid"].as_str().expect("text").to_owned();
            let path = format!("/admin/sessions/{sid}/end/");
            let headers = [&[("host", "localhost"), ("cookie", cookie.as_str())], said].concat();
            let answer = send(&app, Method::POST, &path, &headers).await;
            assert_eq!(answer.status, if may { 303 } else { 403 }, "{said:?}");
            assert_eq!(answer.body.contains("Another site asked for this. Nothing was changed."), !may, "{said:?}");
            let lives = app.refresh(&refresh).await.status == 200;
            assert_eq!(lives, !may, "{said:?}");
        }
        let login = [("host", "localhost")];
        let answer = send(&app, Method::POST, "/admin/login/", &login).await;
        assert!(answer.body.contains("not the username and password"), "a program may try to log in");
    }
}

on_both_databases! {
    async fn looking_changes_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let (refresh, _) = app.log_in("alice").await;
        let sid = claims(&refresh)["sid"].as_str().expect("text").to_owned();
        // Another site can make a browser look, if not with the cookie.
        for path in [
            format!("/admin/sessions/{sid}/end/?reason=x"),
            "/admin/users/2/deactivate/?reason=x".to_owned(),
            "/admin/users/2/delete/?reason=x".to_owned(),
            "/admin/logout/".to_owned(),
        ] {
            let headers = [("host", "localhost"), ("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
            send(&app, Method::GET, &path, &headers).await;
        }
        assert_eq!(app.refresh(&refresh).await.status, 200);
        assert_eq!(app.get("/admin/users/2/", &[(header::COOKIE, &cookie)]).await.status, 200);
    }
}

on_both_databases! {
    async fn a_cookie_from_plain_http_is_worth_nothing_on_the_network(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = cookie.strip_prefix("jotward-admin=").expect("the name on loopback");
        let see = async |host, cookie: &str| {
            let headers = [("host", host), ("cookie", cookie)];
            send(&app, Method::GET, "/admin/outstanding/", &headers).await.status
        };
        assert_eq!(see("localhost:3000", &cookie).await, 200);
        assert_eq!(see("jot.example.com", &cookie).await, 303, "anybody on the way can plant such a cookie");
        assert_eq!(see("jot.example.com", &format!("__Host-{cookie}")).await, 200);
        let both = format!("__Host-jotward-admin=nonsense; jotward-admin={token}");
        assert_eq!(see("localhost:3000", &both).await, 303, "the one that came over https counts");

        let login = Request::post("/admin/login/")
            .header("host", "jot.example.com")
            .header("origin", "https://jot.example.com")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("username=admin&password=admin-pass-1"));
        let answer = app.send(login.expect("a request")).await;
        let set = answer.header("set-cookie");
        assert!(set.starts_with("__Host-jotward-admin="), "{set}");
        assert!(set.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=28800"), "{set}");
    }
}

on_both_databases! {
    async fn the_bar_leads_to_ones_own_session(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = cookie.split_once('=').expect("a value").1;
        let sid = claims(token)["sid"].as_str().expect("text").to_owned();
        let page = app.get("/admin/outstanding/", &[(header::COOKIE, &cookie)]).await;
        assert!(page.body.contains(&format!("Signed in as <a href=\"/admin/sessions/{sid}/\"")), "{}", page.body);
    }
}
