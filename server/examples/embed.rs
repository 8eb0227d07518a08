//! An application with Jotward inside: its API below `/auth`, its users in front of routes of the application's own.
//!
//! ```text
//! cargo run -p server --bin jotward -- user add alice --data-dir data
//! cargo run -p server --example embed -- --data-dir data
//! curl 127.0.0.1:3000/auth/api/token/ --json '{"username": "alice", "password": "…"}'
//! curl 127.0.0.1:3000/orders -H 'Authorization: Bearer …'
//! ```
//!
//! Jotward's pages are not here. They link to each other by paths from the root of a site, so they work below no prefix:
//! `.fallback_service(jotward::router(state))` in place of `.nest(…)` gives them, and the API, every path that the
//! application does not take itself.

use std::error::Error;
use std::net::SocketAddr;

use axum::extract::FromRef;
use axum::routing::get;
use axum::{Extension, Router};
use jotward::auth::{CurrentUser, MaybeUser, RequireUser};
use jotward::config::Settings;
use jotward::state::AppState;
use tokio::net::TcpListener;

/// What the application's handlers share.
#[derive(Clone)]
struct Shop {
    jotward: AppState,
}

impl FromRef<Shop> for AppState {
    fn from_ref(shop: &Shop) -> Self {
        Self::clone(&shop.jotward)
    }
}

/// Every route of the application.
pub fn router(jotward: AppState) -> Router {
    let reports = Router::new()
        .route("/reports", get(reports))
        .layer(RequireUser::new(&jotward));
    Router::new()
        .route("/", get(window))
        .route("/orders", get(orders))
        .merge(reports)
        .nest("/auth", jotward::api_router(&jotward))
        .with_state(Shop { jotward })
}

/// For everybody.
async fn window(MaybeUser(caller): MaybeUser) -> String {
    let name = caller.map_or("stranger".to_owned(), |caller| caller.user.username);
    format!("Welcome, {name}")
}

/// For users: the argument says so.
async fn orders(caller: CurrentUser) -> String {
    format!("The orders of {}", caller.user.username)
}

/// For users: the layer around it says so.
async fn reports(Extension(caller): Extension<CurrentUser>) -> String {
    format!("The reports of {}", caller.user.username)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::from_flags(std::env::args_os().skip(1))?;
    let listener = TcpListener::bind(settings.listen).await?;
    let jotward = jotward::start(settings).await?;
    let app = router(AppState::clone(&jotward.state));
    // With the address of whoever calls: logins are counted by it.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let told_to_stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(told_to_stop)
        .await?;
    jotward.stop().await;
    Ok(())
}
