//! Errors as pages: what the API says in JSON, said to a person.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::page;
use crate::error::Error;

/// An error of an operation.
pub fn page(error: &Error) -> Response {
    error.log();
    let status = error.status();
    let mut response = sorry(status, &error.to_string());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
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

/// Another site sent the browser here to do something.
pub fn cross_site() -> Response {
    sorry(
        StatusCode::FORBIDDEN,
        "Another site asked for this. Nothing was changed.",
    )
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
