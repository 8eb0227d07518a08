//! Who calls, if anybody we know: for routes that are open to all.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode};

use super::CurrentUser;
use crate::error::{Error, Result};
use crate::state::{AppState, Server};

/// The user who calls, or nobody.
///
/// Whoever presents nothing, or a scheme that is not ours, is nobody; and so is who presents a token that does not hold.
/// SimpleJWT refuses such a token even where everybody is let in, so that a page for all is closed to those whose token
/// ran out a second ago, and to them alone. A client that wants to know whether its token still holds asks a route that
/// needs one. Only when the database could not be asked is the answer 503: who is nobody must not depend on that.
#[derive(Clone, Debug)]
pub struct MaybeUser(pub Option<CurrentUser>);

impl<S> FromRequestParts<S> for MaybeUser
where
    AppState: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        // A layer may have asked already.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let server = AppState::from_ref(state);
        server
            .identify_if_any(&parts.headers, &parts.extensions)
            .await
    }
}

impl Server {
    /// Who calls, by the header `Authorization`, if anybody we know and let in from there.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn identify_if_any(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<MaybeUser> {
        match self.identify(headers, extensions).await {
            Ok(user) => Ok(MaybeUser(Some(user))),
            Err(Error::NetworkNotAllowed) => Ok(MaybeUser(None)),
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => Ok(MaybeUser(None)),
            Err(error) => Err(error),
        }
    }
}
