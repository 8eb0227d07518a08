//! Refuses a client that accepts no JSON, before anything is done for it.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;

/// Lets a request through whose header `Accept` is absent or matches `application/json`.
pub async fn json_only(request: Request, next: Next) -> Response {
    if accepts_json(request.headers()) {
        next.run(request).await
    } else {
        Error::NotAcceptable.into_response()
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim())
        .filter(|range| !range.is_empty())
        .peekable();
    let json = |range: &str| {
        ["*/*", "application/*", "application/json"]
            .iter()
            .any(|ours| range.eq_ignore_ascii_case(ours))
    };
    ranges.peek().is_none() || ranges.any(json)
}
