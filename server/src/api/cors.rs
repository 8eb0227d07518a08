//! Lets pages of other origins call the API, where `CORS_ALLOWED_ORIGINS` names them. Without credentials: the API's are
//! in a header that the page itself writes, so that no browser sends them on its own. Refresh tokens in a cookie are
//! therefore not for these pages (`transport.rs`): neither the cookie nor the header that asks for it gets here from them.
//! The admin is never in it.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, Request, Response, header};
use futures_util::future::Either;
use std::task::{Context, Poll};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, Cors, CorsLayer};

use crate::config::Origins;

/// How long a browser need not ask again. Chromium keeps no answer for longer.
const MAX_AGE: Duration = Duration::from_hours(2);

/// The layer for these origins, and for credentials in the header of this name; `None` where there are none.
pub fn layer(origins: &Origins, credentials: &HeaderName) -> Option<Preflighted> {
    let allowed = match origins {
        Origins::None => return None,
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(origins) => {
            let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
            AllowOrigin::list(origins.flatten())
        }
    };
    let mut headers = vec![header::AUTHORIZATION, header::CONTENT_TYPE];
    if !headers.contains(credentials) {
        headers.push(credentials.clone());
    }
    let cors = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(headers)
        .expose_headers([
            header::LINK,
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static(app::api::SESSION_ENDED),
        ])
        .vary([header::ORIGIN])
        .max_age(MAX_AGE);
    Some(Preflighted(cors))
}

/// `tower_http`'s layer, which takes every `OPTIONS` for a preflight. One that asks for no method is none: it wants the
/// endpoint described.
#[derive(Clone)]
pub struct Preflighted(CorsLayer);

impl<S: Clone> Layer<S> for Preflighted {
    type Service = Shared<S>;

    fn layer(&self, inner: S) -> Shared<S> {
        Shared {
            cors: self.0.layer(inner.clone()),
            inner,
        }
    }
}

/// A service that is shared with pages of other origins.
#[derive(Clone)]
pub struct Shared<S> {
    cors: Cors<S>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Shared<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<<Cors<S> as Service<Request<B>>>::Future, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        match self.inner.poll_ready(context) {
            Poll::Ready(Ok(())) => self.cors.poll_ready(context),
            other => other,
        }
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let asks = request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() == Method::OPTIONS && !asks {
            Either::Right(self.inner.call(request))
        } else {
            Either::Left(self.cors.call(request))
        }
    }
}
