//! The client's pages and files.

use axum::http::header;

use crate::harness::{Answer, Database, TestApp, on_both_databases};

on_both_databases! {
    async fn a_page_lets_only_its_own_script_run(database) {
        let app = TestApp::new(database, &[]).await;
        let mut policies = Vec::new();
        for path in ["/login", "/users", "/users/", "/sessions", "/sessions/"] {
            let answer = app.get(path, &[]).await;
            assert_whole(&answer);
            let policy = answer.header("content-security-policy").to_owned();
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
            let nonce = format!("nonce=\"{}\"", nonce.expect("a nonce"));
            let scripts: Vec<_> = answer.body.split("<script").skip(1).collect();
            assert!(!scripts.is_empty(), "{path} has an island");
            for script in scripts {
                assert!(script.split('>').next().is_some_and(|tag| tag.contains(&nonce)), "{path}");
            }
            assert!(policy.contains("require-trusted-types-for 'script'; trusted-types jotward;"), "{path}");
            policies.push(policy);
        }
        policies.dedup();
        assert_eq!(policies.len(), 5, "a nonce is used once");
    }
}

on_both_databases! {
    async fn a_page_that_only_shows_something_ships_no_script(database) {
        let app = TestApp::new(database, &[]).await;
        for path in ["/", "/nothing/here"] {
            let answer = app.get(path, &[]).await;
            assert_whole(&answer);
            assert!(answer.header("content-security-policy").contains("script-src 'none'"), "{path}");
            assert!(!answer.body.contains("<script") && !answer.body.contains(".wasm"), "{path}");
        }
    }
}

on_both_databases! {
    async fn nobody_plays_with_the_only_cookie(database) {
        let app = TestApp::new(database, &["--refresh-transport=cookie"]).await;
        let answer = app.get("/lab", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/lab/walk/"));
        assert_eq!(app.get("/lab/walk/", &[]).await.status, 200);
    }
}

on_both_databases! {
    async fn a_page_asks_for_what_tells_the_device(database) {
        let app = TestApp::new(database, &[]).await;
        let asked = app.get("/login", &[]).await.header("accept-ch").to_owned();
        assert_eq!(asked, "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model");
        assert_eq!(app.get("/api/token/", &[]).await.header("accept-ch"), "");
    }
}

#[track_caller]
fn assert_whole(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.body.starts_with("<!DOCTYPE html>"));
    assert!(answer.body.contains("</body></html>"));
    assert!(
        !answer.body.contains(" style="),
        "the policy allows no inline style"
    );
}

on_both_databases! {
    async fn what_is_not_there_is_said_in_the_callers_language(database) {
        let app = TestApp::new(database, &[]).await;
        let answer = app.get("/nothing/here", &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "text/html; charset=utf-8"));
        let answer = app.get("/api/nothing", &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/json"));
        for path in ["/%ff", "/pkg/%ff", "/pkg/nothing.js", "/manifest.json", "/pkg/..%2fmanifest.json", "/..%2f..%2fCargo.toml"] {
            assert_eq!(app.get(path, &[]).await.status, 404, "{path}");
        }
    }
}

on_both_databases! {
    async fn files_are_packed_and_kept_for_ever(database) {
        let app = TestApp::new(database, &[]).await;
        let page = app.get("/login", &[]).await.body;
        let style = page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|path| path.starts_with("/style-"));
        let style = style.expect("a stylesheet");
        let plain = app.get(style, &[]).await;
        assert_eq!((plain.status, plain.header("content-type")), (200, "text/css"), "build the site first: cargo xtask site");
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        let packed = app.get(style, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("br", "accept-encoding"));
        let packed = app.get(style, &[(header::ACCEPT_ENCODING, "gzip, br;q=0")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
    }
}

on_both_databases! {
    async fn our_pages_keep_tokens_in_the_cookie_where_there_is_nothing_else(database) {
        let mut app = TestApp::new(database, &["--registration=open"]).await;
        for (transport, is_marked) in [("body", false), ("cookie", true), ("both", false)] {
            app = app.restarted(&["--registration=open", &format!("--refresh-transport={transport}")]).await;
            for path in ["/login", "/register"] {
                let page = app.get(path, &[]).await;
                assert_eq!(page.body.contains("id=\"kept-in-cookie\""), is_marked, "{transport} {path}");
            }
        }
    }
}
