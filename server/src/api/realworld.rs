//! RealWorld's users API, version 2.0 of its specification: <https://docs.realworld.show>. Clients of it know one token
//! and no refresh (`lifecycle/lone.rs`). Whatever goes wrong at these routes is told in RealWorld's shape.

mod caller;
mod log_in;
mod refusal;
mod register;
mod sent;
mod user;

use axum::Router;
use axum::routing::MethodRouter;
use serde_json::{Value, json};

use super::endpoint::About;
use super::with_and_without_slash;
use crate::state::AppState;
use crate::store::Profile;
use refusal::Refusal;

/// The routes. With a slash at its end `/api/users/` is the list, which is not posted to.
pub fn router() -> Router<AppState> {
    let router = Router::new().route("/api/users", axum::routing::post(register::register));
    let router = with_and_without_slash(router, "/api/users/login", log_in::endpoint());
    with_and_without_slash(router, "/api/user", user::endpoint())
}

/// `OPTIONS`, and the methods that are not there.
fn described(methods: MethodRouter<AppState>, about: &'static About) -> MethodRouter<AppState> {
    methods
        .options(async move || about.describe())
        .fallback(async move |method| Refusal::from(about.refuse(&method)))
}

/// The user as every answer shows them.
fn shown(profile: &Profile, token: &str) -> Value {
    json!({"user": {
        "email": profile.user.email,
        "token": token,
        "username": profile.user.username,
        "bio": profile.bio,
        "image": profile.image,
    }})
}
