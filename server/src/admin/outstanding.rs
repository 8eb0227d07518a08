//! `/admin/outstanding/`: every token that was issued, newest first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::listing::{self, Parameters, address, nothing, pager};
use super::page::Section;
use super::show::{Status, last_part, moment, shortened, user};
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::state::AppState;
use crate::store::{Direction, OutstandingRow, Page, TokenId};

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, asked: Parameters) -> Response {
    let text = asked.get("q").trim();
    match state.store.outstanding(text, direction(&asked)).await {
        Ok(found) => show(&admin, &asked, text, &found, state.clock.now()).into_response(),
        Err(error) => refusal::page(&error.into()),
    }
}

fn direction(asked: &Parameters) -> Direction<TokenId> {
    asked.direction(|key| key.parse().ok().map(TokenId))
}

fn show(
    admin: &Admin,
    asked: &Parameters,
    text: &str,
    found: &Page<OutstandingRow>,
    now: UnixSeconds,
) -> impl IntoResponse {
    let content = view! {
        <h1 class="page__title">{Section::Outstanding.title()}</h1>
        <p class="muted">"Every token that was issued or taken over. The tokens themselves are never stored."</p>
        {notice(asked.get("done"))}
        {listing::search(Section::Outstanding, text)}
        {if found.rows.is_empty() { nothing(text).into_any() } else { table(&found.rows, text, now).into_any() }}
        {pager(Section::Outstanding, text, found.edges(|row| row.id.to_string()))}
    };
    page::document(
        Section::Outstanding.title(),
        Some(admin),
        Some(Section::Outstanding),
        content,
    )
}

fn notice(done: &str) -> impl IntoView + use<> {
    let (class, text) = match done {
        "token-blacklisted" => ("notice notice--ok", "The token is blacklisted."),
        "session-ended" => (
            "notice notice--ok",
            "The session has ended. None of its tokens is accepted any more.",
        ),
        "before" => (
            "notice notice--info",
            "That had been revoked before. The first reason stays on record.",
        ),
        _ => return None,
    };
    Some(view! { <p class=class role="status">{text}</p> })
}

fn table(rows: &[OutstandingRow], search: &str, now: UnixSeconds) -> impl IntoView + use<> {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Outstanding tokens, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"User"</th>
                        <th scope="col">"jti"</th>
                        <th scope="col">"Session · generation"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"Issued"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows.iter().map(|row| line(row, search, now)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(row: &OutstandingRow, search: &str, now: UnixSeconds) -> impl IntoView + use<> {
    let status = Status::of(row, now);
    let detail = row
        .end_reason
        .as_deref()
        .filter(|_| status == Status::Ended);
    view! {
        <tr>
            <th scope="row" data-label="User">{user(row.username.as_deref())}</th>
            <td data-label="jti">{shortened(&row.jti)}</td>
            <td data-label="Session">
                <span>
                    <span class="mono" title=row.session_id.clone()>
                        {last_part(&row.session_id)}
                    </span>
                    <span class="muted">{format!(" · {}", row.generation)}</span>
                </span>
            </td>
            <td data-label="Type">{row.token_type.clone()}</td>
            <td data-label="Issued">{moment(row.created_at, now)}</td>
            <td data-label="Expires">{moment(row.expires_at, now)}</td>
            <td data-label="Status">{status.badge(detail)}</td>
            <td>{actions(row, search, status)}</td>
        </tr>
    }
}

fn actions(row: &OutstandingRow, search: &str, status: Status) -> impl IntoView + use<> {
    let blacklist = (status == Status::Live).then(|| {
        let path = format!("/admin/outstanding/{}/blacklist/", row.id);
        let href = address(&path, &[("q", search)]);
        let label = format!("Blacklist token {}", row.jti);
        view! { <a class="btn btn--quiet btn--small" href=href aria-label=label>"Blacklist"</a> }
    });
    let end = row.ended_at.is_none().then(|| {
        let path = format!("/admin/sessions/{}/end/", row.session_id);
        let href = address(&path, &[("q", search)]);
        let label = format!("End session {}", row.session_id);
        view! { <a class="btn btn--quiet btn--small" href=href aria-label=label>"End session"</a> }
    });
    view! { <div class="actions">{blacklist} {end}</div> }
}
