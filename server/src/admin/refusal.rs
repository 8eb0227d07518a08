//! Errors as pages: what the API says in JSON, said to a person.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Admin, page};
use crate::error::Error;
use crate::store::StoreError;

/// Why a handler has nothing to show.
#[derive(Debug)]
pub enum Refused {
    /// Something could not be done.
    Failed(Error),
    /// The filter can not be read.
    Filter,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Failed(error) => page(&error),
            Self::Filter => unreadable_filter(),
        }
    }
}

/// An error of an operation.
pub fn page(error: &Error) -> Response {
    error.log();
    let mut response = sorry(error.status(), &error.to_string());
    let retry_after = error
        .retry_after()
        .map(|after| (header::RETRY_AFTER, after));
    response.headers_mut().extend(retry_after);
    response
}

/// There is no such page.
pub async fn not_found() -> Response {
    sorry(StatusCode::NOT_FOUND, "There is no such page.")
}

/// The page is there, the method is not.
pub fn method_not_allowed() -> Response {
    sorry(
        StatusCode::METHOD_NOT_ALLOWED,
        "This page does not answer that kind of request.",
    )
}

/// A list's address says what nobody can read.
pub fn unreadable_filter() -> Response {
    sorry(
        StatusCode::BAD_REQUEST,
        "The filter can not be read. Mend it on the page of the list.",
    )
}

/// Sessions were to be chosen, and none was.
pub fn nothing_chosen() -> Response {
    sorry(
        StatusCode::BAD_REQUEST,
        "You chose no session. Tick the boxes of those that are to end on the page of the list.",
    )
}

/// A name stands for more users than are looked up.
pub fn too_many_users(most: usize) -> Response {
    let sentence = format!(
        "More than {most} users match, and only the sessions of some would end. Nothing was done: narrow the search, or take \
         the users one by one."
    );
    sorry(StatusCode::BAD_REQUEST, &sentence)
}

/// Another site sent the browser here to do something.
pub fn cross_site() -> Response {
    sorry(
        StatusCode::FORBIDDEN,
        "Another site asked for this. Nothing was changed.",
    )
}

/// Only a superuser may do this, and this member of staff is none.
pub fn superusers_only(admin: &Admin) -> Response {
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">"Only superusers may do this"</h1>
            <p>"Members of staff see everything and revoke. Users are managed by superusers: ask one of them. Nothing was changed."</p>
            <p>
                <a href="/admin/">"Back to the admin"</a>
            </p>
        </section>
    };
    let page = page::document("Only superusers may do this", Some(admin), None, content);
    (StatusCode::FORBIDDEN, page).into_response()
}

fn sorry(status: StatusCode, sentence: &str) -> Response {
    let heading = status.canonical_reason().unwrap_or("Error");
    let sentence = sentence.to_owned();
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">{heading}</h1>
            <p>{sentence}</p>
            <p>
                <a href="/admin/">"Back to the admin"</a>
            </p>
        </section>
    };
    (status, page::document(heading, None, None, content)).into_response()
}
