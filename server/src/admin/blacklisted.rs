//! `/admin/blacklisted/`: tokens that must not be used again, latest first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::listing::{Parameters, nothing, pager, search};
use super::page::Section;
use super::show::{last_part, moment, shortened, user, words};
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::state::AppState;
use crate::store::{BlacklistedPosition, BlacklistedRow, Page, ROTATED, TokenId};

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, asked: Parameters) -> Response {
    let text = asked.get("q").trim();
    match state.store.blacklisted(text, asked.direction(parse)).await {
        Ok(found) => show(&admin, text, &found, state.clock.now()).into_response(),
        Err(error) => refusal::page(&error.into()),
    }
}

fn parse(key: &str) -> Option<BlacklistedPosition> {
    let (at, id) = key.split_once('-')?;
    Some(BlacklistedPosition {
        at: at.parse().ok()?,
        id: TokenId(id.parse().ok()?),
    })
}

fn key(row: &BlacklistedRow) -> String {
    format!("{}-{}", row.blacklisted_at, row.token_id)
}

fn show(
    admin: &Admin,
    text: &str,
    found: &Page<BlacklistedRow>,
    now: UnixSeconds,
) -> impl IntoResponse {
    let content = view! {
        <h1 class="page__title">{Section::Blacklisted.title()}</h1>
        <p class="muted">"Tokens that are refused before their time. There is no way back from this list."</p>
        {search(Section::Blacklisted, text)}
        {if found.rows.is_empty() { nothing(text).into_any() } else { table(&found.rows, now).into_any() }}
        {pager(Section::Blacklisted, text, found.edges(key))}
    };
    page::document(
        Section::Blacklisted.title(),
        Some(admin),
        Some(Section::Blacklisted),
        content,
    )
}

fn table(rows: &[BlacklistedRow], now: UnixSeconds) -> impl IntoView + use<> {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Blacklisted tokens, latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"User"</th>
                        <th scope="col">"jti"</th>
                        <th scope="col">"Session"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Issued"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col">"Blacklisted"</th>
                        <th scope="col">"Status"</th>
                    </tr>
                </thead>
                <tbody>{rows.iter().map(|row| line(row, now)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(row: &BlacklistedRow, now: UnixSeconds) -> impl IntoView + use<> {
    let class = match row.reason.as_str() {
        ROTATED => "badge badge--rotated",
        _ => "badge badge--blacklisted",
    };
    let reason = match &row.actor {
        Some(actor) => format!("revoked by {actor}"),
        None => words(&row.reason).to_owned(),
    };
    let note = row
        .note
        .clone()
        .map(|note| view! { <p class="muted">{note}</p> });
    view! {
        <tr>
            <th scope="row" data-label="User">{user(row.username.as_deref())}</th>
            <td data-label="jti">{shortened(&row.jti)}</td>
            <td data-label="Session">
                <span class="mono" title=row.session_id.clone()>
                    {last_part(&row.session_id)}
                </span>
            </td>
            <td data-label="Type">{row.token_type.clone()}</td>
            <td data-label="Issued">{moment(row.created_at, now)}</td>
            <td data-label="Expires">{moment(row.expires_at, now)}</td>
            <td data-label="Blacklisted">{moment(row.blacklisted_at, now)}</td>
            <td data-label="Status">
                <div class="stack">
                    <span class=class>{reason}</span>
                    {note}
                </div>
            </td>
        </tr>
    }
}
