//! `/admin/api-tokens/`: who has an API token, and ending one. The tokens are not stored and can not be shown.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::confirm::{self, Own, Question, Typed};
use super::listing::{Id, Parameters, address, nothing, pager, search};
use super::page::Section;
use super::show::moment;
use super::sudo::{ConfirmedForm, password_if_due};
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::lifecycle::{Actor, Ended};
use crate::state::{AppState, Server};
use crate::store::{Direction, ListedApiToken, Origin, Page};
use crate::token::UserId;

/// `GET`: one page of the list.
pub async fn list(admin: Admin, State(state): State<AppState>, asked: Parameters) -> Response {
    let text = asked.get("q").trim();
    match state.store.api_tokens(text, direction(&asked)).await {
        Ok(found) => show(&admin, &asked, text, &found, state.clock.now()).into_response(),
        Err(error) => refusal::page(&error.into()),
    }
}

/// `GET /admin/api-tokens/{id}/reset/`, where the id is the user's number.
pub async fn ask(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    match token(&state, &id).await {
        Ok(row) => {
            let now = state.clock.now();
            let question = Question {
                password: password_if_due(&admin, now),
                ..about(&row, asked.get("q"), now)
            };
            confirm::page(&admin, question, &Typed::default(), None).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// `POST /admin/api-tokens/{id}/reset/`.
pub async fn reset(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    origin: Origin,
    asked: Parameters,
    ConfirmedForm(form): ConfirmedForm,
) -> Response {
    let row = match token(&state, &id).await {
        Ok(row) => row,
        Err(error) => return refusal::page(&error),
    };
    let typed = Typed::of(&form);
    let actor = match typed.check(Own::Apart) {
        Ok(note) => Actor {
            name: admin.user.username.clone(),
            note,
            origin,
        },
        Err(wrong) => {
            let question = about(&row, asked.get("q"), state.clock.now());
            let page = confirm::page(&admin, question, &typed, Some(&wrong));
            return (StatusCode::BAD_REQUEST, page).into_response();
        }
    };
    let reset = state.reset_api_token(UserId(row.user_id), &row.username, &actor);
    let done = match reset.await {
        Ok(Ended::Now) => "reset",
        Ok(Ended::Before) => "before",
        Err(error) => return refusal::page(&error),
    };
    Redirect::to(&back(asked.get("q"), done)).into_response()
}

async fn token(state: &Server, id: &str) -> Result<ListedApiToken> {
    let user = id.parse().map(UserId).map_err(|_| Error::NotFound)?;
    let row = state.store.api_token_of(user).await?;
    row.ok_or(Error::NotFound)
}

fn about(row: &ListedApiToken, search: &str, now: UnixSeconds) -> Question {
    let path = format!("/admin/api-tokens/{}/reset/", row.user_id);
    Question {
        title: "Reset this API token?".to_owned(),
        consequence: view! {
            <p>
                "It is refused from now on, in every program that uses it. The user's next login for one makes another. Sessions go on."
            </p>
            <p class="muted">"This can not be undone."</p>
        }
        .into_any(),
        hidden: Vec::new(),
        action: address(&path, &[("q", search)]),
        back: back(search, ""),
        button: "Reset the API token",
        facts: facts(row, now),
        own: Own::Apart,
        with_api_token: false,
        password: None,
        over: None,
    }
}

fn facts(row: &ListedApiToken, now: UnixSeconds) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{row.username.clone()}</dd>
            <dt>"Made"</dt>
            <dd>{moment(row.created_at, now)}</dd>
            <dt>"Last used"</dt>
            <dd>{last_used(row, now)}</dd>
        </dl>
    }
    .into_any()
}

/// The list one came from, with the search that was made there.
fn back(search: &str, done: &str) -> String {
    address(Section::ApiTokens.path(), &[("q", search), ("done", done)])
}

fn direction(asked: &Parameters) -> Direction<UserId> {
    asked.direction(|key| key.parse().ok().map(UserId))
}

fn show(
    admin: &Admin,
    asked: &Parameters,
    text: &str,
    found: &Page<ListedApiToken>,
    now: UnixSeconds,
) -> impl IntoResponse {
    let content = view! {
        <h1 class="page__title">{Section::ApiTokens.title()}</h1>
        <p class="muted">
            "One a user, for programs; good until it is reset, or the user's password changes. The tokens themselves are never stored."
        </p>
        {notice(asked.get("done"))}
        {search(Section::ApiTokens, text)}
        {if found.rows.is_empty() { nothing(text).into_any() } else { table(&found.rows, text, now).into_any() }}
        {pager(Section::ApiTokens, text, found.edges(|row| row.user_id.to_string()))}
    };
    page::document(
        Section::ApiTokens.title(),
        Some(admin),
        Some(Section::ApiTokens),
        content,
    )
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

fn table(rows: &[ListedApiToken], search: &str, now: UnixSeconds) -> impl IntoView + use<> {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Users who have an API token, latest user first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"User"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows.iter().map(|row| line(row, search, now)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(row: &ListedApiToken, search: &str, now: UnixSeconds) -> impl IntoView + use<> {
    let path = format!("/admin/api-tokens/{}/reset/", row.user_id);
    let href = address(&path, &[("q", search)]);
    let label = format!("Reset the API token of {}", row.username);
    view! {
        <tr>
            <th scope="row" data-label="User">{row.username.clone()}</th>
            <td data-label="Made">{moment(row.created_at, now)}</td>
            <td data-label="Last used">{last_used(row, now)}</td>
            <td>
                <div class="actions">
                    <a class="btn btn--quiet btn--small" href=href aria-label=label>"Reset"</a>
                </div>
            </td>
        </tr>
    }
}

fn last_used(row: &ListedApiToken, now: UnixSeconds) -> AnyView {
    match row.last_used_at {
        Some(at) => moment(at, now).into_any(),
        None => "never".into_any(),
    }
}
