//! Who calls, by the header `Authorization: Token …`. The session is looked up in the database, so that it counts as ended
//! at once whatever `IMMEDIATE_REVOCATION` says: a token that lives for a day must not outlive its session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::refusal::Refusal;
use crate::auth::bearer;
use crate::error::Error;
use crate::lifecycle::AccessError;
use crate::state::AppState;
use crate::store::InSession;
use crate::token::{Claims, SessionId, TokenError};

/// Whoever calls presented a valid access token of a session here; the user is there and active.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is, and their session.
    pub found: InSession,
    /// The session's id.
    pub session: SessionId,
    /// What the token says.
    pub claims: Claims,
    /// The token.
    pub token: secrecy::SecretString,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let schemes = ["Token".to_owned(), "Bearer".to_owned()];
        let token = bearer(&parts.headers, &schemes)?;
        let claims = state
            .verify_access(&token)
            .await
            .map_err(|error| match error {
                AccessError::Token(error) => Refusal::Token(error),
                AccessError::Database(error) => error.into(),
            })?;
        let invalid = Refusal::Token(TokenError::Invalid);
        let Some((session, _)) = claims.session else {
            return Err(invalid);
        };
        let now = state.clock.now();
        let found = state.store.in_session(session, &claims.jti, now).await?;
        match found {
            Some(found)
                if claims.user_id == Some(found.profile.user.user_id())
                    && state.may_log_in(found.profile.user.is_active) =>
            {
                Ok(Self {
                    found,
                    session,
                    claims,
                    token: token.into(),
                })
            }
            Some(found) if claims.user_id == Some(found.profile.user.user_id()) => {
                Err(Error::UserInactive.into())
            }
            _ => Err(invalid),
        }
    }
}
