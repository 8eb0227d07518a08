//! `GET /api/users/`: the protected list.

use app::api::ListedUser;
use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};

use super::endpoint::{About, for_users};
use crate::auth::CurrentUser;
use crate::error::Result;
use crate::state::AppState;
use crate::store::User;

/// The list.
pub const LIST: About = About {
    name: "User List",
    description: "All users, by number.",
    allow: "GET, HEAD, OPTIONS",
    fields: &[],
};

/// The list where its path is also posted to, by who registers (`realworld/register.rs`).
pub const LIST_AND_REGISTER: About = About {
    allow: "GET, HEAD, POST, OPTIONS",
    ..LIST
};

/// The endpoint.
pub fn endpoint(about: &'static About) -> MethodRouter<AppState> {
    for_users(get(list), about)
}

async fn list(_: CurrentUser, State(state): State<AppState>) -> Result<Json<Vec<ListedUser>>> {
    let users = state.store.users().await?;
    Ok(Json(users.into_iter().map(listed).collect()))
}

fn listed(user: User) -> ListedUser {
    ListedUser {
        id: user.id,
        username: user.username,
        email: user.email,
    }
}
