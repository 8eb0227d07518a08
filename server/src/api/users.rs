//! `GET /api/users/`: the protected list.

use app::api::ListedUser;
use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};

use super::endpoint::About;
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::store::User;

const ABOUT: About = About {
    name: "User List",
    description: "All users, by number.",
    allow: "GET, HEAD, OPTIONS",
    fields: &[],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    get(list).options(describe).fallback(refuse)
}

async fn list(_: CurrentUser, State(state): State<AppState>) -> Result<Json<Vec<ListedUser>>> {
    let users = state.store.users().await?;
    Ok(Json(users.into_iter().map(listed).collect()))
}

async fn describe(_: CurrentUser) -> impl IntoResponse {
    ABOUT.describe()
}

async fn refuse(_: CurrentUser, method: Method) -> Error {
    ABOUT.refuse(&method)
}

fn listed(user: User) -> ListedUser {
    ListedUser {
        id: user.id,
        username: user.username,
        email: user.email,
    }
}
