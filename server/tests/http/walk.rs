//! `/lab/walk/`: the life of a session step by step, with scripts off.

use axum::body::Body;
use axum::http::{Request, header};

use crate::harness::{Answer, Database, TestApp, claims, on_both_databases};

const PATH: &str = "/lab/walk/";
const POLICY: &str = "default-src 'none'; script-src 'none';";

/// The fields of the form that leads on.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let inputs = page.body.split("<input type=\"hidden\"").skip(1);
    inputs
        .map(|input| {
            let of = |name: &str| {
                let rest = input
                    .split(&format!("{name}=\""))
                    .nth(1)
                    .unwrap_or_default();
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            (of("name"), of("value"))
        })
        .collect()
}

fn field(page: &Answer, name: &str) -> String {
    let found = fields(page).into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name}: {page:?}")).1
}

/// The step the page leads to.
fn next(page: &Answer) -> Option<String> {
    let button = page.body.split("name=\"step\" value=\"").nth(1)?;
    button.split('"').next().map(str::to_owned)
}

async fn begin(app: &TestApp, password: &str) -> Answer {
    let form = [
        ("step", "log-in"),
        ("username", "alice"),
        ("password", password),
    ];
    app.post_form(PATH, "", &form).await
}

/// Presses the button of a page.
async fn goes_on(app: &TestApp, page: &Answer) -> Answer {
    let step = next(page).expect("a way on");
    let carried = fields(page);
    let mut form = vec![("step", step.as_str())];
    form.extend(
        carried
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    app.post_form(PATH, "", &form).await
}

#[track_caller]
fn assert_page(page: &Answer, parts: &[&str]) {
    assert_eq!(page.status, 200, "{page:?}");
    assert_shown(page, parts);
}

/// The same, whatever its status.
#[track_caller]
fn assert_shown(page: &Answer, parts: &[&str]) {
    assert!(page.header("content-security-policy").starts_with(POLICY));
    assert_eq!(
        (page.header("cache-control"), page.header("referrer-policy")),
        ("no-store", "same-origin")
    );
    assert!(!page.body.contains("<script") && !page.body.contains(" style="));
    let seen = page.seen();
    for part in parts {
        assert!(seen.contains(part), "{part:?} is not in {seen}");
    }
    // Tokens are in fields and in what went over the wire, never in an address.
    for link in page
        .body
        .split("href=\"")
        .chain(page.body.split("action=\""))
        .skip(1)
    {
        assert!(
            !link.split('"').next().unwrap_or_default().contains("eyJ"),
            "{link}"
        );
    }
}

on_both_databases! {
    async fn a_session_is_walked_from_its_login_to_its_end(database) {
        let app = TestApp::new(database, &[]).await;
        let page = app.get(PATH, &[]).await;
        assert_page(&page, &["A session, step by step", "Sign in", "alice-demo-pass", "60 seconds as long as nobody used the new tokens"]);
        let page = begin(&app, "alice-pass-1").await;
        assert_page(&page, &[
            "Step 1 of 8", "A session is open", "POST /api/token/ HTTP/1.1", "content-type: application/json", "••••••••",
            "HTTP/1.1 200 OK", "The access token", "State live", "access 0", "new",
        ]);
        assert!(!page.body.contains("alice-pass-1"), "no password comes back");
        let (first, id) = (field(&page, "refresh"), claims(&field(&page, "refresh"))["sid"].clone());
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["GET /api/users/ HTTP/1.1", "authorization: Bearer eyJ", "Let in.", "alice@example.com"]);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["POST /api/token/refresh/ HTTP/1.1", "its successor took its place", "Generation 1 (was 0)", "spent was live", "within 60 seconds"]);
        let second = field(&page, "refresh");
        assert_ne!(second, first);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["The very same successor came back", "Answers given twice 1 (was 0)"]);
        assert_eq!(field(&page, "refresh"), second);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["Generation 2 (was 1)"]);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["GET /api/sessions/", "That is the session as its user may see it."]);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &[
            "Refused: 401 Unauthorized, “Token is blacklisted”.", "The session is over for everybody", "token used twice",
            "jotward-session-ended: reuse", "State ended (was live)", "ended was live",
        ]);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["Step 8 of 8", "Refused: 401 Unauthorized, “Given token not valid for any token type”.", "the server's memory of ended sessions refused it"]);
        assert_eq!(next(&page), None);
        let rows = app.outstanding("alice").await;
        assert!(rows.iter().all(|row| Some(row.session_id.as_str()) == id.as_str() && row.ended_at.is_some()));
        assert_eq!(rows.len(), 7, "what was done, was done for good");
    }
}

on_both_databases! {
    async fn who_walks_slowly_sees_what_happens_then(database) {
        let app = TestApp::new(database, &[]).await;
        let page = goes_on(&app, &begin(&app, "alice-pass-1").await).await;
        let page = goes_on(&app, &page).await;
        app.wait(61);
        let page = goes_on(&app, &page).await;
        assert_page(&page, &["Refused: 401 Unauthorized", "The session is over for everybody"]);
        assert_eq!(next(&page).as_deref(), Some("call-again"), "what could only be refused alike is left out");
    }
}

on_both_databases! {
    async fn what_is_wrong_is_said_and_leads_nowhere(database) {
        let app = TestApp::new(database, &["--throttle=on", "--throttle-account=1/min"]).await;
        let page = begin(&app, "not it").await;
        assert_eq!(page.status, 403);
        assert_shown(&page, &["The username or the password is not right", "HTTP/1.1 401 Unauthorized", "The steps"]);
        assert!(page.body.contains(r#"value="alice""#) && page.body.contains(r#"aria-describedby="wrong""#), "{}", page.body);
        assert_eq!(next(&page).as_deref(), Some("log-in"));
        assert!(!page.body.contains("not it"));
        let page = begin(&app, "not it").await;
        assert_eq!((page.status, page.header("retry-after")), (429, "60"));
        assert_shown(&page, &["Request was throttled.", "HTTP/1.1 429 Too Many Requests", "retry-after:"]);
        let form = [("step", "log-in"), ("username", "<Grace>")];
        let page = app.post_form(PATH, "", &form).await;
        assert_eq!(page.status, 400);
        assert_shown(&page, &["This field may not be blank."]);
        assert!(page.body.contains(r#"value="&lt;Grace&gt;""#) && page.body.contains(r#"aria-describedby="password-error""#));
        assert!(!page.body.contains(r#"aria-describedby="username-error""#) && !page.body.contains(r#"role="alert""#));
        for form in [&[][..], &[("step", "fly")], &[("step", "refresh")], &[("step", "call")]] {
            let page = app.post_form(PATH, "", form).await;
            assert_eq!(page.status, 400, "{form:?}");
            assert!(page.seen().contains("That form is not whole."));
            assert!(page.header("content-security-policy").starts_with(POLICY));
        }
        let page = app.post_form(PATH, "", &[("step", "refresh"), ("refresh", "<b>x</b>")]).await;
        assert_page(&page, &["Refused: 401 Unauthorized, “Token is invalid”."]);
        assert!(!page.body.contains("<b>x"));
        let page = app.post_form(PATH, "", &[("step", "call"), ("access", "a\r\nX: y")]).await;
        assert_eq!(page.status, 400);
        assert_eq!(app.post(PATH, &serde_json::json!({"step": "log-in"})).await.status, 415);
    }
}

on_both_databases! {
    async fn nothing_is_shown_of_a_session_whose_token_is_not_in_hand(database) {
        let app = TestApp::new(database, &[]).await;
        let (refresh, access) = app.log_in("alice").await;
        let (signed, _) = refresh.rsplit_once('.').expect("three parts");
        let forged = format!("{signed}.AAAA");
        for carried in [&[("access", forged.as_str())][..], &[("access", "x"), ("refresh", &forged)]] {
            let form = [&[("step", "call")][..], carried].concat();
            let page = app.post_form(PATH, "", &form).await;
            assert_eq!(page.status, 200);
            assert!(!page.seen().contains("On record"), "{}", page.seen());
        }
        let page = app.post_form(PATH, "", &[("step", "call"), ("access", &access)]).await;
        assert_page(&page, &["On record", "State live"]);
    }
}

on_both_databases! {
    async fn where_tokens_are_in_cookies_alone_there_is_no_walk(database) {
        let app = TestApp::new(database, &["--refresh-transport=cookie"]).await;
        assert_page(&app.get("/lab/walk", &[]).await, &["hands refresh tokens out in a cookie only"]);
        let page = begin(&app, "alice-pass-1").await;
        assert_page(&page, &["hands refresh tokens out in a cookie only"]);
        assert!(app.outstanding("alice").await.is_empty(), "nobody was logged in");
        assert_eq!(app.get(PATH, &[(header::ACCEPT, "text/html")]).await.status, 200);
    }
}

on_both_databases! {
    async fn a_form_of_another_site_does_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let body = "step=log-in&username=alice&password=alice-pass-1";
        for (name, value, status) in [
            ("sec-fetch-site", "cross-site", 403), ("sec-fetch-site", "same-site", 403), ("origin", "https://evil.example", 403),
            ("origin", "null", 403), ("origin", "http://localhost", 200), ("sec-fetch-site", "same-origin", 200),
        ] {
            let request = Request::post(PATH)
                .header(header::HOST, "localhost")
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let page = app.send(request.body(Body::from(body)).expect("a request")).await;
            assert_eq!(page.status, status, "{name}: {value}");
            let said = if status == 403 { "Another site asked for this." } else { "A session is open" };
            assert_shown(&page, &[said]);
        }
        assert_eq!(app.outstanding("alice").await.len(), 4, "two logins");
    }
}

on_both_databases! {
    async fn where_ended_sessions_are_not_remembered_it_says_so(database) {
        let app = TestApp::new(database, &["--immediate-revocation=false"]).await;
        let mut page = goes_on(&app, &begin(&app, "alice-pass-1").await).await;
        assert_page(&page, &["This server keeps no memory of ended sessions"]);
        while next(&page).is_some() {
            page = goes_on(&app, &page).await;
        }
        assert_page(&page, &["Step 8 of 8", "Let in, although the session is over", "HTTP/1.1 200 OK"]);
    }
}

on_both_databases! {
    async fn its_sessions_are_the_labs(database) {
        let app = TestApp::new(database, &[]).await;
        begin(&app, "alice-pass-1").await;
        let (_, access) = app.log_in("alice").await;
        let seen = app.get_as(&access, "/api/sessions/").await.json();
        assert_eq!([&seen["sessions"][0]["client"], &seen["sessions"][1]["client"]], ["", "The lab"]);
    }
}
