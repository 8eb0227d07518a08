//! The WASM client's pages: rendered here as complete HTML, woken up in the browser. A page's policy lets its own
//! script run and nothing else.

mod assets;
mod walk;

use app::{Offer, Page, Registration, Site, TokenPlace, document, render};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::{ResponseOptions, render_app_async_with_context};

use crate::config::{self, RefreshTransport};
use crate::device::Hint;
use crate::error::Error;
use crate::state::AppState;
pub use assets::{admin_style_paths, favicon_path};

/// Asks the browser for more client hints with the requests that follow (RFC 8942).
const ACCEPT_CH: HeaderName = HeaderName::from_static("accept-ch");

/// Every page of the client, and the files they load.
pub fn router() -> Router<AppState> {
    // Rendering spawns tasks. A second router in one process finds the executor set, which is as good.
    let _ = any_spawner::Executor::init_tokio();
    let mut site = Router::new().route(
        "/",
        get(async |state, request| page(Page::Home, state, request).await),
    );
    for (path, shown) in [
        ("/login", Page::Login),
        ("/register", Page::Register),
        ("/users", Page::Users),
        ("/sessions", Page::Sessions),
        ("/password", Page::Password),
        ("/lab", Page::Lab),
    ] {
        let show = get(async move |state, request| page(shown, state, request).await);
        site = site
            .route(path, show.clone())
            .route(&[path, "/"].concat(), show);
    }
    site.merge(walk::router())
        .route("/pkg/{file}", get(assets::package).fallback(not_found))
        .route("/{file}", get(assets::root).fallback(not_found))
}

/// What is answered where there is nothing: JSON below `/api`, else a page.
pub async fn not_found(uri: Uri) -> Response {
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return Error::NotFound.into_response();
    }
    nothing()
}

/// The page that says that there is none.
fn nothing() -> Response {
    // It says nothing of what this server offers.
    let site = assets::site(Offer::NOTHING);
    (StatusCode::NOT_FOUND, without_script(Page::NotFound, site)).into_response()
}

async fn page(page: Page, State(state): State<AppState>, request: Request) -> Response {
    let registration = match state.settings.registration {
        config::Registration::Open => Registration::Open,
        config::Registration::Closed => Registration::Closed,
    };
    let site = match (page, registration) {
        (Page::Register, Registration::Closed) => return nothing(),
        _ => assets::site(Offer {
            registration,
            tokens: tokens(state.settings.refresh_transport),
            access_lifetime: state.settings.access_token_lifetime.get(),
        }),
    };
    if !page.has_island() {
        return without_script(page, site);
    }
    // The browser has one cookie, and it is its owner's: nobody plays with that. The walk says so.
    if page == Page::Lab && state.settings.refresh_transport == RefreshTransport::Cookie {
        return Redirect::to(walk::PATH).into_response();
    }
    let answer =
        render_app_async_with_context(allow_own_script, move || document(page, Site::clone(&site)));
    let mut response = answer(request).await;
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        // So that the user reads at their sessions which Windows and which phone it was.
        (ACCEPT_CH, Hint::ASKED_FOR),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Our own pages use the cookie where there is nothing else: a browser has only one, and the lab plays with it, too.
fn tokens(allowed: RefreshTransport) -> TokenPlace {
    match allowed {
        RefreshTransport::Body | RefreshTransport::Both => TokenPlace::Storage,
        RefreshTransport::Cookie => TokenPlace::Cookie,
    }
}

/// A page that only shows something. Its policy forbids scripts outright.
fn without_script(page: Page, site: Site) -> Response {
    let policy = policy("'none'", "'none'");
    let headers = [(header::CONTENT_SECURITY_POLICY, policy)];
    (headers, Html(render(page, site).html)).into_response()
}

/// Names the page's one-time word in its policy: of scripts in the page, only those that carry it run.
fn allow_own_script() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    // The script that carries the word loads the module's own from here; no site of others, and nothing inline.
    let scripts = format!("'nonce-{nonce}' 'self' 'wasm-unsafe-eval'");
    if let Ok(policy) = HeaderValue::from_str(&policy(&scripts, "jotward")) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A policy that lets these scripts run and everything else come from here (CSP Level 3). Only who goes through a policy of
/// the name `html` makes HTML out of text (Trusted Types): in a module's own script that is one place.
fn policy(scripts: &str, html: &str) -> String {
    format!(
        "default-src 'none'; script-src {scripts}; require-trusted-types-for 'script'; trusted-types {html}; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}
