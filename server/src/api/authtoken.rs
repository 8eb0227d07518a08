//! `POST /api/get-auth-token/`: a name and a password give the user's API token, as Django REST framework's
//! `obtain_auth_token` does. Unlike there, what stands in `Authorization` does not matter: who logs in has nothing yet.

use app::api::ApiToken;
use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;
use secrecy::ExposeSecret;

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::store::Origin;

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Obtain Auth Token",
        description: "Answers the API token of a username and password; it is good until it is reset.",
        allow: POST_ONLY,
        fields: &["username", "password"],
    };
    post_only(obtain, &ABOUT)
}

async fn obtain(
    State(state): State<AppState>,
    origin: Origin,
    Body(fields): Body,
) -> Result<Json<ApiToken>> {
    let (username, password) = fields.credentials()?;
    let login = state.log_in_for_api_token(&username, password, &origin);
    let token = login.await.map_err(in_words_of_drf)?;
    Ok(Json(ApiToken {
        token: token.expose_secret().to_owned(),
    }))
}

/// A login that is refused is a 400 here.
fn in_words_of_drf(error: Error) -> Error {
    match error {
        Error::NoActiveAccount => {
            let why = "Unable to log in with provided credentials.";
            Error::Fields(vec![("non_field_errors".to_owned(), vec![why.to_owned()])])
        }
        error => error,
    }
}
