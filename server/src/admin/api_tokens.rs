//! `/admin/api-tokens/`: who has an API token, and ending one. The tokens are not stored and can not be shown.

mod filter;
mod list;
mod table;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::confirm::{self, Ask, Own, Question, Typed};
use super::listing::{Id, Parameters, address};
use super::page::Section;
use super::show::moment;
use super::sudo::{ConfirmedForm, password_if_due};
use super::{Admin, refusal};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::lifecycle::{Actor, Ended};
use crate::state::{AppState, Server};
use crate::store::{ListedApiToken, Origin};
use crate::token::UserId;

pub use list::{export, list};

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
            let due = password_if_due(&admin, now);
            let question = about(&row, asked.get("q"), due, now);
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
            let question = about(&row, asked.get("q"), None, state.clock.now());
            let page = confirm::page(&admin, question, &typed, Some(&wrong));
            return (StatusCode::BAD_REQUEST, page).into_response();
        }
    };
    let reset = state.reset_api_token(UserId(row.user_id), &row.username, &actor);
    match reset.await {
        Ok(Ended::Now | Ended::Before) => {
            let (path, whose) = (Section::ApiTokens.path(), row.user_id.to_string());
            let told = [("q", asked.get("q")), ("done", "reset"), ("whose", &whose)];
            Redirect::to(&address(path, &told)).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn token(state: &Server, id: &str) -> Result<ListedApiToken> {
    let user = id.parse().map(UserId).map_err(|_| Error::NotFound)?;
    let row = state.store.api_token_of(user).await?;
    row.ok_or(Error::NotFound)
}

fn about(row: &ListedApiToken, search: &str, due: Option<AnyView>, now: UnixSeconds) -> Question {
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
        form: Ask {
            action: address(&path, &[("q", search)]),
            hidden: Vec::new(),
            back: address(Section::ApiTokens.path(), &[("q", search)]),
            button: "Reset the API token",
            own: Own::Apart,
            with_api_token: false,
            password: due,
        },
        facts: facts(row, now),
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
            <dd>{table::last_used(row, now)}</dd>
        </dl>
    }
    .into_any()
}
