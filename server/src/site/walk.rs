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

use tower_http::csrf::CsrfLayer;

use super::{assets, policy};
use crate::api::form_of;
use crate::config::RefreshTransport;
use crate::error::Result;
use crate::state::{AppState, Server};
use app::api::{Family, LAB};
use carried::Carried;
use exchange::{Caller, Exchange};
use step::Step;
use view::Entrance;

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

/// Where a form led.
enum Walked {
    /// One step on.
    Taken(Box<Taken>),
    /// Back to the form: who gave this name was refused.
    NotLetIn(String, Exchange),
    /// It asks for no step, or lacks what that needs.
    Nowhere,
}

/// Where it is.
pub const PATH: &str = "/lab/walk/";

impl Taken {
    /// The step that comes after it. Where the session is over before the thief came, that is the last one: the steps between
    /// them would be refused alike.
    fn next(&self) -> Option<Step> {
        let after = self.after.as_ref();
        match self.step.next()? {
            Step::RefreshAgain | Step::Look | Step::Ancestor
                if after.is_some_and(|family| family.state == "ended") =>
            {
                Some(Step::CallAgain)
            }
            next => Some(next),
        }
    }
}

/// The routes. A form of another site is refused as one of the admin's is: by it somebody could be logged in as a stranger.
pub fn router() -> Router<AppState> {
    let page = get(begin).post(walk);
    Router::new()
        .route(PATH.trim_end_matches('/'), page.clone())
        .route(PATH, page)
        .layer(CsrfLayer::new().with_rejection_response(|_| cross_site()))
}

async fn begin(State(state): State<AppState>) -> Response {
    match state.settings.refresh_transport {
        RefreshTransport::Body | RefreshTransport::Both => {
            let form = view::begin(&state.settings, Entrance::default(), None);
            shown(StatusCode::OK, form)
        }
        RefreshTransport::Cookie => shown(StatusCode::OK, view::closed()),
    }
}

async fn walk(State(state): State<AppState>, request: Request) -> Response {
    if state.settings.refresh_transport == RefreshTransport::Cookie {
        return shown(StatusCode::OK, view::closed());
    }
    let settings = &state.settings;
    let again = |sentence| view::begin(settings, Entrance::wrong(sentence), None);
    match take(&state, request).await {
        Ok(Walked::Taken(taken)) => shown(StatusCode::OK, view::taken(&state, &taken)),
        Ok(Walked::NotLetIn(username, exchange)) => not_let_in(&state, username, &exchange),
        Ok(Walked::Nowhere) => {
            let sentence = "That form is not whole. Begin again.".to_owned();
            shown(StatusCode::BAD_REQUEST, again(sentence))
        }
        Err(error) => {
            error.log();
            let mut response = shown(error.status(), again(error.to_string()));
            response.headers_mut().extend(error.headers());
            response
        }
    }
}

/// The form again. A browser asks for a name and a password itself where it is told 401, so it is told 403, as by the admin.
fn not_let_in(state: &Server, username: String, exchange: &Exchange) -> Response {
    let status = match exchange.status {
        StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        other => other,
    };
    let entrance = Entrance::refused(username, exchange);
    let page = view::begin(&state.settings, entrance, Some(exchange));
    let mut response = shown(status, page);
    let headers = response.headers_mut();
    headers.extend(
        exchange
            .retry_after
            .clone()
            .map(|after| (header::RETRY_AFTER, after)),
    );
    response
}

/// Another site sent the browser here to do something.
fn cross_site() -> Response {
    shown(StatusCode::FORBIDDEN, view::cross_site())
}

/// Takes the step a form asks for.
async fn take(state: &AppState, request: Request) -> Result<Walked> {
    let (parts, body) = request.into_parts();
    let form = form_of(&parts.headers, body).await?;
    let said = |name: &str| {
        let mut pairs = form.iter().rev();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let had = Carried::read(&said);
    let Some(step) = Step::parse(said("step")) else {
        return Ok(Walked::Nowhere);
    };
    let Some(draft) = step.draft(&had, state, &said) else {
        return Ok(Walked::Nowhere);
    };
    let before = family_of(state, &had).await?;
    let exchange = draft.send(state, &Caller::of(&parts)).await?;
    if step == Step::LogIn && exchange.status != StatusCode::OK {
        let username = said("username").to_owned();
        return Ok(Walked::NotLetIn(username, exchange));
    }
    let has = had.after(step, &exchange);
    let after = family_of(state, &has).await?;
    Ok(Walked::Taken(Box::new(Taken {
        step,
        exchange,
        had,
        has,
        before,
        after,
    })))
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
            // Not `no-referrer`: forms would be sent with the origin `null`, by which they could not be told from another
            // site's.
            HeaderValue::from_static("same-origin"),
        ),
    ];
    // Nothing here leads to an account.
    let site = assets::site(app::Offer::NOTHING);
    let html = app::around(view::HEAD, site, content);
    (status, headers, Html(html)).into_response()
}

fn policy_without_script() -> HeaderValue {
    let policy = HeaderValue::from_str(&policy("'none'", "'none'"));
    policy.unwrap_or(HeaderValue::from_static("default-src 'none'"))
}
