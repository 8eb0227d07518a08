//! `/admin/users/{id}/`: one user, and what superusers change of them. Everything that changes something is a form of its
//! own that says what it will do first.

pub mod act;
mod alarms;
pub mod edit;
mod ended;
pub mod lists;
pub mod new;
pub mod password;
pub mod show;
mod wrong;

use axum::response::Redirect;

use super::Admin;
use super::listing::{Id, address};
use crate::account::Manager;
use crate::error::{Error, Result};
use crate::lifecycle::Actor;
use crate::state::Server;
use crate::store::{Origin, SESSIONS_COUNTED, UserFacts};
use crate::token::UserId;

/// `GET /admin/users/{id}/api-token/`: where it is reset.
pub async fn api_token(_: Admin, Id(id): Id) -> Redirect {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    Redirect::to(&format!("/admin/api-tokens/{id}/reset/"))
}

/// The user an address names.
async fn facts(state: &Server, id: &str) -> Result<UserFacts> {
    let id = id.parse().map(UserId).map_err(|_| Error::NotFound)?;
    let found = state.store.user_facts(id, state.clock.now()).await?;
    found.ok_or(Error::NotFound)
}

fn manager(admin: &Admin, note: String, origin: Origin) -> Manager {
    Manager {
        id: admin.user.user_id(),
        session: admin.session,
        actor: Actor {
            name: admin.user.username.clone(),
            note,
            origin,
        },
    }
}

fn path(id: i64, page: &str) -> String {
    format!("/admin/users/{id}/{page}")
}

/// Back to the user, with what was done.
fn done(id: i64, what: &str) -> Redirect {
    Redirect::to(&address(&path(id, ""), &[("done", what)]))
}

/// How many sessions will end.
fn sessions_end(live: i64) -> String {
    match live {
        0 => "No session of theirs is open.".to_owned(),
        1 => "1 session ends, wherever it is.".to_owned(),
        SESSIONS_COUNTED.. => {
            format!("{SESSIONS_COUNTED} sessions or more end, wherever they are.")
        }
        n => format!("{n} sessions end, wherever they are."),
    }
}
