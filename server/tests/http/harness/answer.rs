//! What came back, read once.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// An answer with its body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 << 20).await.expect("a body");
        let body = String::from_utf8_lossy(&bytes).into_owned();
        super::secrets::remember_all(&parts.headers, &body);
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// A text of the JSON body.
    pub fn text(&self, name: &str) -> String {
        self.json()[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name}: {self:?}"))
            .to_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// What is read on a page: no tags, nor the marks between texts, and spaces as one.
    pub fn seen(&self) -> String {
        // An exact time shows under the pointer only.
        let parts = self
            .body
            .split("<i>")
            .map(|part| match part.split_once("</i>") {
                Some((_, rest)) => rest,
                None => part,
            });
        let body: String = parts.collect();
        let mut text = String::new();
        let mut is_tag = false;
        for c in body.replace("<!>", "").chars() {
            match c {
                '<' => is_tag = true,
                '>' => {
                    is_tag = false;
                    text.push(' ');
                }
                c if !is_tag => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The answer that refuses a token in a body.
    #[track_caller]
    pub fn assert_token_refused(&self, detail: &str) {
        assert_eq!(
            (self.status, self.json()),
            (401, json!({"detail": detail, "code": "token_not_valid"}))
        );
        assert_eq!(self.header("www-authenticate"), "Bearer realm=\"api\"");
    }
}

/// The claims of a compact token, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}
