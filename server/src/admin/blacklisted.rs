//! `/admin/blacklisted/`: tokens that must not be used again, latest first.

mod filter;
mod table;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::list::{
    Asked, EXPORT_ROWS, Form, Format, choice, counted, day, empty, file, pager, stopped, text,
    tools, unreadable,
};
use super::listing::Parameters;
use super::page::Section;
use super::show::words;
use super::{Admin, Confirmed, page, refusal};
use crate::session::EndReason;
use crate::state::AppState;
use crate::store::PAGE_SIZE;
use crate::token::TokenType;

/// Its address.
const PATH: &str = "/admin/blacklisted/";

/// The fields of its filter, beside the search.
const FIELDS: [&str; 9] = [
    "status", "type", "reason", "actor", "user", "session", "address", "from", "until",
];

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, parameters: Parameters) -> Response {
    let mut asked = Asked::new(&parameters);
    let read = match filter::read(&state.store, &mut asked).await {
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
    let (filter, orders) = (&read.filter, read.filter.orders());
    let order = asked.order(orders);
    let (part, size) = (asked.part(&order), PAGE_SIZE);
    let (found, count) = match state.store.blacklisted(filter, order, &part, size).await {
        Ok(found) => found,
        Err(error) => return refusal::page(&error.into()),
    };
    let rows = if found.rows.is_empty() && !found.gave_up {
        empty(&asked, &FIELDS).into_any()
    } else {
        table::table(&asked, &found.rows, order, orders, state.clock.now()).into_any()
    };
    let content = view! {
        {top(&asked)}
        {read.more_users.then(|| view! { <p class="notice notice--info">"More than 20 users match; these are the tokens of 20 of them. Type more of the name."</p> })}
        {tools(PATH, &asked, counted(count, "token", "tokens"), None)}
        {rows}
        {stopped(PATH, &asked, &found)}
        {pager(PATH, &asked, &found)}
    };
    document(&admin, content).into_response()
}

/// `GET /admin/blacklisted/export.csv` and `.json`: all that match, without pages.
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
    let filter = match filter::read(&state.store, &mut asked).await {
        Ok(read) if !asked.is_wrong() => Arc::new(read.filter),
        Ok(_) => return refusal::unreadable_filter(),
        Err(error) => return refusal::page(&error.into()),
    };
    let order = asked.order(filter.orders());
    file(format, "blacklisted", move |part| {
        let (state, filter) = (Arc::clone(&state), Arc::clone(&filter));
        async move {
            let found = state
                .store
                .blacklisted_uncounted(&filter, order, &part, EXPORT_ROWS);
            found.await
        }
    })
}

fn document(admin: &Admin, content: impl IntoView + 'static) -> impl IntoResponse {
    let title = Section::Blacklisted.title();
    page::document(title, Some(admin), Some(Section::Blacklisted), content)
}

fn top(asked: &Asked<'_>) -> impl IntoView + use<> {
    let form = Form {
        path: PATH,
        searched: "Username, e-mail, jti, session or address",
        asked,
        names: &FIELDS,
    };
    let statuses = [
        ("revoked", "revoked"),
        ("rotated", "rotated: spent by a refresh"),
    ];
    let types = TokenType::ALL.map(|kind| (kind.as_str(), kind.as_str()));
    let reasons = EndReason::ALL.map(|reason| (reason.as_str(), words(reason.as_str())));
    view! {
        <h1 class="page__title">{Section::Blacklisted.title()}</h1>
        <p class="muted">"Tokens that are refused before their time. There is no way back from this list: nobody can take a token off it."</p>
        {form
            .view(
                view! {
                    {choice(asked, "status", "Status", &statuses)}
                    {choice(asked, "type", "Type", &types)}
                    {choice(asked, "reason", "Reason", &reasons)}
                    {text(asked, "actor", "By whom")}
                    {text(asked, "address", "Address or block")}
                    {day(asked, "from", "Blacklisted from")}
                    {day(asked, "until", "Blacklisted until")}
                    {text(asked, "user", "User number")}
                    {text(asked, "session", "Session id")}
                }
                    .into_any(),
            )}
    }
}
