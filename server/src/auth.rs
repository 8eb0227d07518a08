//! Who calls, and from where: extractors for a handler's signature, and layers for whole routers. They work in any axum
//! application that holds an [`AppState`](crate::state::AppState), not only in Jotward's own routes.
//!
//! An application's state has to say where its `AppState` is, by axum's `FromRef`. An `AppState` alone is one already.
//!
//! ```
//! use axum::Router;
//! use axum::extract::FromRef;
//! use axum::routing::get;
//! use jotward::auth::{CurrentUser, MaybeUser, RequireUser};
//! use jotward::state::AppState;
//!
//! #[derive(Clone)]
//! struct Shop {
//!     jotward: AppState,
//! }
//!
//! impl FromRef<Shop> for AppState {
//!     fn from_ref(shop: &Shop) -> Self {
//!         Self::clone(&shop.jotward)
//!     }
//! }
//!
//! /// Only for users who are logged in: everybody else is answered 401, as Jotward's own API does.
//! async fn orders(caller: CurrentUser) -> String {
//!     format!("The orders of {}", caller.user.username)
//! }
//!
//! /// For everybody.
//! async fn window(MaybeUser(caller): MaybeUser) -> String {
//!     caller.map_or("Welcome".to_owned(), |caller| format!("Welcome, {}", caller.user.username))
//! }
//!
//! fn router(shop: Shop) -> Router {
//!     let members = Router::new()
//!         .route("/reports", get(async || "for users only"))
//!         .layer(RequireUser::new(&shop.jotward));
//!     Router::new()
//!         .route("/orders", get(orders))
//!         .route("/", get(window))
//!         .merge(members)
//!         .with_state(shop)
//! }
//! ```

mod challenge;
mod credentials;
mod current_user;
mod layers;
mod maybe_user;
mod origin;

pub use challenge::Challenge;
pub use current_user::{Credential, CurrentUser};
pub use layers::{Asking, IdentifyUser, RequireUser};
pub use maybe_user::MaybeUser;
