//! The admin's list of API tokens, as a browser without scripts uses it.

use axum::http::header;
use serde_json::json;

use crate::admin_lists::Listing;
use crate::harness::{Database, TestApp, on_both_databases};

async fn fetch(app: &TestApp, name: &str) -> String {
    let password = format!("{name}-pass-1");
    let login = json!({"username": name, "password": password});
    app.post("/api/get-auth-token/", &login).await.text("token")
}

async fn works(app: &TestApp, token: &str) -> u16 {
    let value = format!("Token {token}");
    app.get("/api/users/", &[(header::AUTHORIZATION, &value)])
        .await
        .status
}

on_both_databases! {
    async fn one_is_found_and_reset(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let see = async |path: &str| app.get(path, &[(header::COOKIE, &cookie)]).await;
        assert!(see("/admin/api-tokens/").await.body.contains("Nothing here yet."));
        let (alices, admins) = (fetch(&app, "alice").await, fetch(&app, "admin").await);
        app.wait(60);
        assert_eq!(works(&app, &alices).await, 200);
        app.state.hand_on().await;
        app.wait(120);

        let list = see("/admin/api-tokens/?q=ALI").await;
        assert!(list.body.contains("Reset the API token of alice") && !list.body.contains("Reset the API token of admin"));
        assert!(list.body.contains("3 min ago") && list.body.contains("2 min ago"), "{}", list.body);
        let every = see("/admin/outstanding/").await;
        assert!(every.body.contains("href=\"/admin/api-tokens/\""), "the bar leads there");
        assert!(see("/admin/api-tokens/").await.body.contains("never"), "the admin's was not used");

        let link = "/admin/api-tokens/2/reset/?q=ALI";
        assert!(list.body.contains(link));
        let confirm = see(link).await;
        assert!(confirm.body.contains("Reset this API token?") && confirm.body.contains("alice"));
        for page in [&list, &confirm] {
            assert!(page.header("content-security-policy").contains("script-src 'none'"));
            assert!(!page.body.contains("<script") && !page.body.contains(&alices));
        }
        let answer = app.post_form(link, &cookie, &[("reason", " ")]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("Say why"));
        assert_eq!(works(&app, &alices).await, 200, "nothing is done without a reason");

        let answer = app.post_form(link, &cookie, &[("reason", "left in a repository")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/api-tokens/?q=ALI&done=reset&whose=2"));
        assert!(see(answer.header("location")).await.body.contains("The API token is reset."));
        for forged in ["?done=reset", "?done=reset&whose=x", "?done=reset&whose=1"] {
            let page = see(&format!("/admin/api-tokens/{forged}")).await;
            assert!(page.status == 200 && !page.body.contains("The API token is reset."), "{forged}");
        }
        assert_eq!((works(&app, &alices).await, works(&app, &admins).await), (401, 200));
        assert_eq!(see(link).await.status, 404, "there is none any more");
        assert_eq!(see("/admin/api-tokens/x/reset/").await.status, 404);
        assert_ne!(fetch(&app, "alice").await, alices);
    }
}

on_both_databases! {
    async fn only_staff_and_only_from_here(database) {
        let app = TestApp::new(database, &[]).await;
        let token = fetch(&app, "alice").await;
        let path = "/admin/api-tokens/2/reset/";
        for path in ["/admin/api-tokens/", path] {
            assert_eq!(app.get(path, &[]).await.status, 303);
        }
        assert_eq!(app.post_form(path, "", &[("reason", "x")]).await.status, 303);
        let cookie = app.admin_cookie("admin").await;
        let request = axum::http::Request::post(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(axum::body::Body::from("reason=x")).expect("a request");
        assert_eq!(app.send(request).await.status, 403);
        assert_eq!(works(&app, &token).await, 200);
    }
}

on_both_databases! {
    async fn pages_are_cut_by_user(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let tokens = jotward::api_tokens::ApiTokens::new(&crate::harness::KEY.into());
        for n in 0..60 {
            let user = jotward::account::AddUser {
                username: format!("user{n}"),
                email: String::new(),
                password: "user-pass-1".into(),
                is_active: true,
                is_staff: false,
                is_superuser: false,
            };
            app.store().add_user(user, &app.state.hasher, &app.state.clock).await.expect("added");
            let user = app.user(&format!("user{n}")).await;
            tokens.give(app.store(), &user, jotward::api_tokens::Existing::Keep, 0).await.expect("given");
        }
        let list = Listing { app: &app, cookie: &cookie, path: "/admin/api-tokens/" };
        let latest: Vec<_> = (4..64).rev().map(|number| number.to_string()).collect();
        assert_eq!(list.leafs_through("", "Number").await, latest);
        let first: Vec<_> = latest.into_iter().rev().collect();
        assert_eq!(list.leafs_through("?sort=user&dir=asc", "Number").await, first);
        assert_eq!(list.leafs_through("?q=user1", "Number").await.len(), 11);
        assert!(list.get("").await.body.contains("60 API tokens"));
        list.refuses(&[("?status=good", "none of the choices"), ("?user=x", "not a number"), ("?from=x", "not a day")]).await;
    }
}

on_both_databases! {
    async fn they_are_filtered_and_are_a_file_without_what_is_secret(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let list = Listing { app: &app, cookie: &cookie, path: "/admin/api-tokens/" };
        let alices = fetch(&app, "alice").await;
        app.wait(86_400);
        fetch(&app, "admin").await;
        works(&app, &alices).await;
        app.state.hand_on().await;
        let cookie = app.admin_cookie("admin").await;
        let list = Listing { cookie: &cookie, ..list };
        for (query, expected) in [
            ("", &["2", "1"][..]), ("?q=ali", &["2"]), ("?q=2", &["2"]), ("?q=admin%40example", &["1"]), ("?user=1", &["1"]),
            ("?status=used", &["2"]), ("?status=unused", &["1"]), ("?from=2027-01-16", &["1"]), ("?until=2027-01-15", &["2"]),
            ("?q=ali&user=1", &[]), ("?q=10.0.0.1", &[]),
        ] {
            assert_eq!(list.cells(query, "Number").await, expected, "{query}");
        }
        let file = list.get("export.json?q=ali").await.json();
        let made = "2027-01-15T08:00:00Z";
        assert_eq!(file, json!([{"user_id": 2, "username": "alice", "created_at": made, "last_used_at": "2027-01-16T08:00:00Z"}]));
        let file = list.get("export.csv").await;
        assert_eq!(file.body.split("\r\n").count(), 4, "{}", file.body);
        assert!(!file.body.contains(&alices));
        assert_eq!(app.get("/admin/api-tokens/export.csv", &[]).await.status, 303);
    }
}
