//! What every request to the admin must say of where it comes from, and what every page says of what may be done with it.
//!
//! A request that changes something is refused when a browser says that another site sent it: by `Sec-Fetch-Site`, which
//! scripts can not set (Fetch Metadata), or, from browsers and places that do not send it, by an `Origin` that is not the
//! host. That much is `CsrfLayer`'s. With neither it lets programs pass; here they pass only without a cookie.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::refusal;
use crate::cookie::ADMIN;

/// Scripts never run, nothing comes from elsewhere, and no page stands within another's frame (CSP Level 3).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// What a page is sent with beside that (OWASP HTTP Headers Cheat Sheet).
const HEADERS: [(HeaderName, &str); 7] = [
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: forms would be sent with the origin `null`, by which they could not be told from another site's.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Refuses a change in somebody's name by whoever does not say which site they are on: no browser of the last years is
/// silent about that, so it is one that is made to be, or something that has a browser's cookie and is none.
pub async fn refuse_unsaid(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_said = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let is_unsaid = !is_said("sec-fetch-site") && !is_said("origin");
    if changes && is_unsaid && ADMIN.token(headers, request.uri()).is_some() {
        return refusal::cross_site();
    }
    next.run(request).await
}

/// What every page of the admin is sent with.
pub async fn guard_page(mut response: Response) -> Response {
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = refusal::method_not_allowed().into_response();
        response
            .headers_mut()
            .extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
