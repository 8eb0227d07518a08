//! Refresh tokens in a cookie: for pages of this site, on their word, and gone with the session.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::{Answer, Database, START, TestApp, claims, on_both_databases, secrets};

const OBTAIN: &str = "/api/token/";
const REFRESH: &str = "/api/token/refresh/";
const BLACKLIST: &str = "/api/token/blacklist/";
const ASKS: (&str, &str) = ("jotward-refresh-transport", "cookie");
const ASKS_UNTIL_CLOSED: (&str, &str) = ("jotward-refresh-transport", "session-cookie");
const HERE: (&str, &str) = ("sec-fetch-site", "same-origin");
const COOKIE_ONLY: &str = "--refresh-transport=cookie";

/// A page in a browser on this machine.
#[derive(Clone)]
struct Page {
    cookie: String,
    /// What it says who calls by; mostly nothing.
    access: String,
    headers: Vec<(&'static str, &'static str)>,
}

impl Page {
    fn new(headers: &[(&'static str, &'static str)]) -> Self {
        Self {
            cookie: String::new(),
            access: String::new(),
            headers: headers.to_vec(),
        }
    }

    async fn posts(&mut self, app: &TestApp, path: &str, body: &Value) -> Answer {
        let answer = self.sends(app, path, body).await;
        if let Some(cookie) = kept(&answer) {
            self.cookie = cookie;
        }
        answer
    }

    /// The same; what comes back is kept by nobody.
    async fn sends(&self, app: &TestApp, path: &str, body: &Value) -> Answer {
        self.does(app, Method::POST, path, body).await
    }

    async fn does(&self, app: &TestApp, method: Method, path: &str, body: &Value) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json");
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, format!("jotward-refresh={}", self.cookie));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if !self.access.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.access));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        app.send(request.body(body).expect("a request")).await
    }

    async fn logs_in(&mut self, app: &TestApp) -> Answer {
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        let answer = self.posts(app, OBTAIN, &credentials).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    async fn refreshes(&mut self, app: &TestApp) -> Answer {
        self.posts(app, REFRESH, &json!({})).await
    }
}

fn cookies(answer: &Answer) -> Vec<&str> {
    let all = answer.headers.get_all(header::SET_COOKIE).iter();
    all.map(|cookie| cookie.to_str().expect("text")).collect()
}

/// What the browser has under that name afterwards, if the answer changes it.
fn kept(answer: &Answer) -> Option<String> {
    let ours = cookies(answer)
        .into_iter()
        .find_map(|cookie| cookie.strip_prefix("jotward-refresh="))?;
    ours.split(';').next().map(str::to_owned)
}

#[track_caller]
fn assert_taken_back(answer: &Answer) {
    let gone = |name: &str, secure: &str| {
        format!("{name}=; HttpOnly; SameSite=Strict; {secure}Path=/api/token; Max-Age=0")
    };
    let mut all = cookies(answer);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            gone("__Secure-jotward-refresh", "Secure; "),
            gone("jotward-refresh", "")
        ]
    );
}

fn keys(answer: &Answer) -> Vec<String> {
    answer
        .json()
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect()
}

on_both_databases! {
    async fn who_asks_gets_the_refresh_token_in_a_cookie_alone(database) {
        let mut app = TestApp::new(database, &[]).await;
        for (flags, headers) in [(&[][..], &[ASKS, HERE][..]), (&[COOKIE_ONLY], &[HERE]), (&[COOKIE_ONLY], &[ASKS, HERE])] {
            app = app.restarted(flags).await;
            let mut page = Page::new(headers);
            let answer = page.logs_in(&app).await;
            assert_eq!(keys(&answer), ["access"]);
            let cookie = format!("jotward-refresh={}; HttpOnly; SameSite=Strict; Path=/api/token; Max-Age=86400", page.cookie);
            assert_eq!(cookies(&answer), [cookie]);
            let first = page.cookie.clone();
            app.wait(60);
            let answer = page.refreshes(&app).await;
            assert_eq!((answer.status, keys(&answer)), (200, vec!["access".to_owned()]));
            assert_ne!(page.cookie, first);
            assert_eq!(claims(&page.cookie)["exp"], app.state.clock.now() + 86_400);
            assert_eq!(app.get_as(&answer.text("access"), "/api/users/").await.status, 200);
            let answer = page.posts(&app, BLACKLIST, &Value::Null).await;
            assert_eq!((answer.status, answer.json()), (200, json!({})));
            assert_taken_back(&answer);
        }
    }
}

on_both_databases! {
    async fn over_https_the_cookie_insists_on_it(database) {
        let app = TestApp::new(database, &[]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"}).to_string();
        let request = Request::post(OBTAIN)
            .header(header::HOST, "jot.example.com")
            .header(header::ORIGIN, "https://jot.example.com")
            .header(header::CONTENT_TYPE, "application/json")
            .header(ASKS.0, ASKS.1);
        let answer = app.send(request.body(credentials.into()).expect("a request")).await;
        let [cookie] = cookies(&answer)[..] else { panic!("{answer:?}") };
        let token = cookie.strip_prefix("__Secure-jotward-refresh=").and_then(|rest| rest.split(';').next()).expect("ours");
        assert_eq!(cookie, format!("__Secure-jotward-refresh={token}; HttpOnly; SameSite=Strict; Secure; Path=/api/token; Max-Age=86400"));
        let request = Request::post(REFRESH)
            .header(header::HOST, "jot.example.com")
            .header(header::ORIGIN, "https://jot.example.com")
            .header(header::COOKIE, format!("__Secure-jotward-refresh={token}"))
            .header(ASKS.0, ASKS.1);
        assert_eq!(app.send(request.body(Body::empty()).expect("a request")).await.status, 200);
    }
}

on_both_databases! {
    async fn who_does_not_ask_is_a_client_of_simplejwt(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        for headers in [&[HERE][..], &[], &[("jotward-refresh-transport", "body"), HERE]] {
            let plain = Page { cookie: page.cookie.clone(), ..Page::new(headers) };
            let answer = plain.sends(&app, OBTAIN, &json!({"username": "alice", "password": "alice-pass-1"})).await;
            assert_eq!((keys(&answer), cookies(&answer)), (vec!["refresh".to_owned(), "access".to_owned()], vec![]));
            for path in [REFRESH, BLACKLIST] {
                let answer = plain.sends(&app, path, &json!({})).await;
                let required = json!({"refresh": ["This field is required."]});
                assert_eq!((answer.status, answer.json()), (400, required), "the cookie does not count");
            }
        }
        assert_eq!(page.refreshes(&app).await.status, 200, "and was not used");
    }
}

on_both_databases! {
    async fn another_site_gets_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        let cookie = page.cookie.clone();
        let app = app.restarted(&[COOKIE_ONLY]).await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ASKS],
            &[],
        ] {
            let forged = Page { cookie: cookie.clone(), ..Page::new(headers) };
            for (path, body) in [(OBTAIN, &credentials), (REFRESH, &json!({})), (BLACKLIST, &json!({}))] {
                let answer = forged.sends(&app, path, body).await;
                let refused = json!({"detail": "A refresh token in a cookie is for pages of this site.", "code": "cross_site"});
                assert_eq!((answer.status, answer.json()), (403, refused), "{headers:?} {path}");
                assert_eq!(cookies(&answer), [""; 0]);
            }
        }
        for headers in [&[("origin", "http://localhost")][..], &[HERE], &[ASKS]] {
            let mut page = Page { cookie: page.cookie.clone(), ..Page::new(headers) };
            assert_eq!(page.refreshes(&app).await.status, 200, "{headers:?}");
        }
        let program = Page::new(&[]).sends(&app, OBTAIN, &credentials).await;
        assert_eq!(program.status, 200, "a program without a cookie is in nobody's name");
        let stranger = Page::new(&[("origin", "https://evil.example")]).sends(&app, OBTAIN, &credentials).await;
        assert_eq!(stranger.status, 403, "nobody is logged in as somebody else");
    }
}

on_both_databases! {
    async fn only_what_the_operator_allows_is_done(database) {
        let app = TestApp::new(database, &["--refresh-transport=body"]).await;
        let (refresh, _) = app.log_in("alice").await;
        let credentials = json!({"username": "alice", "password": "alice-pass-1"});
        for (path, body) in [(OBTAIN, &credentials), (REFRESH, &json!({"refresh": refresh})), (BLACKLIST, &json!({"refresh": refresh}))] {
            let answer = Page::new(&[ASKS, HERE]).sends(&app, path, body).await;
            let detail = "The header jotward-refresh-transport: refresh tokens are not handed out in a cookie here.";
            assert_eq!((answer.status, answer.json()), (400, json!({"detail": detail})), "{path}");
        }
        assert_eq!(app.refresh(&refresh).await.status, 200);
        let app = app.restarted(&[COOKIE_ONLY]).await;
        let detail = json!({"refresh": ["Refresh tokens come in a cookie here, not in a body."]});
        for path in [REFRESH, BLACKLIST] {
            let answer = Page::new(&[HERE]).sends(&app, path, &json!({"refresh": refresh})).await;
            assert_eq!((answer.status, answer.json()), (400, detail.clone()));
            let answer = Page::new(&[("jotward-refresh-transport", "body"), HERE]).sends(&app, path, &json!({"refresh": refresh})).await;
            assert_eq!(answer.text("detail"), "The header jotward-refresh-transport: refresh tokens are handed out in a cookie only here.");
            let answer = Page::new(&[("jotward-refresh-transport", "pigeon")]).sends(&app, path, &json!({})).await;
            assert_eq!((answer.status, answer.text("detail").as_str()), (400, "The header jotward-refresh-transport says body, cookie or session-cookie."));
        }
    }
}

on_both_databases! {
    async fn without_a_cookie_nobody_is_logged_in(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        for cookie in ["", "nonsense"] {
            page.cookie = cookie.to_owned();
            for path in [REFRESH, BLACKLIST] {
                let answer = page.sends(&app, path, &json!({})).await;
                let detail = if cookie.is_empty() { "No valid refresh token found." } else { "Token is invalid" };
                answer.assert_token_refused(detail);
                assert_eq!(cookies(&answer), [""; 0]);
            }
        }
    }
}

on_both_databases! {
    async fn two_tabs_with_one_cookie_get_the_same_successor_and_a_thief_ends_it(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE, ("user-agent", "Firefox")]);
        page.logs_in(&app).await;
        let (old, mut other) = (page.clone(), page.clone());
        assert_eq!(page.refreshes(&app).await.status, 200);
        app.wait(5);
        assert_eq!(other.refreshes(&app).await.status, 200);
        assert_eq!(page.cookie, other.cookie, "one successor");
        assert_eq!(claims(&page.cookie)["exp"], START + 86_400);
        let thief = Page { cookie: old.cookie.clone(), ..Page::new(&[ASKS, HERE, ("user-agent", "curl")]) };
        let answer = thief.sends(&app, REFRESH, &json!({})).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_eq!(answer.header("jotward-session-ended"), "reuse");
        let answer = page.refreshes(&app).await;
        answer.assert_token_refused("Token is blacklisted");
        assert_taken_back(&answer);
        assert_eq!(page.cookie, "", "the browser has forgotten it");
    }
}

on_both_databases! {
    async fn it_goes_with_its_session_and_for_no_other_reason(database) {
        let app = TestApp::new(database, &["--blacklist-after-rotation=false"]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        let spent = page.clone();
        page.refreshes(&app).await;
        let app = app.restarted(&["--session-network=allow-list", "--session-networks=192.0.2.0/24"]).await;
        let answer = page.clone().refreshes(&app).await;
        assert_eq!((answer.status, cookies(&answer).len()), (403, 0), "a phone that is elsewhere keeps it");
        let app = app.restarted(&[]).await;
        let user = app.user("alice").await;
        app.store().deactivate_user(&user, &app.state.clock).await.expect("done");
        let answer = spent.sends(&app, REFRESH, &json!({})).await;
        assert_eq!((answer.status, answer.header("jotward-session-ended")), (401, "user_disabled"));
        assert_taken_back(&answer);
        app.store().activate_user(&user, &app.state.clock).await.expect("done");
        let answer = page.sends(&app, BLACKLIST, &json!({})).await;
        assert_eq!(answer.status, 401);
        assert_taken_back(&answer);
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        let theirs = page.cookie.clone();
        let (refresh, _) = app.log_in("alice").await;
        app.blacklist(&refresh).await;
        let answer = page.posts(&app, REFRESH, &json!({"refresh": refresh})).await;
        assert_eq!((answer.status, cookies(&answer).len()), (401, 0), "it was not the cookie's session that is over");
        assert_eq!(page.cookie, theirs);
    }
}

on_both_databases! {
    async fn trouble_leaves_it_alone(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        app.store().close().await;
        for path in [REFRESH, BLACKLIST] {
            let answer = page.sends(&app, path, &json!({})).await;
            assert_eq!((answer.status, cookies(&answer).len()), (503, 0), "{answer:?}");
        }
    }
}

on_both_databases! {
    async fn a_token_moves_from_a_body_into_the_cookie(database) {
        let mut app = TestApp::new(database, &[]).await;
        for (rotates, life) in [("true", 86_400), ("false", 86_300)] {
            app = app.restarted(&[&format!("--rotate-refresh-tokens={rotates}")]).await;
            let (refresh, _) = app.log_in("alice").await;
            let mut page = Page::new(&[ASKS, HERE]);
            app.wait(100);
            let answer = page.posts(&app, REFRESH, &json!({"refresh": refresh})).await;
            assert_eq!((answer.status, keys(&answer)), (200, vec!["access".to_owned()]));
            assert_eq!(page.cookie == refresh, rotates == "false");
            assert!(cookies(&answer)[0].ends_with(&format!("; Max-Age={life}")), "{answer:?}");
            assert_eq!(page.refreshes(&app).await.status, 200);
        }
    }
}

on_both_databases! {
    async fn it_is_not_for_pages_of_other_origins(database) {
        let app = TestApp::new(database, &["--cors-allowed-origins=https://app.example.com"]).await;
        let request = Request::options(REFRESH)
            .header(header::ORIGIN, "https://app.example.com")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, ASKS.0);
        let answer = app.send(request.body(Body::empty()).expect("a request")).await;
        assert!(!answer.header("access-control-allow-headers").contains(ASKS.0), "{answer:?}");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

on_both_databases! {
    async fn what_is_in_a_cookie_is_kept_by_nobody_else(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        page.logs_in(&app).await;
        let stored = secrets::everything(app.store()).await.expect("read");
        assert!(!stored.contains(&page.cookie));
        page.refreshes(&app).await;
        let stored = secrets::everything(app.store()).await.expect("read");
        assert!(!stored.contains(&page.cookie), "of a cookie, too, there is a hash alone");
    }
}

on_both_databases! {
    async fn nested_it_is_for_the_endpoints_where_they_are(database) {
        let app = TestApp::new(database, &[]).await;
        let site = axum::Router::<()>::new().nest("/auth", jotward::api_router(&app.state));
        let request = Request::post("/auth/api/token/")
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .header(ASKS.0, ASKS.1);
        let credentials = json!({"username": "alice", "password": "alice-pass-1"}).to_string();
        let answer = site.oneshot(request.body(Body::from(credentials)).expect("a request")).await.expect("answers");
        let answer = Answer::read(answer).await;
        assert!(cookies(&answer)[0].contains("; Path=/auth/api/token;"), "{answer:?}");
    }
}

on_both_databases! {
    async fn a_session_cookie_stays_one_for_as_long_as_it_is_asked_for(database) {
        let mut app = TestApp::new(database, &[]).await;
        for flags in [&[][..], &[COOKIE_ONLY]] {
            app = app.restarted(flags).await;
            let mut page = Page::new(&[ASKS_UNTIL_CLOSED, HERE]);
            let answer = page.logs_in(&app).await;
            assert_eq!(keys(&answer), ["access"]);
            let until_closed = |page: &Page| format!("jotward-refresh={}; HttpOnly; SameSite=Strict; Path=/api/token", page.cookie);
            assert_eq!(cookies(&answer), [until_closed(&page)]);
            for _ in 0..2 {
                app.wait(60);
                let answer = page.refreshes(&app).await;
                assert_eq!((answer.status, cookies(&answer)), (200, vec![until_closed(&page).as_str()]));
            }
            let answer = page.posts(&app, BLACKLIST, &json!({})).await;
            assert_eq!(answer.status, 200);
            assert_taken_back(&answer);
        }
        let app = app.restarted(&["--refresh-transport=body"]).await;
        let answer = Page::new(&[ASKS_UNTIL_CLOSED, HERE]).sends(&app, OBTAIN, &json!({})).await;
        assert_eq!(answer.status, 400);
    }
}

/// A page that is logged in with a cookie, and calls as browsers do: the cookie stays at the endpoints of tokens.
async fn calling(app: &TestApp, headers: &[(&'static str, &'static str)]) -> (Page, String) {
    let mut page = Page::new(&[ASKS, HERE]);
    let access = page.logs_in(app).await.text("access");
    let session = claims(&access)["sid"]
        .as_str()
        .expect("a session")
        .to_owned();
    let calls = Page {
        access,
        ..Page::new(headers)
    };
    (calls, session)
}

on_both_databases! {
    async fn whoever_ends_the_session_they_call_from_loses_its_cookie(database) {
        let mut app = TestApp::new(database, &[]).await;
        for (flags, headers) in [
            (&[][..], &[ASKS, HERE][..]),
            (&[], &[ASKS_UNTIL_CLOSED, HERE]),
            (&[], &[ASKS]),
            (&[COOKIE_ONLY], &[HERE]),
        ] {
            app = app.restarted(flags).await;
            let (page, session) = calling(&app, headers).await;
            let answer = page.does(&app, Method::DELETE, &format!("/api/sessions/{session}/"), &Value::Null).await;
            assert_eq!(answer.status, 204, "{answer:?}");
            assert_taken_back(&answer);
            let (page, session) = calling(&app, headers).await;
            let answer = page.sends(&app, "/api/sessions/end/", &json!({"session": session, "password": "alice-pass-1"})).await;
            assert_eq!(answer.status, 204, "{answer:?}");
            assert_taken_back(&answer);
            let (page, _) = calling(&app, headers).await;
            let answer = page.sends(&app, "/api/token/expire/", &json!({"token": page.access, "affect_tree": true})).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_taken_back(&answer);
        }
    }
}

on_both_databases! {
    async fn a_refresh_token_that_is_expired_alone_takes_its_cookie_with_it(database) {
        let app = TestApp::new(database, &[]).await;
        for tree in [json!({}), json!({"affect_tree": false}), json!({"affect_tree": true})] {
            let mut page = Page::new(&[ASKS, HERE]);
            page.logs_in(&app).await;
            let mut body = tree.clone();
            body["token"] = json!(page.cookie);
            let answer = page.sends(&app, "/api/token/expire/", &body).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_taken_back(&answer);
        }
        let mut page = Page::new(&[ASKS, HERE]);
        let access = page.logs_in(&app).await.text("access");
        let answer = page.sends(&app, "/api/token/expire/", &json!({"token": access, "affect_tree": false})).await;
        assert_eq!((answer.status, cookies(&answer).len()), (200, 0), "its session goes on");
        let other = app.log_in("alice").await.0;
        let answer = page.sends(&app, "/api/token/expire/", &json!({"token": other})).await;
        assert_eq!((answer.status, cookies(&answer).len()), (200, 0), "another session ended");
    }
}

on_both_databases! {
    async fn nobody_elses_cookie_is_taken_back(database) {
        let app = TestApp::new(database, &[]).await;
        for headers in [
            &[HERE][..],
            &[("jotward-refresh-transport", "body"), HERE],
            &[("jotward-refresh-transport", "pigeon"), HERE],
            &[ASKS, ("sec-fetch-site", "cross-site")],
            &[],
        ] {
            let (page, session) = calling(&app, headers).await;
            let answer = page.does(&app, Method::DELETE, &format!("/api/sessions/{session}/"), &Value::Null).await;
            assert_eq!((answer.status, cookies(&answer).len()), (204, 0), "{headers:?}");
        }
        let (page, _) = calling(&app, &[ASKS, HERE]).await;
        let (_, another) = calling(&app, &[]).await;
        let answer = page.sends(&app, "/api/sessions/end/", &json!({"session": another, "password": "alice-pass-1"})).await;
        assert_eq!((answer.status, cookies(&answer).len()), (204, 0), "this one goes on");
        let change = json!({"old_password": "alice-pass-1", "new_password": "alice-pass-2"});
        let answer = page.sends(&app, "/api/password/", &change).await;
        assert_eq!((answer.status, cookies(&answer).len()), (204, 0), "so does it with another password");
        assert_eq!(app.get_as(&page.access, "/api/users/").await.status, 200);
    }
}

on_both_databases! {
    async fn a_cookie_that_comes_along_goes_with_its_own_session_alone(database) {
        let app = TestApp::new(database, &[]).await;
        let mut page = Page::new(&[ASKS, HERE]);
        let access = page.logs_in(&app).await.text("access");
        let (refresh, other) = app.log_in("alice").await;
        for (path, body) in [
            ("/api/token/expire/", json!({"token": other, "affect_tree": true})),
            (BLACKLIST, json!({"refresh": app.log_in("alice").await.0})),
            ("/api/token/expire/", json!({"token": access})),
        ] {
            let answer = page.sends(&app, path, &body).await;
            assert_eq!((answer.status, cookies(&answer).len()), (200, 0), "{path}");
        }
        assert_eq!(app.refresh(&refresh).await.status, 401, "that one ended");
        let answer = page.refreshes(&app).await;
        assert_eq!(answer.status, 200);
        let answer = page.sends(&app, "/api/token/expire/", &json!({"token": answer.text("access"), "affect_tree": true})).await;
        assert_taken_back(&answer);
    }
}
