//! Who calls, by the header `Authorization: Token …` (or `AUTH_HEADER_NAME`). The session is looked up in the database, so that it counts as ended
//! at once whatever `IMMEDIATE_REVOCATION` says: a token that lives for a day must not outlive its session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::refusal::Refusal;
use crate::error::Error;
use crate::state::AppState;
use crate::store::InSession;
use crate::token::{Claims, SessionId, TokenError, TokenType};

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
        const INVALID: Refusal = Refusal::Token(TokenError::Invalid);
        let address = state.let_in(&parts.headers, &parts.extensions)?;
        let token = sent(&parts.headers, &state.settings.auth_header_name)?;
        let verified = state.verify_access(&token).await.map_err(Error::from)?;
        let claims = verified.claims;
        if verified.token_type == Some(TokenType::Sliding) {
            return Err(Refusal::Token(TokenError::WrongType));
        }
        let (session, _) = claims.session.ok_or(INVALID)?;
        let now = state.clock.now();
        let found = state.store.in_session(session, &claims.jti, now).await?;
        let found = found.ok_or(INVALID)?;
        let user = &found.profile.user;
        if claims.user_id != Some(user.user_id()) || !state.may_log_in(user.is_active) {
            return Err(INVALID);
        }
        if state.is_password_changed(&claims).await? {
            return Err(INVALID);
        }
        state.note_use(session, address);
        Ok(Self {
            found,
            session,
            token: token.into(),
            claims,
        })
    }
}

/// The token in the header of this name, behind one of two schemes in any case.
fn sent(headers: &HeaderMap, name: &HeaderName) -> Result<String, Refusal> {
    let mut lines = headers.get_all(name).iter();
    let line = match (lines.next(), lines.next()) {
        // No token has the sign that takes the place of what can not be read.
        (Some(line), None) => String::from_utf8_lossy(line.as_bytes()),
        (None, _) => return Err(Refusal::NoToken),
        (Some(_), Some(_)) => return Err(Refusal::Token(TokenError::Invalid)),
    };
    let mut words = line.split_whitespace();
    let scheme = words.next().unwrap_or_default();
    if !["Token", "Bearer"]
        .iter()
        .any(|ours| ours.eq_ignore_ascii_case(scheme))
    {
        return Err(Refusal::NoToken);
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token.to_owned()),
        _ => Err(Refusal::Token(TokenError::Invalid)),
    }
}
