//! Facts become HTTP.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::{Error, NotForAny};
use crate::issuer_keys::IssuerKeysError;
use crate::session::EndReason;

/// A second.
const SOON: HeaderValue = HeaderValue::from_static("1");

/// How to do better, where nobody knows more of it (RFC 6750, section 3).
const BEARER: HeaderValue = HeaderValue::from_static("Bearer realm=\"api\"");

impl Error {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Fields(_) | Self::WeakPassword | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoActiveAccount
            | Self::NoActiveAccountForToken
            | Self::Token { .. }
            | Self::NoRefreshCookie
            | Self::NotAuthenticated
            | Self::BadAuthorizationHeader
            | Self::AccessToken(_)
            | Self::NoRefreshExp(_)
            | Self::RefreshExpired(_)
            | Self::PasswordChanged
            | Self::PasswordChangedForToken
            | Self::NoUserId
            | Self::UserNotFound
            | Self::UserInactive
            | Self::ApiToken(_) => StatusCode::UNAUTHORIZED,
            Self::NetworkNotAllowed | Self::TokenOfAnother | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Hook(_) | Self::IssuerKeys(_) | Self::Database(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// The word for programs, where SimpleJWT has one.
    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Token { .. }
            | Self::NoRefreshCookie
            | Self::AccessToken(_)
            | Self::NoRefreshExp(_)
            | Self::RefreshExpired(_)
            | Self::NoUserId => Some(app::api::TOKEN_NOT_VALID),
            Self::PasswordChanged => Some("password_changed"),
            Self::BadAuthorizationHeader => Some("bad_authorization_header"),
            Self::UserNotFound => Some("user_not_found"),
            Self::UserInactive => Some("user_inactive"),
            Self::NetworkNotAllowed => Some("network_not_allowed"),
            Self::CrossSite => Some("cross_site"),
            _ => None,
        }
    }

    fn body(&self) -> Value {
        if let Self::Fields(fields) = self {
            return Value::Object(
                fields
                    .iter()
                    .map(|(name, why)| (name.clone(), json!(why)))
                    .collect(),
            );
        }
        let mut body = Map::new();
        body.insert("detail".into(), self.to_string().into());
        if let Some(code) = self.code() {
            body.insert("code".into(), code.into());
        }
        if let Self::AccessToken(NotForAny(refusals)) = self {
            let messages = refusals.iter().map(|(wanted, error)| {
                json!({
                    "token_class": wanted.class(),
                    "token_type": wanted.as_str(),
                    "message": error.to_string(),
                })
            });
            body.insert("messages".into(), messages.collect());
        }
        Value::Object(body)
    }

    /// The header `Retry-After`, where trying again makes sense (RFC 9110, section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> Option<HeaderValue> {
        match self {
            Self::Throttled { retry_after } => Some(HeaderValue::from(*retry_after)),
            Self::Busy | Self::Hook(_) | Self::IssuerKeys(_) | Self::Database(_) => Some(SOON),
            _ => None,
        }
    }

    /// What the answer says in headers.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.extend(self.retry_after().map(|after| (header::RETRY_AFTER, after)));
        if self.status() == StatusCode::UNAUTHORIZED {
            // The routes of the API, and the layers in `auth`, know which scheme the operator chose.
            headers.insert(header::WWW_AUTHENTICATE, BEARER);
        }
        match self {
            Self::MethodNotAllowed { allow, .. } => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allow));
            }
            Self::Token {
                ended: Some(reason),
                ..
            } => tell_why(&mut headers, *reason),
            Self::PasswordChangedForToken => tell_why(&mut headers, EndReason::Password),
            Self::NoActiveAccountForToken => tell_why(&mut headers, EndReason::UserDisabled),
            _ => {}
        }
        headers
    }

    /// Tells the operator what the client is not told.
    pub fn log(&self) {
        match self {
            Self::Database(error) => {
                tracing::error!(%error, "the database could not serve a request");
            }
            // Said when it was asked for, at most every few seconds.
            Self::IssuerKeys(IssuerKeysError::Lately) => {}
            Self::IssuerKeys(error) => {
                tracing::warn!(%error, "a token of another issuer could not be verified");
            }
            Self::Hook(error) => tracing::error!(%error, "the claims of a user are not known"),
            Self::Busy => tracing::warn!("too much at once: a request was asked to come back"),
            _ => {}
        }
    }
}

fn tell_why(headers: &mut HeaderMap, reason: EndReason) {
    let name = HeaderName::from_static(app::api::SESSION_ENDED);
    headers.insert(name, HeaderValue::from_static(reason.as_str()));
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        (self.status(), self.headers(), Json(self.body())).into_response()
    }
}
