//! A request of the walk: written, sent through the server's own routes on behalf of who walks, and kept as it went over
//! the wire, but for the password.

use std::fmt::Write;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tower::ServiceExt;

use crate::api_router;
use crate::device::Hint;
use crate::error::{Error, Result};
use crate::state::AppState;

/// How much of an answer is read, in bytes: a long list is more than anybody looks at.
const MOST: usize = 4 << 20;

/// A request that is still to be sent.
pub struct Draft {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// What it says of itself.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; empty for none.
    pub body: SecretString,
    /// The body as it is shown.
    pub shown: String,
}

/// A request and its answer.
pub struct Exchange {
    /// The request as it is shown.
    pub request: String,
    /// The answer, all of it.
    pub response: String,
    /// Its status.
    pub status: StatusCode,
    /// Its body; null where that is no JSON.
    pub body: Value,
    /// Its header `Retry-After`.
    pub retry_after: Option<HeaderValue>,
}

/// Who walks: what of their own request goes along with each of the walk's.
pub struct Caller {
    seen: Vec<(HeaderName, HeaderValue)>,
    unseen: Vec<(HeaderName, HeaderValue)>,
    connection: Option<ConnectInfo<SocketAddr>>,
}

impl Caller {
    /// Reads it off a request: host and browser, and what proxies and browsers add for the server's own use.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let all = |names: &[&'static str]| {
            let names = names.iter().map(|name| HeaderName::from_static(name));
            let values = |name: HeaderName| {
                let values = parts.headers.get_all(&name).iter().cloned();
                values
                    .map(move |value| (name.clone(), value))
                    .collect::<Vec<_>>()
            };
            names.flat_map(values).collect::<Vec<_>>()
        };
        let hints = Hint::ALL.map(Hint::header);
        let proxies = ["x-forwarded-for", "forwarded"];
        Self {
            seen: all(&["host", "user-agent"]),
            unseen: all(&[&hints[..], &proxies[..]].concat()),
            connection: parts.extensions.get::<ConnectInfo<SocketAddr>>().copied(),
        }
    }
}

impl Draft {
    /// A request with a body of JSON still to be filled in.
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            method,
            path: path.to_owned(),
            headers: vec![(header::CONTENT_TYPE, json)],
            body: SecretString::default(),
            shown: String::new(),
        }
    }

    /// Sends it.
    ///
    /// # Errors
    /// [`Error::Malformed`] where it can not be sent at all.
    pub async fn send(self, state: &AppState, caller: &Caller) -> Result<Exchange> {
        let line = format!("{} {} HTTP/1.1", self.method, self.path);
        let seen: Vec<_> = caller.seen.iter().chain(&self.headers).cloned().collect();
        let request = wire(&line, &seen, &self.shown);
        let mut headers = HeaderMap::new();
        for (name, value) in seen.into_iter().chain(caller.unseen.iter().cloned()) {
            headers.append(name, value);
        }
        let mut sent = Request::builder().method(self.method).uri(self.path);
        if let Some(all) = sent.headers_mut() {
            *all = headers;
        }
        if let (Some(connection), Some(all)) = (caller.connection, sent.extensions_mut()) {
            all.insert(connection);
        }
        let sent = sent.body(Body::from(self.body.expose_secret().to_owned()));
        let sent = sent.map_err(|_| Error::Malformed("This can not be sent.".to_owned()))?;
        let Ok(answer) = api_router::<()>(state).oneshot(sent).await;
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, MOST).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let headers: Vec<_> = parts
            .headers
            .iter()
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        Ok(Exchange {
            request,
            response: wire(&format!("HTTP/1.1 {}", parts.status), &headers, &text),
            status: parts.status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            retry_after: parts.headers.get(header::RETRY_AFTER).cloned(),
        })
    }
}

/// A message as RFC 9112 has it.
fn wire(line: &str, headers: &[(HeaderName, HeaderValue)], body: &str) -> String {
    let mut text = line.to_owned();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let _ = write!(text, "\n{name}: {value}");
    }
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(body);
    }
    text
}
