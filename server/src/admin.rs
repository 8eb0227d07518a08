//! The admin: server-rendered pages for staff. Complete HTML, plain forms and no script at all; the policy that is
//! sent with every page forbids scripts outright.

mod api_tokens;
mod blacklisted;
mod confirm;
mod cookie;
mod device_list;
mod event_list;
mod guard;
mod list;
mod listing;
mod login;
mod outstanding;
mod page;
mod refusal;
mod revoke;
mod sessions;
mod show;
mod user_list;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower_http::csrf::CsrfLayer;

use crate::state::AppState;
pub use guard::Admin;

/// Every page of the admin, each with and without the trailing slash.
pub fn router() -> Router<AppState> {
    let mut admin = Router::new();
    for (path, page) in [
        ("/admin", get(outstanding::enter)),
        ("/admin/login", get(login::form).post(login::submit)),
        ("/admin/logout", post(login::log_out)),
        ("/admin/outstanding", get(outstanding::list)),
        ("/admin/blacklisted", get(blacklisted::list)),
        ("/admin/users", get(user_list::list)),
        ("/admin/users/export.{format}", get(user_list::export)),
        ("/admin/devices", get(device_list::list)),
        ("/admin/devices/export.{format}", get(device_list::export)),
        ("/admin/events", get(event_list::list)),
        ("/admin/events/export.{format}", get(event_list::export)),
        ("/admin/api-tokens", get(api_tokens::list)),
        ("/admin/api-tokens/export.{format}", get(api_tokens::export)),
        (
            "/admin/api-tokens/{id}/reset",
            get(api_tokens::ask).post(api_tokens::reset),
        ),
        (
            "/admin/outstanding/{id}/blacklist",
            get(revoke::ask_token).post(revoke::blacklist_token),
        ),
        ("/admin/sessions", get(sessions::list)),
        ("/admin/sessions/export.{format}", get(sessions::export)),
        (
            "/admin/sessions/{id}/end",
            get(revoke::ask_session).post(revoke::end_session),
        ),
    ] {
        admin = admin
            .route(path, page.clone())
            .route(&format!("{path}/"), page);
    }
    admin
        .route("/admin/{*rest}", any(refusal::not_found))
        .layer(CsrfLayer::new().with_rejection_response(|_| refusal::cross_site()))
        .layer(map_response(guard_page))
}

/// What every page of the admin is sent with.
async fn guard_page(mut response: Response) -> Response {
    const POLICY: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    );
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = refusal::method_not_allowed().into_response();
        response
            .headers_mut()
            .extend(allow.map(|allow| (header::ALLOW, allow)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
