//! `/admin/users/{id}/edit/`: what a user is called, and what they may do. Nothing of it ends a session.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::wrong::{Wrong, explain};
use super::{done, facts, manager, path};
use crate::account::{Change, Edit, Role};
use crate::admin::field::{Asks, Field};
use crate::admin::form::Form;
use crate::admin::listing::Id;
use crate::admin::page::{self, Section};
use crate::admin::sudo::{ConfirmedForm, password_if_due};
use crate::admin::{Admin, Superuser, refusal};
use crate::error::Result;
use crate::state::{AppState, Server};
use crate::store::{Origin, User};

/// `GET`: the form.
pub async fn form(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
) -> Response {
    match facts(&state, &id).await {
        Ok(facts) => {
            let due = password_if_due(&admin, state.clock.now());
            let typed = Typed::from(&facts.user);
            show(&admin, &facts.user, typed, &Wrong::default(), due).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// `POST`: changes what is different, and leads back to the user.
pub async fn save(
    Superuser(admin): Superuser,
    State(state): State<AppState>,
    Id(id): Id,
    origin: Origin,
    ConfirmedForm(form): ConfirmedForm,
) -> Response {
    let user = match facts(&state, &id).await {
        Ok(facts) => facts.user,
        Err(error) => return refusal::page(&error),
    };
    let typed = Typed::of(&form);
    let saved = match typed.role() {
        Ok(role) => edit(&state, &admin, &user, &typed, role, origin).await,
        Err(wrong) => Ok(Err(wrong)),
    };
    match saved {
        Ok(Ok(())) => done(user.id, "edited").into_response(),
        Ok(Err(wrong)) => {
            let page = show(&admin, &user, typed, &wrong, None);
            (wrong.status(), page).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// What stands in the fields that a user is added with and edited by.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The name.
    pub username: String,
    /// The address.
    pub email: String,
    role: String,
}

impl Typed {
    /// What was filled in. Spaces around a name are a slip.
    pub fn of(form: &Form) -> Self {
        Self {
            username: form.get("username").trim().to_owned(),
            email: form.get("email").trim().to_owned(),
            role: form.get("role").to_owned(),
        }
    }

    /// The role that was chosen.
    ///
    /// # Errors
    /// None was.
    pub fn role(&self) -> std::result::Result<Option<Role>, Wrong> {
        let chosen = Role::parse(&self.role);
        chosen.ok_or_else(|| Wrong::one("role", "Choose one.".to_owned()))
    }
}

impl From<&User> for Typed {
    fn from(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            email: user.email.clone(),
            role: Role::word(Role::by_flags(user)).to_owned(),
        }
    }
}

async fn edit(
    state: &Server,
    admin: &Admin,
    user: &User,
    typed: &Typed,
    role: Option<Role>,
    origin: Origin,
) -> Result<std::result::Result<(), Wrong>> {
    let change = Change::Edit(Edit {
        username: typed.username.clone(),
        email: typed.email.clone(),
        role,
    });
    let by = manager(admin, String::new(), origin);
    let id = user.user_id();
    let Err(error) = state.change_user(id, change, by).await else {
        return Ok(Ok(()));
    };
    let names = (typed.username.as_str(), typed.email.as_str());
    explain(state, error, names, Some(id)).await.map(Err)
}

fn show(
    admin: &Admin,
    user: &User,
    typed: Typed,
    wrong: &Wrong,
    due: Option<AnyView>,
) -> impl IntoResponse {
    let title = format!("Edit {}", user.username);
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">{title.clone()}</h1>
            {wrong.notice()}
            <form class="stack" method="post" action=path(user.id, "edit/")>
                {fields(typed, wrong)}
                {due}
                <div class="actions">
                    <button class="btn btn--primary">"Save"</button>
                    <a class="btn btn--quiet" href=path(user.id, "")>"Cancel"</a>
                </div>
            </form>
        </section>
    };
    page::document(&title, Some(admin), Some(Section::Users), content)
}

/// The fields, with what is wrong beside them.
pub fn fields(typed: Typed, wrong: &Wrong) -> impl IntoView + use<> {
    let username = Field {
        name: "username",
        label: "Username",
        asks: Asks::Text,
        value: typed.username,
        hint: "They sign in with it.",
        wrong: wrong.about("username"),
    };
    let email = Field {
        name: "email",
        label: "E-mail address",
        asks: Asks::Email,
        value: typed.email,
        hint: "May be empty.",
        wrong: wrong.about("email"),
    };
    view! {
        {username.show()}
        {email.show()}
        {roles(&typed.role, wrong.about("role"))}
    }
}

fn roles(chosen: &str, wrong: Option<String>) -> impl IntoView + use<> {
    let choices = [
        (None, "User: does not get into the admin"),
        (
            Some(Role::Staff),
            "Staff: sees everything there, and revokes",
        ),
        (Some(Role::Superuser), "Superuser: that, and manages users"),
    ];
    let nothing_yet = chosen.is_empty();
    let described = wrong.is_some().then_some("role-note");
    let choices = choices.map(|(role, text)| {
        let word = Role::word(role);
        let is_chosen = chosen == word || nothing_yet && role.is_none();
        view! {
            <label class="check">
                <input type="radio" name="role" value=word checked=is_chosen />
                {text}
            </label>
        }
    });
    view! {
        <fieldset class="choices" aria-describedby=described>
            <legend class="field__label">"Role"</legend>
            {choices.into_iter().collect_view()}
            {wrong.map(|wrong| view! { <p class="field__error" id="role-note">{wrong}</p> })}
        </fieldset>
    }
}
