//! Pages of other origins.

use axum::body::Body;
use axum::http::{Request, header};

use crate::harness::{Answer, Database, TestApp, on_both_databases};

const OURS: &str = "--cors-allowed-origins=https://app.example.com,http://localhost:8080";

async fn send(app: &TestApp, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).expect("a request"))
        .await
}

/// The names in a list of a header, in lower case and in order.
fn names(answer: &Answer, header: &str) -> Vec<String> {
    let mut names: Vec<_> = answer
        .header(header)
        .split(',')
        .map(|name| name.trim().to_lowercase())
        .collect();
    names.sort_unstable();
    names
}

on_both_databases! {
    async fn a_page_that_is_named_may_call(database) {
        let app = TestApp::new(database, &[OURS]).await;
        for origin in ["https://app.example.com", "http://localhost:8080"] {
            for path in ["/api/token/", "/api/users", "/api/users/login", "/api/user", "/api/sessions/x/"] {
                let asked = [
                    ("origin", origin),
                    ("access-control-request-method", "PUT"),
                    ("access-control-request-headers", "authorization,content-type"),
                ];
                let answer = send(&app, "OPTIONS", path, &asked).await;
                assert_eq!(answer.status, 200, "{path}");
                assert_eq!(answer.header("access-control-allow-origin"), origin);
                assert_eq!(names(&answer, "access-control-allow-headers"), ["authorization", "content-type"]);
                let methods = names(&answer, "access-control-allow-methods");
                assert_eq!(methods, ["delete", "get", "head", "patch", "post", "put"]);
                assert_eq!(answer.header("access-control-max-age"), "7200");
                assert_eq!(answer.header("vary"), "origin");
                assert!(!answer.headers.contains_key("access-control-allow-credentials"));
            }
            let answer = send(&app, "GET", "/api/users/", &[("origin", origin)]).await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (401, origin));
            let exposed = names(&answer, "access-control-expose-headers");
            assert_eq!(exposed, ["jotward-session-ended", "link", "retry-after", "www-authenticate"]);
            assert_eq!(answer.header("vary"), "origin");
        }
    }
}

on_both_databases! {
    async fn no_other_page_may(database) {
        let app = TestApp::new(database, &[OURS]).await;
        for origin in ["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null"] {
            let asked = [("origin", origin), ("access-control-request-method", "POST")];
            for (method, headers) in [("OPTIONS", &asked[..]), ("POST", &asked[..1])] {
                let answer = send(&app, method, "/api/token/", headers).await;
                assert_eq!(answer.header("access-control-allow-origin"), "", "{method} {origin}");
                assert_eq!(answer.header("vary"), "origin");
            }
        }
    }
}

on_both_databases! {
    async fn every_page_may_where_that_is_wanted(database) {
        let app = TestApp::new(database, &["--cors-allowed-origins=*"]).await;
        let answer = send(&app, "POST", "/api/token/", &[("origin", "https://any.example")]).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, "*"));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

on_both_databases! {
    async fn none_may_by_default(database) {
        let app = TestApp::new(database, &[]).await;
        let asked = [("origin", "https://app.example.com"), ("access-control-request-method", "POST")];
        let answer = send(&app, "OPTIONS", "/api/token/", &asked).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, ""));
        assert_eq!(answer.header("vary"), "");
    }
}

on_both_databases! {
    async fn never_the_admin_and_the_site(database) {
        let app = TestApp::new(database, &["--cors-allowed-origins=*"]).await;
        for path in ["/admin/login/", "/admin/", "/login", "/healthz"] {
            let answer = send(&app, "GET", path, &[("origin", "https://app.example.com")]).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
    }
}

on_both_databases! {
    async fn who_asks_for_no_method_wants_the_description(database) {
        let app = TestApp::new(database, &[OURS]).await;
        for headers in [&[][..], &[("origin", "https://app.example.com")]] {
            let answer = send(&app, "OPTIONS", "/api/token/", headers).await;
            assert_eq!((answer.status, answer.text("name").as_str()), (200, "Token Obtain Pair"));
            assert_eq!(answer.header(header::ALLOW.as_str()), "POST, OPTIONS");
        }
    }
}
