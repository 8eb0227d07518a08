//! What went wrong, in RealWorld's shape: `{"errors": {"field": ["sentence"]}}`.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::store::StoreError;
use crate::token::TokenError;

/// A field and what is wrong with it.
pub type Complaint = (&'static str, Cow<'static, str>);

/// Why a request was not served.
#[derive(Debug)]
pub enum Refusal {
    /// Fields are missing or of a wrong form.
    Fields(Vec<Complaint>),
    /// Somebody else has it already.
    Taken(Vec<&'static str>),
    /// Wrong address or password, or a user who is shut out.
    Credentials,
    /// No token was sent.
    NoToken,
    /// The token does not hold.
    Token(TokenError),
    /// Nobody can register.
    Closed,
    /// All else.
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NoActiveAccount => Self::Credentials,
            Error::NotAuthenticated => Self::NoToken,
            Error::AccessToken(refusals) => Self::Token(refusals.first()),
            Error::Token { error, .. } => Self::Token(error),
            Error::NoActiveAccountForToken
            | Error::BadAuthorizationHeader
            | Error::PasswordChanged
            | Error::NoUserId
            | Error::UserNotFound
            | Error::UserInactive => Self::Token(TokenError::Invalid),
            error => Self::Other(error),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Other(error.into())
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            // A body that is no JSON object is as unprocessable as one with a wrong field.
            Self::Fields(_) | Self::Other(Error::Malformed(_) | Error::Fields(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Taken(_) => StatusCode::CONFLICT,
            Self::Credentials | Self::NoToken | Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Closed => StatusCode::FORBIDDEN,
            Self::Other(error) => error.status(),
        }
    }

    fn complaints(&self) -> Vec<Complaint> {
        match self {
            Self::Fields(complaints) => complaints.clone(),
            Self::Taken(fields) => {
                let taken = |field: &&'static str| (*field, "has already been taken".into());
                fields.iter().map(taken).collect()
            }
            Self::Credentials => vec![("credentials", "invalid".into())],
            Self::NoToken => vec![("token", "is missing".into())],
            Self::Token(TokenError::Expired) => vec![("token", "has expired".into())],
            Self::Token(_) => vec![("token", "is invalid".into())],
            Self::Closed => vec![("registration", "is closed".into())],
            Self::Other(error) => vec![complaint(error)],
        }
    }

    fn headers(&self) -> HeaderMap {
        match self {
            Self::Credentials | Self::NoToken | Self::Token(_) => {
                let challenge = HeaderValue::from_static("Token realm=\"api\"");
                HeaderMap::from_iter([(header::WWW_AUTHENTICATE, challenge)])
            }
            Self::Other(error) => error.headers(),
            Self::Fields(_) | Self::Taken(_) | Self::Closed => HeaderMap::new(),
        }
    }
}

fn complaint(error: &Error) -> Complaint {
    match error {
        Error::Malformed(_) => ("body", "is not valid JSON".into()),
        Error::Fields(_) => ("body", "is not an object".into()),
        Error::TooSlow => ("body", "took too long to arrive".into()),
        Error::TooLarge => ("body", "is too large".into()),
        Error::UnsupportedMediaType(_) => ("body", "must be application/json".into()),
        Error::MethodNotAllowed { .. } => ("method", "is not allowed".into()),
        Error::NetworkNotAllowed => ("network", "is not allowed".into()),
        Error::Throttled { .. } => ("request", error.to_string().into()),
        _ => ("server", error.to_string().into()),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Self::Other(error) = &self {
            error.log();
        }
        let mut errors = Map::new();
        for (field, sentence) in self.complaints() {
            let sentences = errors.entry(field).or_insert_with(|| json!([]));
            if let Value::Array(sentences) = sentences {
                sentences.push(sentence.into());
            }
        }
        let body = Json(json!({"errors": errors}));
        (self.status(), self.headers(), body).into_response()
    }
}
