//! Nothing a client sends makes a 5xx: random bodies, headers and paths on every route.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::conformance::sign;
use crate::harness::{Database, START, TestApp, on_both_databases};

/// Every route of the server, with something in the place of each parameter.
const PATHS: [&str; 40] = [
    "/",
    "/login",
    "/login/",
    "/users",
    "/users/",
    "/sessions",
    "/sessions/",
    "/pkg/x",
    "/x",
    "/a/b",
    "/healthz",
    "/readyz",
    "/api/token",
    "/api/token/",
    "/api/token/refresh/",
    "/api/token/verify/",
    "/api/token/blacklist/",
    "/api/users/",
    "/api/users",
    "/api/users/login",
    "/api/user",
    "/api/sessions/",
    "/api/sessions/01900000-0000-7000-8000-000000000000/",
    "/api/sessions/%00/",
    "/api/sessions/current/",
    "/api/sessions/end/",
    "/api/sessions/end-others/",
    "/api/password/",
    "/api/register/",
    "/register",
    "/api/nothing",
    "/admin",
    "/admin/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/outstanding/",
    "/admin/blacklisted/",
    "/admin/outstanding/1/blacklist/",
    "/admin/sessions/01900000-0000-7000-8000-000000000000/end/",
    "/admin/sessions/%00/end/",
];

/// Something to send: a path with a query, a method, headers and a body.
#[derive(Clone, Debug)]
struct Shot {
    path: String,
    method: Method,
    headers: Vec<(header::HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

/// JSON of any shape, with the endpoints' own names in it.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        any_token().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name = prop_oneof![
            Just("username".to_owned()),
            Just("next".to_owned()),
            Just("password".to_owned()),
            Just("user".to_owned()),
            Just("email".to_owned()),
            Just("bio".to_owned()),
            Just("old_password".to_owned()),
            Just("new_password".to_owned()),
            Just("device_name".to_owned()),
            Just("refresh".to_owned()),
            Just("token".to_owned()),
            any::<String>(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A well-signed token with any claims: whoever shares the key may send this.
fn any_token() -> impl Strategy<Value = String> {
    let claim = || {
        prop_oneof![
            Just(json!("2")),
            Just(json!("nul\0nul")),
            Just(json!("01900000-0000-7000-8000-000000000000")),
            any::<i64>().prop_map(Value::from),
            Just(json!(i64::MIN)),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            Just(Value::Null),
        ]
    };
    let token_type = prop_oneof![Just("access"), Just("refresh"), Just("admin")];
    let times = (
        prop_oneof![3 => Just(json!(START + 60)), 1 => claim()],
        prop_oneof![3 => Just(json!(START)), 1 => claim()],
    );
    (
        token_type,
        claim(),
        claim(),
        claim(),
        claim(),
        any::<bool>(),
        times,
    )
        .prop_map(|(kind, jti, user, sid, generation, native, (exp, iat))| {
            let mut claims =
                json!({"token_type": kind, "exp": exp, "iat": iat, "jti": jti, "user_id": user});
            if native {
                claims["sid"] = sid;
                claims["gen"] = generation;
            }
            sign(&json!({"alg": "HS256", "typ": "JWT"}), &claims)
        })
}

fn any_body() -> impl Strategy<Value = (HeaderValue, Vec<u8>)> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..200);
    let json = any_json().prop_map(|json| {
        (
            HeaderValue::from_static("application/json"),
            json.to_string().into_bytes(),
        )
    });
    let form = prop::collection::vec((any::<String>(), any::<String>()), 0..4).prop_map(|pairs| {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        (
            HeaderValue::from_static("application/x-www-form-urlencoded"),
            body.into_bytes(),
        )
    });
    let kinds = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "text/plain",
        "",
    ];
    let noise = (prop::sample::select(kinds.to_vec()), bytes())
        .prop_map(|(kind, body)| (HeaderValue::from_static(kind), body));
    let parts = bytes().prop_map(|value| {
        let head = b"--x\r\nContent-Disposition: form-data; name=\"refresh\"\r\n\r\n".to_vec();
        (
            HeaderValue::from_static("multipart/form-data; boundary=x"),
            [head, value, b"\r\n--x--\r\n".to_vec()].concat(),
        )
    });
    prop_oneof![3 => json, 1 => form, 1 => noise, 1 => parts]
}

fn any_header() -> impl Strategy<Value = (header::HeaderName, HeaderValue)> {
    let names = [
        header::AUTHORIZATION,
        header::COOKIE,
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::ORIGIN,
        header::HOST,
        header::USER_AGENT,
        header::FORWARDED,
        header::CONTENT_LENGTH,
        header::IF_NONE_MATCH,
    ];
    let bytes = prop::collection::vec(any::<u8>(), 0..60)
        .prop_filter_map("a header", |bytes| HeaderValue::from_bytes(&bytes).ok());
    let credentials = any_token().prop_flat_map(|token| {
        let spellings = vec![
            format!("Bearer {token}"),
            format!("jotward-admin={token}"),
            token,
        ];
        prop::sample::select(spellings)
            .prop_filter_map("a header", |text| HeaderValue::from_str(&text).ok())
    });
    (
        prop::sample::select(names.to_vec()),
        prop_oneof![bytes, credentials],
    )
}

fn any_shot() -> impl Strategy<Value = Shot> {
    let query = prop_oneof![
        3 => Just(String::new()),
        1 => any::<String>().prop_map(|text| {
            let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            format!("?q={text}&before={text}&after={text}&next=/admin/{text}")
        }),
    ];
    let methods = [
        Method::GET,
        Method::POST,
        Method::POST,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::HEAD,
        Method::OPTIONS,
        Method::DELETE,
        Method::TRACE,
    ];
    (
        prop::sample::select(PATHS.to_vec()),
        query,
        prop::sample::select(methods.to_vec()),
        prop::collection::vec(any_header(), 0..3),
        any_body(),
    )
        .prop_map(|(path, query, method, mut headers, (content_type, body))| {
            headers.push((header::CONTENT_TYPE, content_type));
            Shot {
                path: format!("{path}{query}"),
                method,
                headers,
                body,
            }
        })
}

async fn survives(database: Database, cases: u32) {
    let app = TestApp::new(
        database,
        &["--adopt-foreign-tokens=true", "--registration=open"],
    )
    .await;
    let cookie = app.admin_cookie("admin").await;
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let fire = |shot: Shot, with_cookie: bool| {
        let mut request = Request::builder().method(&shot.method).uri(&shot.path);
        for (name, value) in &shot.headers {
            request = request.header(name, value);
        }
        if with_cookie {
            request = request
                .header(header::COOKIE, &cookie)
                .header(header::HOST, "localhost");
        }
        let request = request
            .body(Body::from(shot.body.clone()))
            .expect("a request");
        let answer = runtime.block_on(app.send(request));
        prop_assert!(answer.status < 500, "{answer:?}");
        prop_assert!((200..600).contains(&answer.status));
        Ok(())
    };
    tokio::task::block_in_place(|| {
        let shots = (any_shot(), any::<bool>());
        let fired = runner.run(&shots, |(shot, with_cookie)| fire(shot, with_cookie));
        fired.map_err(|error| error.to_string())
    })
    .expect("no request makes a 5xx");
}

on_both_databases! {
    async fn no_request_makes_a_5xx(database) {
        survives(database, 1500).await;
    }
}

on_both_databases! {
    async fn a_long_body_is_refused_as_such(database) {
        let app = TestApp::new(database, &[]).await;
        for path in ["/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/", "/admin/login/"] {
            for announced in [true, false] {
                let body = vec![b' '; jotward::api::MAX_BODY + 1];
                let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
                if announced {
                    request = request.header(header::CONTENT_LENGTH, body.len());
                }
                let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
                assert_eq!(answer.status, 413, "{path}");
            }
        }
    }
}

on_both_databases! {
    async fn a_body_of_the_greatest_length_is_read(database) {
        let app = TestApp::new(database, &[]).await;
        let mut body = br#"{"token": "x"}"#.to_vec();
        body.resize(jotward::api::MAX_BODY, b' ');
        let request = Request::post("/api/token/verify/").header(header::CONTENT_TYPE, "application/json");
        let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
        answer.assert_token_refused("Token is invalid");
    }
}

on_both_databases! {
    async fn deep_nesting_is_a_bad_request(database) {
        let app = TestApp::new(database, &[]).await;
        let body = "[".repeat(60_000);
        let request = Request::post("/api/token/").header(header::CONTENT_TYPE, "application/json");
        let answer = app.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, 400);
    }
}
