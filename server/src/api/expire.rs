//! `POST /api/token/expire/`: ends a token before its time, alone or with its whole session. The path and the answers
//! are `wcd_jwt`'s, to the letter. Possession of the token is the proof.

use axum::Json;
use axum::extract::State;
use axum::routing::MethodRouter;
use axum_extra::extract::CookieJar;
use serde_json::{Map, Value};

use super::body::Body;
use super::endpoint::{About, POST_ONLY, post_only_with};
use super::fields::Spaces;
use super::transport::CallersCookie;
use crate::error::{Error, Result};
use crate::lifecycle::Reach;
use crate::state::AppState;
use crate::store::Origin;

/// What is said of a token that does not hold, whatever the cause. The grammar is `wcd_jwt`'s.
const NOT_VALID: &str = "Token is not longer valid.";

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Expire",
        description: "Ends an access token before its time, or the session of any token.",
        allow: POST_ONLY,
        fields: &["token"],
    };
    post_only_with(expire, &ABOUT, &[("affect_tree", "boolean")])
}

async fn expire(
    State(state): State<AppState>,
    cookie: CallersCookie,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<(CookieJar, Json<Map<String, Value>>)> {
    let token = fields.text("token", Spaces::Trim);
    let reach = fields.switch("affect_tree").map(Reach::of);
    let done = match (&token, reach) {
        (Some(token), Some(reach)) => state.expire(token, reach, &origin).await,
        // Everything that is wrong is said at once.
        (Some(token), None) => state.verify(token).await.map(|()| None),
        (None, _) => Ok(None),
    };
    match (done, &token, reach) {
        (Ok(ended), Some(_), Some(_)) => {
            return Ok((cookie.taken_back_with(&state, ended), Json(Map::new())));
        }
        (Ok(_), ..) => {}
        (Err(Error::Token { .. }), ..) => fields.refuse_first("token", NOT_VALID),
        (Err(trouble), ..) => return Err(trouble),
    }
    Err(fields.refusal())
}
