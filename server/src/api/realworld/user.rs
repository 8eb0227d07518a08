//! `GET` and `PUT /api/user`: the caller, and what they change of themselves.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::{MethodRouter, get};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::caller::Caller;
use super::refusal::Refusal;
use super::register::{refusal_of, refuse_taken};
use super::sent::Sent;
use super::{described, shown};
use crate::api::endpoint::About;
use crate::error::Error;
use crate::state::{AppState, Server};
use crate::store::{Origin, Profile, ProfileChange};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Current User",
        description: "The user the token speaks for; a PUT changes what is given of them.",
        allow: "GET, HEAD, PUT, OPTIONS",
        fields: &[],
    };
    described(get(show).put(edit), &ABOUT)
}

async fn show(
    caller: Caller,
    State(state): State<AppState>,
    origin: Origin,
    method: Method,
) -> Result<Json<Value>, Refusal> {
    if method == Method::HEAD {
        // There is no body for a fresh token to come in.
        let sent = caller.token.expose_secret();
        return Ok(Json(shown(&caller.found.profile, sent)));
    }
    answer(&state, &caller, &caller.found.profile, &origin).await
}

async fn edit(
    caller: Caller,
    State(state): State<AppState>,
    origin: Origin,
    mut sent: Sent,
) -> Result<Json<Value>, Refusal> {
    // Whoever stole a short-lived token of another client must not come into the account for good: there the old
    // password is asked for. RealWorld's clients are not asked.
    if sent.has("password") && !caller.found.is_lone {
        let _: Option<()> = sent.complain("password", "can be changed at /api/password/ only");
    }
    let user = &caller.found.profile.user;
    sent.leave_out("username", &user.username);
    sent.leave_out("email", &user.email);
    let username = sent.has("username").then(|| sent.username()).flatten();
    let email = sent.has("email").then(|| sent.email()).flatten();
    let password = sent.has("password").then(|| sent.password()).flatten();
    let (bio, image) = (sent.bio(), sent.image());
    sent.checked()?;

    let except = Some(user.user_id());
    refuse_taken(&state, username.as_deref(), email.as_deref(), except).await?;
    let change = ProfileChange {
        username: username.clone(),
        email: email.clone(),
        bio,
        image,
    };
    let edited = state.edit_profile(user, change, password, caller.session, &origin);
    if let Err(error) = edited.await {
        return Err(refusal_of(&state, error, username.as_deref(), email.as_deref(), except).await);
    }
    let profile = state.store.profile(user.user_id()).await?;
    let profile = profile.ok_or(Error::UserNotFound)?;
    answer(&state, &caller, &profile, &origin).await
}

/// The user with the token that was sent, or with a fresh one in time.
async fn answer(
    state: &Server,
    caller: &Caller,
    profile: &Profile,
    origin: &Origin,
) -> Result<Json<Value>, Refusal> {
    let fresh = if caller.found.is_lone {
        let ends = caller.found.expires_at;
        state.renew_alone(&caller.claims, ends, origin).await?
    } else {
        None
    };
    let sent = caller.token.expose_secret();
    Ok(Json(shown(profile, fresh.as_deref().unwrap_or(sent))))
}
