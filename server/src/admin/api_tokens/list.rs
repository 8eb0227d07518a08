//! The list itself, a page at a time or as a file.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{filter, table};
use crate::admin::list::{
    Asked, EXPORT_ROWS, Form, Format, choice, counted, day, empty, file, more_match, pager,
    stopped, text, tools, unreadable,
};
use crate::admin::listing::Parameters;
use crate::admin::page::Section;
use crate::admin::{Admin, Confirmed, page, refusal};
use crate::state::AppState;
use crate::store::{PAGE_SIZE, Result};

/// Its address.
const PATH: &str = "/admin/api-tokens/";

/// The fields of its filter, beside the search.
const FIELDS: [&str; 4] = ["status", "user", "from", "until"];

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
    let found = state.store.api_tokens(&read.filter, order, &part, size);
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
        {tools(PATH, asked, counted(count, "API token", "API tokens"), None)}
        {rows}
        {stopped(PATH, asked, &found)}
        {pager(PATH, asked, &found)}
    };
    Ok(document(admin, content).into_response())
}

/// `GET /admin/api-tokens/export.csv` and `.json`: all that match, without pages.
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
    file(format, "api-tokens", move |part| {
        let (state, filter) = (Arc::clone(&state), Arc::clone(&filter));
        async move {
            let store = &state.store;
            store
                .api_tokens_uncounted(&filter, order, &part, EXPORT_ROWS)
                .await
        }
    })
}

fn document(admin: &Admin, content: impl IntoView + 'static) -> impl IntoResponse {
    let title = Section::ApiTokens.title();
    page::document(title, Some(admin), Some(Section::ApiTokens), content)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: PATH,
        searched: "Username, e-mail or number",
        asked,
        names: &FIELDS,
    };
    let statuses = [("used", "used"), ("unused", "never used")];
    view! {
        <h1 class="page__title">{Section::ApiTokens.title()}</h1>
        <p class="muted">
            "One a user, for programs; good until it is reset, or the user's password changes. The tokens themselves are never stored."
        </p>
        {notice(asked.raw("done"))}
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {text(asked, "user", "User number")}
                    {day(asked, "from", "Made from")}
                    {day(asked, "until", "Made until")}
                }
                    .into_any(),
            )}
    }
}

fn notice(done: &str) -> impl IntoView + use<> {
    let (class, text) = match done {
        "reset" => (
            "notice notice--ok",
            "The API token is reset. It is not accepted any more.",
        ),
        "before" => (
            "notice notice--info",
            "That API token had been reset before.",
        ),
        _ => return None,
    };
    Some(view! { <p class=class role="status">{text}</p> })
}
