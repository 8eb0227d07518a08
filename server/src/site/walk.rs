//! `/lab/walk/`: the life of a session step by step, without any script. Each step is a real request, sent through the
//! server's own routes, and is shown as it went over the wire. What the walk has in hand travels in fields of its forms,
//! never in an address; nothing is kept between two steps.

mod carried;
mod change;
mod exchange;
mod step;
mod view;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::{assets, policy};
use crate::api::form_of;
use crate::config::RefreshTransport;
use crate::error::Result;
use crate::state::{AppState, Server};
use app::api::Family;
use carried::Carried;
use exchange::{Caller, Exchange};
use step::Step;

/// A step that was taken.
pub struct Taken {
    step: Step,
    exchange: Exchange,
    /// What was in hand before.
    had: Carried,
    /// What is in hand now.
    has: Carried,
    before: Option<Family>,
    after: Option<Family>,
}

/// Where it is.
pub const PATH: &str = "/lab/walk/";

/// The routes.
pub fn router() -> Router<AppState> {
    let page = get(begin).post(walk);
    Router::new()
        .route(PATH.trim_end_matches('/'), page.clone())
        .route(PATH, page)
}

async fn begin(State(state): State<AppState>) -> Response {
    match state.settings.refresh_transport {
        RefreshTransport::Body | RefreshTransport::Both => shown(StatusCode::OK, view::begin(None)),
        RefreshTransport::Cookie => shown(StatusCode::OK, view::closed()),
    }
}

async fn walk(State(state): State<AppState>, request: Request) -> Response {
    if state.settings.refresh_transport == RefreshTransport::Cookie {
        return shown(StatusCode::OK, view::closed());
    }
    match take(&state, request).await {
        Ok(Some(taken)) => shown(StatusCode::OK, view::taken(&state, &taken)),
        Ok(None) => {
            let sentence = "That form is not whole. Begin again.".to_owned();
            shown(StatusCode::BAD_REQUEST, view::begin(Some(sentence)))
        }
        Err(error) => {
            error.log();
            let mut response = shown(error.status(), view::begin(Some(error.to_string())));
            response.headers_mut().extend(error.headers());
            response
        }
    }
}

/// Takes the step a form asks for; `None` where it asks for none, or lacks what that needs.
async fn take(state: &AppState, request: Request) -> Result<Option<Taken>> {
    let (parts, body) = request.into_parts();
    let form = form_of(&parts.headers, body).await?;
    let said = |name: &str| {
        let mut pairs = form.iter().rev();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let had = Carried::read(&said);
    let Some(step) = Step::parse(said("step")) else {
        return Ok(None);
    };
    let Some(draft) = step.draft(&had, state, &said) else {
        return Ok(None);
    };
    let before = family_of(state, &had).await?;
    let exchange = draft.send(state, &Caller::of(&parts)).await?;
    let has = had.after(step, &exchange);
    let after = family_of(state, &has).await?;
    Ok(Some(Taken {
        step,
        exchange,
        had,
        has,
        before,
        after,
    }))
}

/// The session of the tokens in hand, live or over, as far as one of them was signed here and has not run out.
async fn family_of(state: &Server, carried: &Carried) -> Result<Option<Family>> {
    match carried.session(state) {
        Some(id) => Ok(state.family(id).await?.map(|(_, family)| family)),
        None => Ok(None),
    }
}

fn shown(status: StatusCode, content: leptos::prelude::AnyView) -> Response {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_SECURITY_POLICY, policy_without_script()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    // Nothing here leads to an account.
    let site = assets::site(app::Registration::Closed, app::TokenPlace::Storage);
    let html = app::around(view::HEAD, site, content);
    (status, headers, Html(html)).into_response()
}

fn policy_without_script() -> HeaderValue {
    let policy = HeaderValue::from_str(&policy("'none'", "'none'"));
    policy.unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
