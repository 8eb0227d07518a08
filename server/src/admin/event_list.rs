//! `/admin/events/`: what happened, to whom, from where, and who did it. Nothing can be changed or removed here.

mod filter;
mod table;
mod words;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::list::{
    Asked, EXPORT_ROWS, Form, Format, choice, counted, day, empty, file, more_match, pager,
    stopped, text, tools, unreadable,
};
use super::listing::Parameters;
use super::page::Section;
use super::{Admin, Confirmed, page, refusal};
use crate::event::Kind;
use crate::state::AppState;
use crate::store::{PAGE_SIZE, Result};

/// Its address.
const PATH: &str = "/admin/events/";

/// The fields of its filter, beside the search.
const FIELDS: [&str; 8] = [
    "kind", "status", "address", "from", "until", "actor", "user", "session",
];

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, parameters: Parameters) -> Response {
    let mut asked = Asked::new(&parameters);
    match shown(&admin, &state, &mut asked).await {
        Ok(page) => page,
        Err(error) => refusal::page(&error.into()),
    }
}

async fn shown(admin: &Admin, state: &AppState, asked: &mut Asked<'_>) -> Result<Response> {
    let read = filter::read(&state.store, asked).await?;
    if asked.is_wrong() {
        let content = view! { {top(asked)} {unreadable()} };
        return Ok((StatusCode::BAD_REQUEST, document(admin, content)).into_response());
    }
    let orders = read.filter.orders();
    let order = asked.order(orders);
    let (part, size) = (asked.part(&order), PAGE_SIZE);
    let found = state.store.trail(&read.filter, order, &part, size);
    let (found, count) = found.await?;
    let rows = if found.rows.is_empty() && !found.gave_up {
        empty(asked, &FIELDS).into_any()
    } else {
        let now = state.clock.now();
        table::table(asked, &found.rows, (order, orders), now).into_any()
    };
    let content = view! {
        {top(asked)}
        {read.more_users.then(|| more_match(filter::USERS, "users"))}
        {tools(PATH, asked, counted(count, "event", "events"), None)}
        {rows}
        {stopped(PATH, asked, &found)}
        {pager(PATH, asked, &found)}
    };
    Ok(document(admin, content).into_response())
}

/// `GET /admin/events/export.csv` and `.json`: all that match, without pages.
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
    let read = match filter::read(&state.store, &mut asked).await {
        Ok(read) if !asked.is_wrong() => read,
        Ok(_) => return refusal::unreadable_filter(),
        Err(error) => return refusal::page(&error.into()),
    };
    let order = asked.order(read.filter.orders());
    let filter = Arc::new(read.filter);
    file(format, "events", move |part| {
        let (state, filter) = (Arc::clone(&state), Arc::clone(&filter));
        async move {
            let store = &state.store;
            store
                .trail_uncounted(&filter, order, &part, EXPORT_ROWS)
                .await
        }
    })
}

fn document(admin: &Admin, content: impl IntoView + 'static) -> impl IntoResponse {
    let title = Section::Events.title();
    page::document(title, Some(admin), Some(Section::Events), content)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: PATH,
        searched: "Username, e-mail, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let kinds = Kind::ALL.map(|kind| (kind.as_str(), words::of(kind)));
    let statuses = [("alarming", "alarms"), ("told", "what users are told")];
    view! {
        <h1 class="page__title">{Section::Events.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "kind", "What happened", &kinds)}
                    {choice(asked, "status", "Only", &statuses)}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "From")}
                    {day(asked, "until", "Until")}
                    {text(asked, "actor", "Done by")}
                    {text(asked, "user", "User number")}
                    {text(asked, "session", "Session id")}
                }
                    .into_any(),
            )}
    }
}
