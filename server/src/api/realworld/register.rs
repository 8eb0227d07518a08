//! `POST /api/users`: somebody becomes a user, and is logged in.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::Value;

use super::refusal::Refusal;
use super::sent::Sent;
use super::shown;
use crate::account::{ChangeError, NewProfile};
use crate::config::Registration;
use crate::error::Error;
use crate::state::{AppState, Server};
use crate::store::{Origin, Profile};
use crate::token::UserId;

/// Everybody, while `REGISTRATION` is open.
pub struct MayRegister;

impl FromRequestParts<AppState> for MayRegister {
    type Rejection = Refusal;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        match state.settings.registration {
            Registration::Open => Ok(Self),
            Registration::Closed => Err(Refusal::Closed),
        }
    }
}

/// The endpoint.
pub async fn register(
    _: MayRegister,
    State(state): State<AppState>,
    origin: Origin,
    mut sent: Sent,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let (username, email, password) = (sent.username(), sent.email(), sent.password());
    let (Some(username), Some(email), Some(password)) = (username, email, password) else {
        return Err(sent.refusal());
    };
    state.admit_stranger(&origin).await?;
    refuse_taken(&state, Some(&username), Some(&email), None).await?;
    let new = NewProfile {
        username: username.clone(),
        email: email.clone(),
        password,
    };
    let id = match state.register(new, &origin).await {
        Ok(id) => id,
        Err(error) => {
            return Err(refusal_of(&state, error, Some(&username), Some(&email), None).await);
        }
    };
    let found = state.just_registered(id).await?;
    let token = state.open_alone(&found, &origin).await?;
    let profile = Profile {
        user: found.user,
        bio: None,
        image: None,
    };
    let token = token.ok_or(Error::Busy)?;
    Ok((StatusCode::CREATED, Json(shown(&profile, &token))))
}

/// Refuses a name or an address that somebody else has, before a hash is made for it.
pub async fn refuse_taken(
    state: &Server,
    username: Option<&str>,
    email: Option<&str>,
    except: Option<UserId>,
) -> Result<(), Refusal> {
    let (username, email) = (username.unwrap_or_default(), email.unwrap_or_default());
    let taken = state.store.taken(username, email, except).await?;
    let fields = [("username", taken.username), ("email", taken.email)];
    let fields = fields.into_iter().filter(|(_, is_taken)| *is_taken);
    let fields: Vec<_> = fields.map(|(name, _)| name).collect();
    if fields.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Taken(fields))
    }
}

/// Why a user was not added or changed, where everything had been looked at before: somebody else was faster.
pub async fn refusal_of(
    state: &Server,
    error: ChangeError,
    username: Option<&str>,
    email: Option<&str>,
    except: Option<UserId>,
) -> Refusal {
    match error {
        ChangeError::Busy(busy) => Error::from(busy).into(),
        ChangeError::Store(error) => error.into(),
        ChangeError::Unknown(_) => Error::UserNotFound.into(),
        ChangeError::Name(_) | ChangeError::Password(_) | ChangeError::Taken => {
            match refuse_taken(state, username, email, except).await {
                Err(refusal) => refusal,
                Ok(()) => Error::Busy.into(),
            }
        }
    }
}
