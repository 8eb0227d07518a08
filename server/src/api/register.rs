//! `POST /api/register/`: somebody becomes a user, where `REGISTRATION` is open. Elsewhere nothing is here.
//!
//! It opens no session: whoever registered logs in as everybody does. That a name or an address is taken is said, as it is
//! by RealWorld's `POST /api/users`; a stranger's attempts are counted by address before anything is looked up.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use serde_json::{Value, json};

use super::body::Body;
use super::endpoint::{About, POST_ONLY};
use super::fields::{Fields, Spaces};
use crate::account::{ChangeError, NewProfile, check_chosen_username, check_email, check_password};
use crate::config::Registration;
use crate::error::{Error, FieldErrors, Result};
use crate::state::{AppState, Server};
use crate::store::Origin;

const USERNAME_TAKEN: &str = "This username is taken.";
const EMAIL_TAKEN: &str = "Somebody has an account with this e-mail address.";

const ABOUT: About = About {
    name: "Register",
    description: "Adds a user who may log in and nothing else.",
    allow: POST_ONLY,
    fields: &["username", "email", "password"],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    // Not a route for each method: the router would name those in `Allow` where registration is closed, too.
    any(by_method)
}

/// Everybody, while `REGISTRATION` is open.
struct MayRegister;

impl FromRequestParts<AppState> for MayRegister {
    type Rejection = Error;

    async fn from_request_parts(_: &mut Parts, state: &AppState) -> Result<Self> {
        match state.settings.registration {
            Registration::Open => Ok(Self),
            Registration::Closed => Err(Error::NotFound),
        }
    }
}

async fn by_method(
    _: MayRegister,
    State(state): State<AppState>,
    origin: Origin,
    request: Request,
) -> Result<Response> {
    match request.method() {
        &Method::POST => {
            let Body(fields) = Body::from_request(request, &state).await?;
            Ok(register(&state, &origin, fields).await?.into_response())
        }
        &Method::OPTIONS => Ok(ABOUT.describe().into_response()),
        other => Err(ABOUT.refuse(other)),
    }
}

async fn register(
    state: &Server,
    origin: &Origin,
    fields: Fields,
) -> Result<(StatusCode, Json<Value>)> {
    let new = chosen(fields)?;
    let (username, email) = (new.username.clone(), new.email.clone());
    state.admit_stranger(origin).await?;
    // Before a hash is made for it.
    refuse_taken(state, &username, &email).await?;
    let id = match state.register(new, origin).await {
        Ok(id) => id,
        Err(error) => return Err(refusal_of(state, error, &username, &email).await),
    };
    let user = json!({"id": id.0, "username": username, "email": email});
    Ok((StatusCode::CREATED, Json(user)))
}

/// What was chosen, if all of it can be.
fn chosen(mut fields: Fields) -> Result<NewProfile> {
    let username = fields.text("username", Spaces::Trim);
    let username = username.filter(|name| match check_chosen_username(name) {
        Ok(()) => true,
        Err(_) => refuse(
            &mut fields,
            "username",
            "Use 1 to 150 letters, digits and characters of @ . + - _",
        ),
    });
    let email = fields.text("email", Spaces::Trim);
    let email = email.filter(|email| match check_email(email) {
        Ok(()) => true,
        Err(_) => refuse(&mut fields, "email", "This is not an e-mail address."),
    });
    let password = fields.text("password", Spaces::Keep).map(Into::into);
    let password = password.filter(|password| match check_password(password) {
        Ok(()) => true,
        Err(weak) => refuse(&mut fields, "password", &Error::from(weak).to_string()),
    });
    let (Some(username), Some(email), Some(password)) = (username, email, password) else {
        return Err(fields.refusal());
    };
    Ok(NewProfile {
        username,
        email,
        password,
    })
}

fn refuse(fields: &mut Fields, name: &str, sentence: &str) -> bool {
    fields.refuse(name, sentence);
    false
}

async fn refuse_taken(state: &Server, username: &str, email: &str) -> Result<()> {
    let taken = state.store.taken(username, email, None).await?;
    let both = [
        ("username", taken.username, USERNAME_TAKEN),
        ("email", taken.email, EMAIL_TAKEN),
    ];
    let errors: FieldErrors = both
        .into_iter()
        .filter(|(_, is_taken, _)| *is_taken)
        .map(|(name, _, sentence)| (name.to_owned(), vec![sentence.to_owned()]))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Fields(errors))
    }
}

/// Why a user was not added, where everything had been looked at before: somebody else was faster.
async fn refusal_of(state: &Server, error: ChangeError, username: &str, email: &str) -> Error {
    match error {
        ChangeError::Store(error) => error.into(),
        ChangeError::Busy(busy) => busy.into(),
        ChangeError::Unknown(_)
        | ChangeError::Name(_)
        | ChangeError::Password(_)
        | ChangeError::Taken => match refuse_taken(state, username, email).await {
            Err(refusal) => refusal,
            Ok(()) => Error::Busy,
        },
    }
}
