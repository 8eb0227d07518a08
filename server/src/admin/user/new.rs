//! `/admin/users/new/`: adds a user. Whoever adds one knows their first password, so it should be changed soon.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::edit::{self, Typed};
use super::wrong::{Wrong, explain};
use super::{manager, path};
use crate::account::{AddUser, ManageError, Role};
use crate::admin::field::{Asks, Field};
use crate::admin::listing::address;
use crate::admin::page::{self, Section};
use crate::admin::sudo::{ConfirmedForm, password_if_due};
use crate::admin::{Admin, Superuser, refusal};
use crate::error::Result;
use crate::state::{AppState, Server};
use crate::store::Origin;
use crate::token::UserId;

/// `GET`: the form.
pub async fn form(Superuser(admin): Superuser, State(state): State<AppState>) -> Response {
    let due = password_if_due(&admin, state.clock.now());
    show(&admin, Typed::default(), &Wrong::default(), due).into_response()
}

/// `POST`: adds the user, and leads to their page.
pub async fn add(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    origin: Origin,
    ConfirmedForm(mut form): ConfirmedForm,
) -> Response {
    let password = form.take("password").unwrap_or_default();
    let typed = Typed::of(&form);
    let added = match typed.role() {
        Ok(role) => add_user(&state, &admin, &typed, password, role, origin).await,
        Err(wrong) => Ok(Err(wrong)),
    };
    match added {
        Ok(Ok(id)) => Redirect::to(&address(&path(id.0, ""), &[("done", "added")])).into_response(),
        Ok(Err(wrong)) => {
            let page = show(&admin, typed, &wrong, None);
            (wrong.status(), page).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn add_user(
    state: &Server,
    admin: &Admin,
    typed: &Typed,
    password: String,
    role: Option<Role>,
    origin: Origin,
) -> Result<std::result::Result<UserId, Wrong>> {
    let user = AddUser {
        username: typed.username.clone(),
        email: typed.email.clone(),
        password: password.into(),
        is_active: true,
        is_staff: role.is_some(),
        is_superuser: role == Some(Role::Superuser),
    };
    let added = state.add_user(user, manager(admin, String::new(), origin));
    match added.await {
        Ok(id) => Ok(Ok(id)),
        Err(error) => refused(state, error, typed).await.map(Err),
    }
}

async fn refused(state: &Server, error: ManageError, typed: &Typed) -> Result<Wrong> {
    explain(state, error, (&typed.username, &typed.email), None).await
}

fn show(admin: &Admin, typed: Typed, wrong: &Wrong, due: Option<AnyView>) -> impl IntoResponse {
    let password = Field {
        name: "password",
        label: "Password",
        asks: Asks::NewPassword,
        value: String::new(),
        hint: "At least 8 characters. You will know it: ask them to change it.",
        wrong: wrong.about("password"),
    };
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">"Add a user"</h1>
            {wrong.notice()}
            <form class="stack" method="post" action="/admin/users/new/">
                {edit::fields(typed, wrong)}
                {password.show()}
                {due}
                <div class="actions">
                    <button class="btn btn--primary">"Add the user"</button>
                    <a class="btn btn--quiet" href=Section::Users.path()>"Cancel"</a>
                </div>
            </form>
        </section>
    };
    page::document("Add a user", Some(admin), Some(Section::Users), content)
}
