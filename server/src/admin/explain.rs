//! `/admin/explain/`: what a token that somebody sent in says, which check it fails first, and what would come of its use.
//! The token comes in the body of a form, is looked at and forgotten: it is not stored, logged, answered whole or used.

mod pasted;
mod report;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::page::Section;
use super::{Admin, page, refusal};
use crate::api::{Body, Spaces};
use crate::error::{Error, Result};
use crate::explanation::checks::Terms;
use crate::state::{AppState, Server};
use crate::store::User;
use pasted::{Pasted, What};

/// `GET`: the form.
pub async fn form(admin: Admin) -> Response {
    document(&admin, ask(None).into_any()).into_response()
}

/// `POST`: the same, with an answer above it.
pub async fn explain(admin: Admin, State(state): State<AppState>, body: Result<Body>) -> Response {
    let pasted = match body {
        Ok(Body(mut fields)) => {
            let text = fields.text("token", Spaces::Trim).unwrap_or_default();
            Pasted::read(&text, &state.settings.auth_header_types)
        }
        Err(Error::TooLarge) => {
            return wrong(
                &admin,
                "That is more than 64 KiB. No token is that long.".to_owned(),
            );
        }
        Err(error) => return refusal::page(&error),
    };
    let answer = match pasted.what {
        What::Neither(sentence) => return wrong(&admin, sentence),
        What::Signed(token) => signed(&state, &token).await,
        What::ApiToken(token) => api_token(&state, &token).await,
    };
    match answer {
        Ok(answer) => {
            let content = view! { {peeled(&pasted.peeled)} {answer} {ask(None)} };
            document(&admin, content.into_any()).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

async fn signed(state: &Server, token: &str) -> Result<AnyView> {
    let explained = state.explain(token).await?;
    let terms = Terms {
        settings: &state.settings,
        names: state.keys.names(),
        now: state.clock.now(),
    };
    Ok(report::view(&explained, terms))
}

async fn api_token(state: &Server, token: &str) -> Result<AnyView> {
    let found = state.user_of_api_token(token).await?;
    Ok(match found {
        Some(user) if state.may_log_in(user.is_active) => owner(
            &user,
            "notice notice--ok",
            "It is accepted with every request, until it is reset or the password changes.",
        ),
        Some(user) => owner(
            &user,
            "notice notice--warn",
            "Its user is shut out, so it is refused: 401 \u{201c}User inactive or deleted.\u{201d}",
        ),
        None => view! {
            <p class="notice notice--error" role="status">
                "This has the shape of an API token, and nobody has it: it was reset, or it was never one of ours. The API answers 401 “Invalid token.”"
            </p>
        }
        .into_any(),
    })
}

fn owner(user: &User, class: &'static str, text: &'static str) -> AnyView {
    let href = format!("/admin/users/{}/", user.id);
    view! {
        <p class=class role="status">
            "This is an API token of " <a href=href>{user.username.clone()}</a> ". " {text}
        </p>
    }
    .into_any()
}

fn peeled(sentences: &[String]) -> impl IntoView + use<> {
    (!sentences.is_empty()).then(|| view! { <p class="muted">{sentences.join(" ")}</p> })
}

fn wrong(admin: &Admin, sentence: String) -> Response {
    let content = ask(Some(sentence)).into_any();
    (StatusCode::BAD_REQUEST, document(admin, content)).into_response()
}

fn ask(wrong: Option<String>) -> impl IntoView {
    let (class, is_wrong) = match wrong {
        Some(_) => ("field__error", Some("true")),
        None => ("field__hint", None),
    };
    let hint = wrong.unwrap_or_else(|| {
        "A signed token, or an API token; with “Bearer” before it or quotation marks around it, if need be. It is not \
         kept."
            .to_owned()
    });
    view! {
        <form class="card stack" method="post" action=Section::Explain.path()>
            <div class="field">
                <label for="token">"Token"</label>
                <textarea
                    id="token"
                    name="token"
                    rows="6"
                    required
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=is_wrong
                    aria-describedby="token-hint"
                ></textarea>
                <p class=class id="token-hint">
                    {hint}
                </p>
            </div>
            <div class="actions">
                <button class="btn btn--primary">"Explain"</button>
            </div>
        </form>
    }
}

fn document(admin: &Admin, content: AnyView) -> impl IntoResponse + use<> {
    let content = view! {
        <h1 class="page__title">{Section::Explain.title()}</h1>
        {content}
    };
    page::document(
        Section::Explain.title(),
        Some(admin),
        Some(Section::Explain),
        content,
    )
}
