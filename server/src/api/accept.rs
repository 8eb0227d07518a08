//! Refuses a client that accepts no JSON, before anything is done for it. A service of its own type: one made of a
//! function would cost every request a box.

use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::Either;
use tower::Service;

use crate::error::Error;

/// Lets a request through whose header `Accept` is absent or matches `application/json`.
#[derive(Clone, Debug)]
pub struct JsonOnly<S>(S);

impl<S> JsonOnly<S> {
    /// In front of `inner`.
    pub fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S: Service<Request, Response = Response>> Service<Request> for JsonOnly<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if accepts_json(request.headers()) {
            Either::Left(self.0.call(request))
        } else {
            Either::Right(ready(Ok(Error::NotAcceptable.into_response())))
        }
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
