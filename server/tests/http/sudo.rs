//! What is sensitive in the admin asks for the password again, and only for superusers is what is theirs.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::get;
use jotward::admin::{Confirmed, Superuser};
use jotward::error::Error;
use jotward::event::Kind;
use jotward::store::{EventFilter, EventRow, Origin};
use jotward::token::SessionId;
use serde_json::json;
use tower::ServiceExt;

use crate::harness::{Answer, Database, TestApp, on_both_databases};

/// How long a password lasts, in seconds.
const LASTS: i64 = 15 * 60;

const RESET: &str = "/admin/api-tokens/2/reset/?q=ali";

async fn fetch_api_token(app: &TestApp) -> String {
    let login = json!({"username": "alice", "password": "alice-pass-1"});
    app.post("/api/get-auth-token/", &login).await.text("token")
}

async fn works(app: &TestApp, token: &str) -> bool {
    let value = format!("Token {token}");
    let answer = app
        .get("/api/users/", &[(header::AUTHORIZATION, &value)])
        .await;
    answer.status == 200
}

async fn events(app: &TestApp, kind: Kind) -> Vec<EventRow> {
    let filter = EventFilter {
        kind: Some(kind),
        ..EventFilter::default()
    };
    app.store().events(filter, 10).await.expect("read")
}

/// A page that is not the server's own, behind its guards.
async fn see(app: &TestApp, cookie: &str, path: &str) -> Answer {
    let pages = Router::new()
        .route("/admin/export/", get(async |_: Confirmed| "all rows"))
        .route("/admin/people/", get(async |_: Superuser| "all people"))
        .with_state(app.state.clone());
    let request = Request::get(path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, cookie);
    let request = request.body(Body::empty()).expect("a request");
    Answer::read(pages.oneshot(request).await.expect("answers")).await
}

on_both_databases! {
    async fn a_sensitive_form_asks_for_the_password_again_and_loses_nothing(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = fetch_api_token(&app).await;
        app.wait(LASTS + 1);
        let fields = [("reason", "a <laptop> was lost"), ("id", "7"), ("id", "8"), ("new_password", "typed-pass-1")];
        let asked = app.post_form(RESET, &cookie, &fields).await;
        assert_eq!(asked.status, 403);
        assert!(asked.body.contains("<h1 class=\"page__title\">Confirm it is you</h1>"), "{}", asked.body);
        assert!(asked.body.contains("action=\"/admin/api-tokens/2/reset/?q=ali\""));
        for kept in [
            "<input type=\"hidden\" name=\"reason\" value=\"a &lt;laptop&gt; was lost\">",
            "<input type=\"hidden\" name=\"id\" value=\"7\">",
            "<input type=\"hidden\" name=\"id\" value=\"8\">",
            "<input id=\"new_password\" name=\"new_password\" type=\"password\"",
        ] {
            assert!(asked.body.contains(kept), "{kept}: {}", asked.body);
        }
        assert!(!asked.body.contains("typed-pass-1"), "a password does not stand in a page");
        assert!(asked.header("content-security-policy").contains("script-src 'none'"));
        assert!(works(&app, &token).await, "nothing is done yet");

        let again = [&fields[..1], &[("your_password", "not it")]].concat();
        let refused = app.post_form(RESET, &cookie, &again).await;
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains("That is not your password.") && refused.body.contains("a &lt;laptop&gt; was lost"));
        assert!(!refused.body.contains("not it\""), "{}", refused.body);
        assert!(works(&app, &token).await);
        let failed = &events(&app, Kind::LoginFail).await[0];
        assert_eq!((failed.username.as_deref(), failed.detail.as_deref()), (Some("admin"), Some("password")));
        assert!(events(&app, Kind::AuthzAdmin).await.is_empty());

        let again = [&fields[..1], &[("your_password", "admin-pass-1")]].concat();
        let done = app.post_form(RESET, &cookie, &again).await;
        assert_eq!((done.status, done.header("location")), (303, "/admin/api-tokens/?q=ali&done=reset&whose=2"));
        assert!(!works(&app, &token).await);
        let revoked = &events(&app, Kind::TokenRevoked).await[0];
        assert_eq!(revoked.detail.as_deref(), Some("the API token: a <laptop> was lost"));
        let confirmed = &events(&app, Kind::AuthzAdmin).await[0];
        assert_eq!(confirmed.username.as_deref(), Some("admin"));
        assert_eq!(events(&app, Kind::LoginSuccess).await.len(), 2, "it is no login");
    }
}

on_both_databases! {
    async fn a_password_lasts_a_quarter_of_an_hour(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        fetch_api_token(&app).await;
        let reset = async |more: &[(&str, &str)]| {
            let fields = [&[("reason", "x")], more].concat();
            app.post_form(RESET, &cookie, &fields).await.status
        };
        // What is not there is a 404, behind the question.
        app.wait(LASTS);
        assert_eq!(reset(&[]).await, 303);
        app.wait(1);
        assert_eq!(reset(&[]).await, 403);
        assert_eq!(reset(&[("your_password", "")]).await, 403);
        assert_eq!(reset(&[("your_password", "admin-pass-1")]).await, 404);
        app.wait(LASTS);
        assert_eq!(reset(&[]).await, 404, "it counts from the last time");
        app.wait(1);
        assert_eq!(reset(&[]).await, 403);
        app.wait(-2 * LASTS - 10);
        assert_eq!(reset(&[]).await, 403, "a clock that goes back does not make it last");
    }
}

on_both_databases! {
    async fn a_sensitive_page_leads_back_to_itself(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let path = "/admin/export/?q=a&kind=x";
        assert_eq!(see(&app, &cookie, path).await.body, "all rows");
        assert_eq!(see(&app, "", path).await.status, 303);
        app.wait(LASTS + 1);
        let asked = see(&app, &cookie, path).await;
        assert_eq!(asked.status, 403);
        assert!(asked.body.contains("action=\"/admin/confirm/\""), "{}", asked.body);
        assert!(asked.body.contains("name=\"next\" value=\"/admin/export/?q=a&amp;kind=x\""), "{}", asked.body);

        let confirm = async |password, next| {
            let fields = [("next", next), ("your_password", password)];
            app.post_form("/admin/confirm/", &cookie, &fields).await
        };
        let refused = confirm("not it", path).await;
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains("/admin/export/?q=a&amp;kind=x"));
        assert_eq!(see(&app, &cookie, path).await.status, 403);
        let done = confirm("admin-pass-1", path).await;
        assert_eq!((done.status, done.header("location")), (303, path));
        assert_eq!(see(&app, &cookie, path).await.body, "all rows");
        assert_eq!(confirm("admin-pass-1", "https://evil.example").await.header("location"), "/admin/");
    }
}

on_both_databases! {
    async fn a_password_is_guessed_no_faster_than_at_the_login(database) {
        let app = TestApp::new(database, &["--throttle=on", "--throttle-account=3/min", "--throttle-address=100/min"]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = fetch_api_token(&app).await;
        app.wait(LASTS + 1);
        let guess = async |password| {
            let fields = [("reason", "kept words"), ("your_password", password)];
            app.post_form(RESET, &cookie, &fields).await
        };
        for _ in 0..3 {
            assert_eq!(guess("not it").await.status, 403);
        }
        let refused = guess("admin-pass-1").await;
        assert_eq!(refused.status, 429);
        assert!(!refused.header("retry-after").is_empty());
        assert!(refused.body.contains("Too many attempts") && refused.body.contains("kept words"), "{}", refused.body);
        assert!(works(&app, &token).await);
    }
}

on_both_databases! {
    async fn a_session_that_ended_is_confirmed_by_nobody(database) {
        let app = TestApp::new(database, &[]).await;
        let cookie = app.admin_cookie("admin").await;
        let token = fetch_api_token(&app).await;
        app.wait(LASTS + 1);
        let user = app.user("admin").await;
        let token_of_admin = app.outstanding("admin").await.into_iter().find(|row| row.token_type == "admin");
        let session = token_of_admin.and_then(|row| SessionId::parse(&row.session_id)).expect("a session");
        let origin = Origin::default();
        let confirm = || app.state.confirm_admin(&user, session, "admin-pass-1".into(), &origin);
        confirm().await.expect("it is live");
        assert_eq!(events(&app, Kind::AuthzAdmin).await.len(), 1);
        app.store().log_out_user(&user, &app.state.clock).await.expect("done");
        // As if it had ended while the password was checked.
        assert!(matches!(confirm().await, Err(Error::NotAuthenticated)));
        assert_eq!(events(&app, Kind::AuthzAdmin).await.len(), 1);
        let fields = [("reason", "x"), ("your_password", "admin-pass-1")];
        let answer = app.post_form(RESET, &cookie, &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin/login/"));
        assert!(works(&app, &token).await);
    }
}

on_both_databases! {
    async fn what_is_for_superusers_is_for_no_other_staff(database) {
        let app = TestApp::new(database, &[]).await;
        app.add_staff("sue", false).await;
        let (admin, sue) = (app.admin_cookie("admin").await, app.admin_cookie("sue").await);
        assert_eq!(see(&app, &admin, "/admin/people/").await.body, "all people");
        assert!(events(&app, Kind::AuthzFail).await.is_empty());
        let refused = see(&app, &sue, "/admin/people/?q=secret").await;
        assert_eq!(refused.status, 403);
        assert!(refused.body.contains("Only superusers may do this"), "{}", refused.body);
        let tried = &events(&app, Kind::AuthzFail).await[0];
        assert_eq!((tried.username.as_deref(), tried.detail.as_deref()), (Some("sue"), Some("GET /admin/people/")));
        assert_eq!(see(&app, "", "/admin/people/").await.status, 303);
    }
}
