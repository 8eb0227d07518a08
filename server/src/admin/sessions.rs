//! `/admin/sessions/`: who is logged in, who was, and how it ended.

mod filter;
mod table;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::list::{
    Asked, Form, Format, choice, counted, day, empty, file, pager, stopped, text, tools, unreadable,
};
use super::listing::Parameters;
use super::page::Section;
use super::{Admin, Confirmed, page, refusal};
use crate::session::EndReason;
use crate::state::AppState;
use crate::store::{PAGE_SIZE, SessionFilter};

pub use filter::read;

/// Its address.
const PATH: &str = "/admin/sessions/";

/// The fields of its filter, beside the search.
const FIELDS: [&str; 8] = [
    "status", "user", "type", "device", "address", "reason", "from", "until",
];

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, parameters: Parameters) -> Response {
    let mut asked = Asked::new(&parameters);
    let read = match read(&state.store, &mut asked).await {
        Ok(read) => read,
        Err(error) => return refusal::page(&error.into()),
    };
    if asked.is_wrong() {
        let content = view! {
            {top(&asked)}
            {unreadable()}
        };
        return (StatusCode::BAD_REQUEST, document(&admin, content)).into_response();
    }
    let now = state.clock.now();
    let order = asked.order(read.filter.orders());
    let (part, size) = (asked.part(&order), PAGE_SIZE);
    let found = state
        .store
        .sessions(&read.filter, order, &part, size, now)
        .await;
    let (found, count) = match found {
        Ok(found) => found,
        Err(error) => return refusal::page(&error.into()),
    };
    let shown = table::Shown {
        asked: &asked,
        own: admin.session.to_string(),
        now,
        order,
        orders: read.filter.orders(),
    };
    let rows = if found.rows.is_empty() && !found.gave_up {
        empty(&asked, &FIELDS).into_any()
    } else {
        shown.table(&found.rows).into_any()
    };
    let content = view! {
        {top(&asked)}
        {read.more_users.then(|| view! { <p class="notice notice--info">"More than 20 users match; these are the sessions of 20 of them. Type more of the name."</p> })}
        {tools(PATH, &asked, counted(count, "session", "sessions"), Some(ending(&asked, &read.filter)))}
        {rows}
        {stopped(PATH, &asked, &found)}
        {pager(PATH, &asked, &found)}
    };
    document(&admin, content).into_response()
}

/// `GET /admin/sessions/export.csv` and `.json`: all that match, without pages.
pub async fn export(
    _: Confirmed,
    State(state): State<AppState>,
    Path(format): Path<String>,
    parameters: Parameters,
) -> Response {
    let Some(format) = Format::parse(&format) else {
        return refusal::not_found().await;
    };
    let mut asked = Asked::new(&parameters);
    let read = match read(&state.store, &mut asked).await {
        Ok(read) if !asked.is_wrong() => read,
        Ok(_) => return refusal::unreadable_filter(),
        Err(error) => return refusal::page(&error.into()),
    };
    let order = asked.order(read.filter.orders());
    let filter = Arc::new(read.filter);
    let now = state.clock.now();
    file(format, "sessions", move |part| {
        let (state, filter) = (Arc::clone(&state), Arc::clone(&filter));
        async move {
            let size = super::list::EXPORT_ROWS;
            state
                .store
                .sessions_uncounted(&filter, order, &part, size, now)
                .await
        }
    })
}

fn document(admin: &Admin, content: impl IntoView + 'static) -> impl IntoResponse {
    let title = Section::Sessions.title();
    page::document(title, Some(admin), Some(Section::Sessions), content)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: PATH,
        searched: "Username, e-mail, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let reasons =
        EndReason::ALL.map(|reason| (reason.as_str(), super::show::words(reason.as_str())));
    let statuses = [("live", "live"), ("run-out", "run out"), ("ended", "ended")];
    let kinds = [("client", "client"), ("admin", "admin")];
    view! {
        <h1 class="page__title">{Section::Sessions.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "reason", "Ended because", &reasons)}
                    {choice(asked, "type", "Opened in", &kinds)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "Opened from")}
                    {day(asked, "until", "Opened until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "device", "Device id")}
                }
                    .into_any(),
            )}
    }
}

/// The way to ending all that match.
fn ending(asked: &Asked<'_>, filter: &SessionFilter) -> AnyView {
    let (all, label) = if filter.is_empty() {
        (
            "/admin/revoke/everyone/".to_owned(),
            "End everyone's sessions",
        )
    } else {
        (asked.address("/admin/revoke/", &[]), "End all that match")
    };
    view! {
        <a href="/admin/sessions/?reason=reuse">"Reuse only"</a>
        <a href=all>{label}</a>
        <a href=super::revocations::PATH>"Revocations"</a>
    }
    .into_any()
}
