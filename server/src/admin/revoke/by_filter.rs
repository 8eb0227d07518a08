//! Ending all that a filter of the list of sessions, or of outstanding tokens, matches: the way there from the list, the page
//! that asks, and the deed.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::filter::{self, By};
use super::{EVERYONE, act, ask};
use crate::admin::form::Form;
use crate::admin::list::Asked;
use crate::admin::listing::Parameters;
use crate::admin::{Admin, ConfirmedForm};
use crate::state::{AppState, Server};
use crate::store::Origin;

/// `GET /admin/revoke/`, with a filter of the list of sessions, or sessions chosen there.
pub async fn ask_filter(admin: Admin, state: State<AppState>, asked: Parameters) -> Response {
    ask_by(By::Sessions, &admin, &state, &asked).await
}

/// `POST /admin/revoke/`: the filter comes with the form, as the page showed it.
pub async fn end_filter(
    admin: Admin,
    state: State<AppState>,
    asked: Parameters,
    origin: Origin,
    form: ConfirmedForm,
) -> Response {
    act_by(By::Sessions, &admin, &state, &asked, origin, &form.0).await
}

/// `GET /admin/revoke/tokens/`, with a filter of the list of outstanding tokens.
pub async fn ask_tokens(admin: Admin, state: State<AppState>, asked: Parameters) -> Response {
    ask_by(By::Tokens, &admin, &state, &asked).await
}

/// `POST /admin/revoke/tokens/`: the filter comes with the form, as the page showed it.
pub async fn end_tokens(
    admin: Admin,
    state: State<AppState>,
    asked: Parameters,
    origin: Origin,
    form: ConfirmedForm,
) -> Response {
    act_by(By::Tokens, &admin, &state, &asked, origin, &form.0).await
}

/// A link that leads from a list to ending all that match its filter. Everyone's are for superusers.
pub fn end_all(admin: &Admin, asked: &Asked<'_>, by: By, is_everyone: bool) -> Option<AnyView> {
    let (href, label) = match (is_everyone, by) {
        (true, _) if !admin.user.is_superuser => return None,
        (true, _) => (EVERYONE.to_owned(), "End everyone's sessions"),
        (false, By::Sessions) => (asked.address(by.path(), &[]), "End all that match"),
        (false, By::Tokens) => (
            asked.address(by.path(), &[]),
            "End the sessions of all that match",
        ),
    };
    Some(view! { <a href=href>{label}</a> }.into_any())
}

/// The page that asks about a filter.
async fn ask_by(by: By, admin: &Admin, state: &Server, asked: &Parameters) -> Response {
    match filter::asked_for(by, state, admin, asked).await {
        Ok(subject) => ask(state, admin, Ok(subject)).await,
        Err(refused) => refused.into_response(),
    }
}

/// The deed by the filter that the page showed.
async fn act_by(
    by: By,
    admin: &Admin,
    state: &Server,
    asked: &Parameters,
    origin: Origin,
    form: &Form,
) -> Response {
    match filter::decided(by, state, admin, asked, form).await {
        Ok(subject) => act(state, admin, Ok(subject), origin, form).await,
        Err(refused) => refused.into_response(),
    }
}
