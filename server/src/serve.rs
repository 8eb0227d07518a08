//! Puts the routes together and answers until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tower::util::Oneshot;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::error::Error;
use crate::state::AppState;
use crate::{admin, api, site};

/// How long requests that are being answered may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long a client may take to say what it wants; a connection that says nothing is closed after this.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait when no connection can be accepted.
const BREATH: Duration = Duration::from_millis(50);

/// Every route of the server, at the root of a site: its pages link to each other, to their files and to the API by
/// paths that begin there.
pub fn router(state: AppState) -> Router {
    let routes = Router::new()
        .merge(api::router(&state))
        .merge(admin::router())
        .merge(site::router())
        .fallback(site::not_found);
    with_layers(routes, state)
}

/// The API alone, for an application that carries Jotward inside; it may stand below any path, by
/// [`Router::nest`]. Logins are counted by address, so the application has to be served with
/// [`Router::into_make_service_with_connect_info`] of a [`SocketAddr`], or all clients count as one.
pub fn api_router<S>(state: &AppState) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let routes = Router::new()
        .merge(api::router(state))
        .fallback(async || Error::NotFound);
    with_layers(routes, AppState::clone(state))
}

/// What every route is wrapped in. One layer made of several: every layer of a router costs each request a box or two.
fn with_layers<S>(routes: Router<AppState>, state: AppState) -> Router<S> {
    let layers = ServiceBuilder::new()
        .layer(
            TraceLayer::new_for_http()
                // What failed was logged where it failed, with its cause.
                .on_failure(())
                .on_response(DefaultOnResponse::new().level(Level::DEBUG)),
        )
        .layer(CatchPanicLayer::new())
        .map_response(with_policies);
    routes.layer(layers).with_state(state)
}

/// Serves on `listener` until `shutdown` completes, then lets requests that are being answered finish.
pub async fn serve(listener: TcpListener, state: AppState, shutdown: impl Future<Output = ()>) {
    let app = router(state);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE);
    let connections = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors, or the client went away before it was greeted: neither is for ever.
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let service = service_fn(called_from(app.clone(), peer));
        let connection = http.serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    // Who is still being answered gets this long and no longer.
    let _ = timeout(GRACE, connections.shutdown()).await;
}

/// The router, told who calls.
fn called_from(
    app: Router,
    peer: SocketAddr,
) -> impl Fn(Request<Incoming>) -> Oneshot<Router, Request<Incoming>> {
    move |mut request| {
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request)
    }
}

/// What every answer says to browsers and caches, unless its handler said something else.
fn with_policies(mut response: Response) -> Response {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        let headers = response.headers_mut();
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
