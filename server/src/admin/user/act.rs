//! `/admin/users/{id}/activate/`, `deactivate/` and `delete/`: a page that says what it will do, then the deed, then back.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::wrong::{Wrong, explain};
use super::{done, facts, manager, path, sessions_end};
use crate::account::Change;
use crate::admin::field::{check_reason, reason};
use crate::admin::form::Form;
use crate::admin::listing::{Id, address};
use crate::admin::page::{self, Section};
use crate::admin::sudo::{ConfirmedForm, password_if_due};
use crate::admin::{Admin, Superuser, refusal};
use crate::error::Result;
use crate::state::{AppState, Server};
use crate::store::{Origin, UserFacts};

/// What is done to a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    Activate,
    Deactivate,
    Delete,
}

/// `GET /admin/users/{id}/activate/`.
pub async fn ask_activate(by: Superuser, state: State<AppState>, id: Id) -> Response {
    ask(Act::Activate, by, state, id).await
}

/// `POST /admin/users/{id}/activate/`.
pub async fn activate(
    by: Superuser,
    state: State<AppState>,
    id: Id,
    origin: Origin,
    form: ConfirmedForm,
) -> Response {
    act(Act::Activate, by, state, id, origin, form).await
}

/// `GET /admin/users/{id}/deactivate/`.
pub async fn ask_deactivate(by: Superuser, state: State<AppState>, id: Id) -> Response {
    ask(Act::Deactivate, by, state, id).await
}

/// `POST /admin/users/{id}/deactivate/`.
pub async fn deactivate(
    by: Superuser,
    state: State<AppState>,
    id: Id,
    origin: Origin,
    form: ConfirmedForm,
) -> Response {
    act(Act::Deactivate, by, state, id, origin, form).await
}

/// `GET /admin/users/{id}/delete/`.
pub async fn ask_delete(by: Superuser, state: State<AppState>, id: Id) -> Response {
    ask(Act::Delete, by, state, id).await
}

/// `POST /admin/users/{id}/delete/`.
pub async fn delete(
    by: Superuser,
    state: State<AppState>,
    id: Id,
    origin: Origin,
    form: ConfirmedForm,
) -> Response {
    act(Act::Delete, by, state, id, origin, form).await
}

impl Act {
    fn change(self) -> Change {
        match self {
            Self::Activate => Change::Activate,
            Self::Deactivate => Change::Deactivate,
            Self::Delete => Change::Delete,
        }
    }

    fn page(self) -> &'static str {
        match self {
            Self::Activate => "activate/",
            Self::Deactivate => "deactivate/",
            Self::Delete => "delete/",
        }
    }

    fn title(self, name: &str) -> String {
        match self {
            Self::Activate => format!("Let {name} in again?"),
            Self::Deactivate => format!("Deactivate {name}?"),
            Self::Delete => format!("Delete {name}?"),
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Activate => "Activate the user",
            Self::Deactivate => "Deactivate the user",
            Self::Delete => "Delete the user",
        }
    }

    fn consequence(self, facts: &UserFacts) -> String {
        match self {
            Self::Activate => "They can sign in again. Sessions that ended stay ended.".to_owned(),
            Self::Deactivate => format!(
                "They can not sign in any more, and their API token is over. {} You can let them in again later.",
                sessions_end(facts.live_sessions)
            ),
            Self::Delete => format!(
                "The user is gone for good, with their devices and their API token. {} Sessions and events stay on \
                 record. To shut somebody out for a while, deactivate them.",
                sessions_end(facts.live_sessions)
            ),
        }
    }

    /// Whether it revokes something, and so wants a reason.
    fn revokes(self) -> bool {
        self != Self::Activate
    }
}

async fn ask(
    act: Act,
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
) -> Response {
    match facts(&state, &id).await {
        Ok(facts) => {
            let due = password_if_due(&admin, state.clock.now());
            show(act, &admin, &facts, "", &Wrong::default(), due).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn act(
    act: Act,
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
    origin: Origin,
    ConfirmedForm(form): ConfirmedForm,
) -> Response {
    let facts = match facts(&state, &id).await {
        Ok(facts) => facts,
        Err(error) => return refusal::page(&error),
    };
    match change(act, &state, &admin, &facts, &form, origin).await {
        Ok(Ok(())) => after(act, &facts).into_response(),
        Ok(Err(wrong)) => {
            let page = show(act, &admin, &facts, form.get("reason"), &wrong, None);
            (wrong.status(), page).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn change(
    act: Act,
    state: &Server,
    admin: &Admin,
    facts: &UserFacts,
    form: &Form,
    origin: Origin,
) -> Result<std::result::Result<(), Wrong>> {
    let note = match check_reason(form.get("reason")) {
        Ok(note) => note,
        Err(_) if !act.revokes() => String::new(),
        Err(sentence) => return Ok(Err(Wrong::one("reason", sentence))),
    };
    let (id, by) = (facts.user.user_id(), manager(admin, note, origin));
    match state.change_user(id, act.change(), by).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => explain(state, error, ("", ""), Some(id)).await.map(Err),
    }
}

fn after(act: Act, facts: &UserFacts) -> Redirect {
    match act {
        Act::Activate => done(facts.user.id, "activated"),
        Act::Deactivate => done(facts.user.id, "deactivated"),
        Act::Delete => {
            let whose = facts.user.id.to_string();
            let told = [("done", "deleted"), ("whose", &whose)];
            Redirect::to(&address(Section::Users.path(), &told))
        }
    }
}

fn show(
    act: Act,
    admin: &Admin,
    facts: &UserFacts,
    typed: &str,
    wrong: &Wrong,
    due: Option<AnyView>,
) -> impl IntoResponse {
    let user = &facts.user;
    let title = act.title(&user.username);
    let is_own = act.revokes() && user.id == admin.user.id;
    let form = if is_own {
        not_yourself().into_any()
    } else {
        form(act, facts, typed, wrong, due).into_any()
    };
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">{title.clone()}</h1>
            {wrong.notice()}
            {form}
            <p>
                <a href=path(user.id, "")>{format!("Back to {}", user.username)}</a>
            </p>
        </section>
    };
    page::document(&title, Some(admin), Some(Section::Users), content)
}

fn not_yourself() -> impl IntoView {
    view! { <p class="notice notice--info">"This is you. So that nobody shuts themselves out by mistake, another superuser has to do it."</p> }
}

fn form(
    act: Act,
    facts: &UserFacts,
    typed: &str,
    wrong: &Wrong,
    due: Option<AnyView>,
) -> impl IntoView + use<> {
    let is_final = act == Act::Delete;
    let why = act.revokes().then(|| reason(typed, wrong.about("reason")));
    let class = if act.revokes() {
        "btn btn--danger"
    } else {
        "btn btn--primary"
    };
    view! {
        <p>{act.consequence(facts)}</p>
        {is_final.then(|| view! { <p class="muted">"This can not be undone."</p> })}
        <form class="stack" method="post" action=path(facts.user.id, act.page())>
            {why}
            {due}
            <div class="actions">
                <button class=class>{act.button()}</button>
            </div>
        </form>
    }
}
