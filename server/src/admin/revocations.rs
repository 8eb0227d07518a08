//! `/admin/revocations/`: what was revoked in the admin, by whom and why, and how far it is. The page of a revocation is
//! where its deed leads to.

mod one;
mod words;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::list::grouped;
use super::listing::{Id, Parameters};
use super::show::moment;
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::state::{AppState, Server};
use crate::store::{Target, UnreadableWarrant, Warrant, WarrantId};
use words::{badge, state};

/// Where the latest ones are.
pub const PATH: &str = "/admin/revocations/";

/// Browsers load the page again, without a script, after as many seconds.
const REFRESH: (HeaderName, HeaderValue) = (
    HeaderName::from_static("refresh"),
    HeaderValue::from_static("2"),
);

/// The page of a revocation.
#[must_use]
pub fn path(id: WarrantId) -> String {
    format!("{PATH}{}/", id.0)
}

/// `GET /admin/revocations/`: the latest ones.
pub async fn list(admin: Admin, State(state): State<AppState>) -> Response {
    match state.store.warrants().await {
        Ok(warrants) => all(&admin, &warrants, state.clock.now()).into_response(),
        Err(error) => refusal::page(&error.into()),
    }
}

/// `GET /admin/revocations/{id}/`: one of them. While it goes on, the page comes again by itself.
pub async fn one(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let (now, immediate) = (state.clock.now(), state.settings.immediate_revocation);
    let page = |content| page::document("Revocation", Some(&admin), None, content);
    match warrant(&state, &id).await {
        Ok(Ok(warrant)) => {
            let page = page(one::readable(&warrant, immediate, asked.get("next"), now));
            match warrant.finished_at {
                Some(_) => page.into_response(),
                None => ([REFRESH], page).into_response(),
            }
        }
        Ok(Err(other)) => page(one::unreadable(&other, now)).into_response(),
        Err(error) => refusal::page(&error),
    }
}

async fn warrant(
    state: &Server,
    id: &str,
) -> Result<std::result::Result<Warrant, UnreadableWarrant>> {
    let id = id.parse().map(WarrantId).map_err(|_| Error::NotFound)?;
    state.store.warrant(id).await?.ok_or(Error::NotFound)
}

fn all(
    admin: &Admin,
    warrants: &[std::result::Result<Warrant, UnreadableWarrant>],
    now: UnixSeconds,
) -> impl IntoResponse + use<> {
    let rows = warrants.iter().map(|warrant| match warrant {
        Ok(warrant) => line(warrant, now).into_any(),
        Err(other) => unreadable(other, now).into_any(),
    });
    let table = if warrants.is_empty() {
        view! { <p class="empty">"Nothing was revoked here yet."</p> }.into_any()
    } else {
        view! {
            <div class="table-wrap">
                <table class="table">
                    <caption class="visually-hidden">"The latest revocations, latest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"Sessions ended"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"By"</th>
                            <th scope="col">"Reason"</th>
                            <th scope="col">"Begun"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let content = view! {
        <h1 class="page__title">"Latest revocations"</h1>
        <p class="muted">"What was revoked in the admin. None of it can be taken back."</p>
        {table}
    };
    page::document("Latest revocations", Some(admin), None, content)
}

fn line(warrant: &Warrant, now: UnixSeconds) -> impl IntoView + use<> {
    let (href, what) = (path(warrant.id), warrant.target.to_string());
    let ended = match warrant.target {
        Target::Token { .. } if warrant.target.is_access_token() => "–".to_owned(),
        _ => grouped(warrant.ended),
    };
    view! {
        <tr>
            <th scope="row" data-label="What"><a href=href>{what}</a></th>
            <td data-label="Sessions ended">{ended}</td>
            <td data-label="State">{badge(warrant)}</td>
            <td data-label="By">{warrant.actor.clone()}</td>
            <td data-label="Reason">{warrant.note.clone()}</td>
            <td data-label="Begun">{moment(warrant.begun_at, now)}</td>
        </tr>
    }
}

/// One that another version of this program wrote.
fn unreadable(other: &UnreadableWarrant, now: UnixSeconds) -> impl IntoView + use<> {
    let href = path(other.id);
    view! {
        <tr>
            <th scope="row" data-label="What">
                <a href=href>"Written by another version of Jotward: it can not be read, nor carried out, here"</a>
            </th>
            <td data-label="Sessions ended">{grouped(other.ended)}</td>
            <td data-label="State">{state(other.finished_at)}</td>
            <td data-label="By">{other.actor.clone()}</td>
            <td data-label="Reason">{other.note.clone()}</td>
            <td data-label="Begun">{moment(other.begun_at, now)}</td>
        </tr>
    }
}
