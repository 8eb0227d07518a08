//! `/admin/revocations/`: what was revoked in the admin, by whom and why, and how far it is. The page of a revocation is
//! where its deed leads to; it is made from the record, so that no link can make it say what did not happen.

mod words;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::list::grouped;
use super::listing::{Id, Parameters, address};
use super::login::local;
use super::page::Section;
use super::show::moment;
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::event::Kind;
use crate::state::{AppState, Server};
use crate::store::{Count, Target, UnreadableWarrant, Warrant, WarrantId};
use words::{badge, banner, state};

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
    match warrant(&state, &id).await {
        Ok(warrant) => {
            let page = show(&admin, &state, &warrant, asked.get("next"));
            match warrant.finished_at {
                Some(_) => page.into_response(),
                None => ([REFRESH], page).into_response(),
            }
        }
        Err(error) => refusal::page(&error),
    }
}

async fn warrant(state: &Server, id: &str) -> Result<Warrant> {
    let id = id.parse().map(WarrantId).map_err(|_| Error::NotFound)?;
    state.store.warrant(id).await?.ok_or(Error::NotFound)
}

fn show(admin: &Admin, state: &Server, warrant: &Warrant, next: &str) -> impl IntoResponse + use<> {
    let now = state.clock.now();
    let (class, text) = banner(warrant, state.settings.immediate_revocation);
    let on = (!next.is_empty()).then(|| {
        let href = local(next);
        view! { <a class="btn btn--primary" href=href>"Back to where you were"</a> }
    });
    let finished = warrant.finished_at.map(|at| {
        view! {
            <dt>"Finished"</dt>
            <dd>{moment(at, now)}</dd>
        }
    });
    let content = view! {
        <section class="card stack">
            <h1 class="page__title">"Revocation"</h1>
            <p class=class role="status">{text}</p>
            {progress(warrant)}
            <dl class="facts">
                <dt>"What"</dt>
                <dd>{warrant.target.to_string()}</dd>
                <dt>"Reason"</dt>
                <dd>{warrant.note.clone()}</dd>
                <dt>"By"</dt>
                <dd>{warrant.actor.clone()}</dd>
                <dt>"Begun"</dt>
                <dd>{moment(warrant.begun_at, now)}</dd>
                {finished}
                {spared(warrant)}
            </dl>
            {who(warrant)}
            <div class="actions">
                {on}
                <a class="btn btn--quiet" href=PATH>"Latest revocations"</a>
            </div>
        </section>
    };
    page::document("Revocation", Some(admin), None, content)
}

/// The way to whom it hit: what its actor ended on those days. Events are the record that no clean-up of sessions thins.
fn who(warrant: &Warrant) -> Option<impl IntoView + use<>> {
    if warrant.ended == 0 || warrant.target.is_access_token() {
        return None;
    }
    let day = |at: UnixSeconds| {
        let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        at.date().to_string()
    };
    let (from, until) = (day(warrant.begun_at), warrant.finished_at.map(day));
    let href = address(
        Section::Events.path(),
        &[
            ("kind", Kind::SessionExpired.as_str()),
            ("actor", &warrant.actor),
            ("from", &from),
            ("until", until.as_deref().unwrap_or_default()),
        ],
    );
    Some(view! {
        <p>
            <a href=href>{format!("Sessions that {} ended that day", warrant.actor)}</a>
        </p>
    })
}

/// How far it is, where there is something to wait for.
fn progress(warrant: &Warrant) -> Option<AnyView> {
    if warrant.finished_at.is_some() {
        return None;
    }
    // Without an end to it, it is only seen to go on.
    let max = match warrant.expected {
        Count::Exactly(n) if n > 0 => Some(n),
        Count::Exactly(_) | Count::AtLeast(_) => None,
    };
    let value = max.map(|max| warrant.ended.min(max));
    let bar = view! {
        <progress max=max value=value aria-label="Sessions ended"></progress>
        <p class="muted">"This page loads itself again every two seconds. You can leave it: the rest is done without you."</p>
    };
    Some(bar.into_any())
}

fn spared(warrant: &Warrant) -> Option<impl IntoView + use<>> {
    let is_of_interest = warrant.target.is_bulk() && warrant.spared.is_some();
    is_of_interest.then(|| {
        view! {
            <dt>"Left out"</dt>
            <dd>"the session it was done from"</dd>
        }
    })
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
    view! {
        <tr>
            <th scope="row" data-label="What">
                "Written by another version of Jotward: it can not be read, nor carried out, here"
            </th>
            <td data-label="Sessions ended">{grouped(other.ended)}</td>
            <td data-label="State">{state(other.finished_at)}</td>
            <td data-label="By">{other.actor.clone()}</td>
            <td data-label="Reason">{other.note.clone()}</td>
            <td data-label="Begun">{moment(other.begun_at, now)}</td>
        </tr>
    }
}
