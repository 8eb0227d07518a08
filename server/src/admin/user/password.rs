//! `/admin/users/{id}/password/`: sets a user's password, which ends their sessions and their API token.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::wrong::{Wrong, explain};
use super::{done, facts, manager, path, sessions_end};
use crate::admin::field::{Asks, Field, check_reason, reason};
use crate::admin::listing::Id;
use crate::admin::page::{self, Section};
use crate::admin::sudo::{ConfirmedForm, password_if_due};
use crate::admin::{Admin, Superuser, refusal};
use crate::error::Result;
use crate::state::{AppState, Server};
use crate::store::{Origin, UserFacts};

/// `GET`: the form.
pub async fn form(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
) -> Response {
    match facts(&state, &id).await {
        Ok(facts) => {
            let due = password_if_due(&admin, state.clock.now());
            show(&admin, &facts, "", &Wrong::default(), due).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// `POST`: sets it, and leads back to the user.
pub async fn save(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
    origin: Origin,
    ConfirmedForm(mut form): ConfirmedForm,
) -> Response {
    let facts = match facts(&state, &id).await {
        Ok(facts) => facts,
        Err(error) => return refusal::page(&error),
    };
    let password = form.take("password").unwrap_or_default();
    let set = match check_reason(form.get("reason")) {
        Ok(note) => set(&state, &admin, &facts, password, note, origin).await,
        Err(sentence) => Ok(Err(Wrong::one("reason", sentence))),
    };
    match set {
        Ok(Ok(())) => done(facts.user.id, "password").into_response(),
        Ok(Err(wrong)) => {
            let page = show(&admin, &facts, form.get("reason"), &wrong, None);
            (wrong.status(), page).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn set(
    state: &Server,
    admin: &Admin,
    facts: &UserFacts,
    password: String,
    note: String,
    origin: Origin,
) -> Result<std::result::Result<(), Wrong>> {
    let (id, by) = (facts.user.user_id(), manager(admin, note, origin));
    match state.set_password(id, password.into(), by).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => explain(state, error, ("", ""), Some(id)).await.map(Err),
    }
}

fn show(
    admin: &Admin,
    facts: &UserFacts,
    typed: &str,
    wrong: &Wrong,
    due: Option<AnyView>,
) -> impl IntoResponse {
    let user = &facts.user;
    let title = format!("Set the password of {}", user.username);
    let password = Field {
        name: "password",
        label: "New password",
        asks: Asks::NewPassword,
        value: String::new(),
        hint: "At least 8 characters. You will know it: ask them to change it.",
        wrong: wrong.about("password"),
    };
    let ends = if user.id == admin.user.id {
        "All your sessions end but the one you are working in.".to_owned()
    } else {
        sessions_end(facts.live_sessions)
    };
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">{title.clone()}</h1>
            {wrong.notice()}
            <p>{ends} " Their API token is over, too. They sign in again with the new password."</p>
            <p class="muted">"This can not be undone."</p>
            <form class="stack" method="post" action=path(user.id, "password/")>
                {password.show()}
                {reason(typed, wrong.about("reason"))}
                {due}
                <div class="actions">
                    <button class="btn btn--danger">"Set the password"</button>
                    <a class="btn btn--quiet" href=path(user.id, "")>"Cancel"</a>
                </div>
            </form>
        </section>
    };
    page::document(&title, Some(admin), Some(Section::Users), content)
}
