//! `/admin/users/`: who may log in. Shows neither passwords nor what is made of them.

mod filter;
mod table;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::list::{
    Asked, EXPORT_ROWS, Form, Format, choice, counted, day, empty, file, more_match, pager,
    stopped, tools, unreadable,
};
use super::listing::Parameters;
use super::page::Section;
use super::{Admin, Confirmed, page, refusal};
use crate::state::AppState;
use crate::store::{PAGE_SIZE, Result};

/// Its address.
const PATH: &str = "/admin/users/";

/// The fields of its filter, beside the search.
const FIELDS: [&str; 4] = ["status", "type", "from", "until"];

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
    let now = state.clock.now();
    let orders = read.filter.orders();
    let order = asked.order(orders);
    let (part, size) = (asked.part(&order), PAGE_SIZE);
    let found = state
        .store
        .listed_users(&read.filter, order, &part, size, now);
    let (found, count) = found.await?;
    let rows = if found.rows.is_empty() && !found.gave_up {
        empty(asked, &FIELDS).into_any()
    } else {
        table::table(asked, &found.rows, (order, orders), now).into_any()
    };
    let new = admin
        .user
        .is_superuser
        .then(|| view! { <a href="/admin/users/new/">"New user"</a> }.into_any());
    let content = view! {
        {top(asked)}
        {(asked.raw("done") == "deleted").then(|| view! { <p class="notice notice--ok" role="status">"The user is deleted, and every session of theirs has ended. What happened stays on record."</p> })}
        {read.more.then(|| more_match(filter::MOST, "users"))}
        {tools(PATH, asked, counted(count, "user", "users"), new)}
        {rows}
        {stopped(PATH, asked, &found)}
        {pager(PATH, asked, &found)}
    };
    Ok(document(admin, content).into_response())
}

/// `GET /admin/users/export.csv` and `.json`: all that match, without pages.
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
    file(format, "users", move |part| {
        let (state, filter) = (Arc::clone(&state), Arc::clone(&filter));
        async move {
            let store = &state.store;
            store
                .users_uncounted(&filter, order, &part, EXPORT_ROWS)
                .await
        }
    })
}

fn document(admin: &Admin, content: impl IntoView + 'static) -> impl IntoResponse {
    let title = Section::Users.title();
    page::document(title, Some(admin), Some(Section::Users), content)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: PATH,
        searched: "Username, e-mail, number, session, jti or address",
        asked,
        names: &FIELDS,
    };
    let statuses = [("active", "active"), ("shut-out", "shut out")];
    let roles = [
        ("staff", "staff and superusers"),
        ("superuser", "superusers"),
    ];
    view! {
        <h1 class="page__title">{Section::Users.title()}</h1>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "type", "Role", &roles)}
                    {day(asked, "from", "Joined from")}
                    {day(asked, "until", "Joined until")}
                }
                    .into_any(),
            )}
    }
}
