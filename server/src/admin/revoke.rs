//! Revoking: a token, a session, all of a user, all on a device, what a filter finds, everyone. A page says what it will
//! end and asks why; then the deed; then (303) the page of what came of it. What the page showed is what ends: whoever
//! signs in meanwhile is left alone. There is no page that takes anything back, because there is no way to.

mod by_filter;
mod facts;
mod filter;
mod radius;
mod said;
mod subject;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::confirm::{self, Ask, Own, Question, Typed, Wrong};
use super::form::Form;
use super::listing::{Id, Parameters, address};
use super::revocations;
use super::sudo::{ConfirmedForApiToken, ConfirmedForm, password_if_due};
use super::{Admin, Superuser, refusal};
use crate::error::Result;
use crate::lifecycle::{Actor, Order};
use crate::state::{AppState, Server};
use crate::store::{Extent, Origin, Radius};
pub use by_filter::{ask_filter, ask_tokens, end_all, end_filter, end_tokens};
pub use filter::By;
pub use radius::alive;
use subject::Subject;

/// Where everyone's sessions are ended.
pub const EVERYONE: &str = "/admin/revoke/everyone/";

/// `GET /admin/outstanding/{id}/blacklist/`.
pub async fn ask_token(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let subject = subject::token(&state, &admin, &id, &asked).await;
    ask(&state, &admin, subject).await
}

/// `POST /admin/outstanding/{id}/blacklist/`.
pub async fn blacklist_token(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    form: Form,
) -> Response {
    let subject = subject::token(&state, &admin, &id, &asked).await;
    act(&state, &admin, subject, origin, &form).await
}

/// `GET /admin/sessions/{id}/end/`.
pub async fn ask_session(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let subject = subject::session(&state, &admin, &id, &asked).await;
    ask(&state, &admin, subject).await
}

/// `POST /admin/sessions/{id}/end/`.
pub async fn end_session(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    form: Form,
) -> Response {
    let subject = subject::session(&state, &admin, &id, &asked).await;
    act(&state, &admin, subject, origin, &form).await
}

/// `GET /admin/users/{id}/end-sessions/`.
pub async fn ask_user(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let subject = subject::user(&state, &admin, &id, &asked).await;
    ask(&state, &admin, subject).await
}

/// `POST /admin/users/{id}/end-sessions/`.
pub async fn end_user(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    ConfirmedForApiToken(form): ConfirmedForApiToken,
) -> Response {
    let subject = subject::user(&state, &admin, &id, &asked).await;
    act(&state, &admin, subject, origin, &form).await
}

/// `GET /admin/devices/{id}/end-sessions/`.
pub async fn ask_device(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let subject = subject::device(&state, &admin, &id, &asked).await;
    ask(&state, &admin, subject).await
}

/// `POST /admin/devices/{id}/end-sessions/`.
pub async fn end_device(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    form: Form,
) -> Response {
    let subject = subject::device(&state, &admin, &id, &asked).await;
    act(&state, &admin, subject, origin, &form).await
}

/// `GET /admin/revoke/everyone/`.
pub async fn ask_everyone(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    asked: Parameters,
) -> Response {
    ask(&state, &admin, Ok(subject::everyone(&asked))).await
}

/// `POST /admin/revoke/everyone/`.
pub async fn end_everyone(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    asked: Parameters,
    origin: Origin,
    ConfirmedForm(form): ConfirmedForm,
) -> Response {
    let subject = Ok(subject::everyone(&asked));
    act(&state, &admin, subject, origin, &form).await
}

/// The page that asks.
async fn ask(state: &Server, admin: &Admin, subject: Result<Subject>) -> Response {
    match subject {
        Ok(subject) => show(state, admin, subject, &Typed::default(), None).await,
        Err(error) => refusal::page(&error),
    }
}

/// The deed, if all that has to be said was.
async fn act(
    state: &Server,
    admin: &Admin,
    subject: Result<Subject>,
    origin: Origin,
    form: &Form,
) -> Response {
    let subject = match subject {
        Ok(subject) => subject,
        Err(error) => return refusal::page(&error),
    };
    let typed = Typed::of(form);
    let note = match typed.check(subject.own) {
        Ok(note) => note,
        Err(wrong) => return show(state, admin, subject, &typed, Some(&wrong)).await,
    };
    let name = admin.user.username.clone();
    let order = Order {
        spared: subject.spared(admin, typed.own_session),
        with_api_token: typed.api_token,
        actor: Actor { name, note, origin },
        target: subject.target,
        last_id: subject.last_id,
    };
    match state.revoke(order).await {
        Ok(_) if subject.own == Own::Itself => {
            Redirect::to("/admin/login/?done=own-session").into_response()
        }
        Ok(warrant) => {
            let path = revocations::path(warrant.id);
            Redirect::to(&address(&path, &[("next", &subject.back)])).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// The page with the numbers; what was wrong, if anything was.
async fn show(
    state: &Server,
    admin: &Admin,
    subject: Subject,
    typed: &Typed,
    wrong: Option<&Wrong>,
) -> Response {
    let radius = match radius_of(state, admin, &subject).await {
        Ok(radius) => radius,
        Err(error) => return refusal::page(&error),
    };
    let now = state.clock.now();
    let immediate = state.settings.immediate_revocation || subject.target.is_access_token();
    let numbers = radius::view(&radius, immediate, now);
    let lead = subject.lead;
    let for_good = if subject.target.is_access_token() {
        "there is no way to take a token off the blacklist."
    } else {
        "there is no way to take a token off the blacklist; people sign in again."
    };
    let question = Question {
        over: subject.over(&radius),
        title: subject.title,
        facts: subject.facts.view(now),
        consequence: view! {
            {numbers}
            <p>{lead}</p>
            <p>
                <strong>"This can not be undone: "</strong>
                {for_good}
            </p>
        }
        .into_any(),
        form: Ask {
            action: subject.action,
            hidden: subject.hidden,
            back: subject.back,
            button: subject.button,
            own: subject.own,
            with_api_token: subject.with_api_token,
            password: subject
                .is_sensitive
                .then(|| password_if_due(admin, now))
                .flatten(),
        },
    };
    let page = confirm::page(admin, question, typed, wrong);
    match wrong {
        Some(_) => (StatusCode::BAD_REQUEST, page).into_response(),
        None => page.into_response(),
    }
}

async fn radius_of(state: &Server, admin: &Admin, subject: &Subject) -> Result<Radius> {
    if let Some(radius) = subject.known_radius {
        return Ok(radius);
    }
    let extent = Extent {
        meant: subject.target.meant(),
        last_id: subject.last_id.clone(),
        spared: subject.spared(admin, false),
    };
    state.radius(&extent).await
}
