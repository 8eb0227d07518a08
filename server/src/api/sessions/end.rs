//! `POST /api/sessions/end/`: ends one of the caller's sessions, for their password (OWASP ASVS 5.0, 7.5.2): whoever took
//! an access token must not throw its owner out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, post};
use axum_extra::extract::CookieJar;

use super::{own, wrong_password};
use crate::api::body::Body;
use crate::api::endpoint::{About, POST_ONLY, for_users};
use crate::api::fields::Spaces;
use crate::api::transport::CallersCookie;
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::lifecycle::Ended;
use crate::state::AppState;
use crate::store::Origin;
use crate::token::SessionId;

const ABOUT: About = About {
    name: "End Session",
    description: "Ends one of the caller's sessions.",
    allow: POST_ONLY,
    fields: &["session", "password"],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(post(end), &ABOUT)
}

async fn end(
    caller: CurrentUser,
    State(state): State<AppState>,
    cookie: CallersCookie,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<(CookieJar, StatusCode)> {
    let session = fields.text("session", Spaces::Trim);
    let password = fields.text("password", Spaces::Keep);
    let (Some(session), Some(password)) = (session, password) else {
        return Err(fields.refusal());
    };
    let id = SessionId::parse(&session).ok_or(Error::NotFound)?;
    own(&state, &caller, id).await?;
    let ended = state.end_session_with_password(&caller.user, id, password.into(), &origin);
    match ended
        .await
        .map_err(|error| wrong_password(error, "password"))?
    {
        Ended::Now => {
            let own = caller.session.filter(|session| *session == id);
            let cookies = cookie.taken_back_with(&state, own);
            Ok((cookies, StatusCode::NO_CONTENT))
        }
        Ended::Before => Err(Error::NotFound),
    }
}
