//! The admin: server-rendered pages for staff. Complete HTML, plain forms and no script at all; the policy that is
//! sent with every page forbids scripts outright.

mod api_tokens;
mod blacklisted;
mod confirm;
mod device_list;
mod event_list;
mod explain;
mod field;
mod form;
mod guard;
mod list;
mod listing;
mod login;
mod outstanding;
mod overview;
mod page;
mod refusal;
mod revocations;
mod revoke;
mod session_page;
mod sessions;
mod shield;
mod show;
mod sudo;
mod user;
mod user_list;

use axum::Router;
use axum::middleware::{from_fn, map_response};
use axum::routing::{any, get, post};
use tower_http::csrf::CsrfLayer;

use crate::state::AppState;
pub use form::Form;
pub use guard::{Admin, Superuser};
pub use sudo::{Confirmed, ConfirmedForm};

/// Every page of the admin, each with and without the trailing slash.
pub fn router() -> Router<AppState> {
    let mut admin = Router::new();
    for (path, page) in [
        ("/admin", get(overview::show)),
        ("/admin/login", get(login::form).post(login::submit)),
        ("/admin/logout", post(login::log_out)),
        (sudo::PATH, post(sudo::confirm)),
        (
            "/admin/users/new",
            get(user::new::form).post(user::new::add),
        ),
        ("/admin/users/{id}", get(user::show::page)),
        (
            "/admin/users/{id}/edit",
            get(user::edit::form).post(user::edit::save),
        ),
        (
            "/admin/users/{id}/password",
            get(user::password::form).post(user::password::save),
        ),
        ("/admin/users/{id}/api-token", get(user::api_token)),
        (
            "/admin/users/{id}/activate",
            get(user::act::ask_activate).post(user::act::activate),
        ),
        (
            "/admin/users/{id}/deactivate",
            get(user::act::ask_deactivate).post(user::act::deactivate),
        ),
        (
            "/admin/users/{id}/delete",
            get(user::act::ask_delete).post(user::act::delete),
        ),
        ("/admin/outstanding", get(outstanding::list)),
        (
            "/admin/outstanding/export.{format}",
            get(outstanding::export),
        ),
        ("/admin/blacklisted", get(blacklisted::list)),
        (
            "/admin/blacklisted/export.{format}",
            get(blacklisted::export),
        ),
        ("/admin/explain", get(explain::form).post(explain::explain)),
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
        ("/admin/sessions/{id}", get(session_page::show)),
        (
            "/admin/sessions/{id}/end",
            get(revoke::ask_session).post(revoke::end_session),
        ),
        (
            "/admin/users/{id}/end-sessions",
            get(revoke::ask_user).post(revoke::end_user),
        ),
        (
            "/admin/devices/{id}/end-sessions",
            get(revoke::ask_device).post(revoke::end_device),
        ),
        (
            "/admin/revoke",
            get(revoke::ask_filter).post(revoke::end_filter),
        ),
        (
            "/admin/revoke/tokens",
            get(revoke::ask_tokens).post(revoke::end_tokens),
        ),
        (
            "/admin/revoke/everyone",
            get(revoke::ask_everyone).post(revoke::end_everyone),
        ),
        ("/admin/revocations", get(revocations::list)),
        ("/admin/revocations/{id}", get(revocations::one)),
    ] {
        admin = admin
            .route(path, page.clone())
            .route(&format!("{path}/"), page);
    }
    admin
        .route("/admin/{*rest}", any(refusal::not_found))
        .layer(CsrfLayer::new().with_rejection_response(|_| refusal::cross_site()))
        .layer(from_fn(shield::refuse_unsaid))
        .layer(map_response(shield::guard_page))
}
