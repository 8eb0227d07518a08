//! `GET /api/users/`: the protected list. Without parameters it is the whole of it, as clients of SimpleJWT know it; with
//! any of them it is a page, and `Link` leads to the next (RFC 8288).

mod page;

use app::api::ListedUser;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use super::endpoint::{About, for_users};
use crate::auth::CurrentUser;
use crate::error::Result;
use crate::state::AppState;
use crate::store::User;
use page::Asked;

/// The list.
pub const LIST: About = About {
    name: "User List",
    description: "All users, by number; with `limit`, `after` and `search` a page of those whose name or e-mail address begins so.",
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

async fn list(_: CurrentUser, State(state): State<AppState>, asked: Asked) -> Result<Response> {
    let Asked::Page(page) = asked else {
        return Ok(shown(state.store.users().await?).into_response());
    };
    let (search, after) = (page.search.as_deref(), page.after);
    let found = state.store.users_after(search, after, page.limit).await?;
    let next = found.next.and_then(|last| page.link_to(last));
    Ok((next, shown(found.users)).into_response())
}

fn shown(users: Vec<User>) -> Json<Vec<ListedUser>> {
    Json(users.into_iter().map(listed).collect())
}

fn listed(user: User) -> ListedUser {
    ListedUser {
        id: user.id,
        username: user.username,
        email: user.email,
    }
}
