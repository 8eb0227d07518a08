//! `POST /api/password/`: the caller chooses another password, and is logged out everywhere else
//! unless `keep_others` says that nobody else could know the old one (OWASP ASVS 5.0, 7.4.3).

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, post};

use super::body::Body;
use super::endpoint::{About, POST_ONLY, for_users};
use super::fields::Spaces;
use super::sessions::wrong_password;
use crate::account::Others;
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::store::Origin;

const ABOUT: About = About {
    name: "Password",
    description: "Sets the caller's password and ends their other sessions, unless `keep_others` is true.",
    allow: POST_ONLY,
    fields: &["old_password", "new_password"],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(post(change), &ABOUT)
}

async fn change(
    caller: CurrentUser,
    State(state): State<AppState>,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<StatusCode> {
    let old = fields.text("old_password", Spaces::Keep);
    let new = fields.text("new_password", Spaces::Keep);
    let keep = fields.switch("keep_others");
    let (Some(old), Some(new), Some(keep)) = (old, new, keep) else {
        return Err(fields.refusal());
    };
    let others = if keep { Others::Stay } else { Others::End };
    let (old, new) = (old.into(), new.into());
    let changed =
        state.change_own_password(&caller.user, caller.session, old, new, others, &origin);
    changed.await.map_err(|error| match error {
        Error::WeakPassword => Error::field("new_password", error.to_string()),
        error => wrong_password(error, "old_password"),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
