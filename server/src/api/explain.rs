//! `POST /api/token/explain/`: what a token that the caller has in hand is good for. Nothing of it is kept, and nothing is
//! done with it. A token that was signed here for somebody else is refused: what became of it is theirs to know.

use app::api::{Foreseen, TokenCheck, TokenReport};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, post};

use super::body::Body;
use super::endpoint::{About, POST_ONLY, for_users};
use super::fields::Spaces;
use crate::auth::CurrentUser;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::explanation::checks::{Terms, looked_at, reason};
use crate::explanation::uses::of_decision;
use crate::lifecycle::{Explained, Outlook};
use crate::session::{Decision, Device};
use crate::state::{AppState, Server};
use crate::store::Origin;
use crate::token::{Outcome, TokenError, TokenType};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    const ABOUT: About = About {
        name: "Token Explain",
        description: "Says which check a token of the caller's fails, and what would come of its use. Does nothing with it.",
        allow: POST_ONLY,
        fields: &["token"],
    };
    for_users(post(explain), &ABOUT)
}

async fn explain(
    caller: CurrentUser,
    State(state): State<AppState>,
    origin: Origin,
    Body(mut fields): Body,
) -> Result<Json<TokenReport>> {
    let Some(token) = fields.text("token", Spaces::Trim) else {
        return Err(fields.refusal());
    };
    let explained = state.explain(&token).await?;
    let whose = explained.user.as_ref().map(|user| user.id);
    if explained.token.signed_by.is_some() && whose != Some(caller.user.id) {
        return Err(Error::TokenOfAnother);
    }
    Ok(Json(report(&state, &explained, &origin)))
}

fn report(state: &Server, explained: &Explained, origin: &Origin) -> TokenReport {
    let now = state.clock.now();
    TokenReport {
        checks: checks(state, explained, now),
        verify: foreseen(explained.at_verify.as_ref(), "It holds."),
        bearer: foreseen(explained.as_bearer.as_ref(), "It is accepted."),
        refresh: at_refresh(explained, &Device::of(&origin.user_agent)),
        stateless: stateless(explained, now),
    }
}

fn checks(state: &Server, explained: &Explained, now: UnixSeconds) -> Vec<TokenCheck> {
    let terms = Terms {
        settings: &state.settings,
        names: state.keys.names(),
        now,
    };
    let token = &explained.token;
    let reached = token.checks.iter().filter_map(|(check, outcome)| {
        let why = match outcome {
            Outcome::Passed => String::new(),
            Outcome::Failed(error) => sentence(&reason(*check, *error, token, terms)),
            Outcome::NotReached => return None,
        };
        Some(TokenCheck {
            name: looked_at(*check, terms.names).to_owned(),
            passed: *outcome == Outcome::Passed,
            why,
        })
    });
    reached.collect()
}

fn foreseen(refusal: Option<&Error>, accepted: &str) -> Foreseen {
    match refusal {
        None => Foreseen {
            status: StatusCode::OK.as_u16(),
            detail: accepted.to_owned(),
        },
        Some(error) => Foreseen {
            status: error.status().as_u16(),
            detail: error.to_string(),
        },
    }
}

/// What `/api/token/refresh/` would answer the device that asks.
fn at_refresh(explained: &Explained, asking: &Device) -> Foreseen {
    match &explained.as_refresh {
        Outlook::Refused(error) => foreseen(Some(error), ""),
        Outlook::EndsForPassword => foreseen(Some(&Error::PasswordChangedForToken), ""),
        Outlook::Adopted => foreseen(
            None,
            "A session is opened for it here, and it is exchanged.",
        ),
        Outlook::Slides => foreseen(Some(&TokenError::WrongType.into()), ""),
        Outlook::Decided { here, elsewhere } => {
            let is_here = explained.began_by.as_ref() == Some(asking);
            let decision = if is_here { *here } else { *elsewhere };
            let status = match decision {
                Decision::Rotate { .. } | Decision::Renew | Decision::Replay(_) => StatusCode::OK,
                Decision::End(_) | Decision::Refuse(_) => StatusCode::UNAUTHORIZED,
            };
            Foreseen {
                status: status.as_u16(),
                detail: of_decision(decision).text,
            }
        }
    }
}

/// For how long it passes where nobody is asked: by signature, times and type alone.
fn stateless(explained: &Explained, now: UnixSeconds) -> i64 {
    match &explained.token.verified {
        Some(verified) if matches!(verified.token_type, Some(TokenType::Access) | None) => {
            (verified.claims.exp - now).max(0)
        }
        _ => 0,
    }
}

/// Words that were to follow others, as a sentence of their own.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    let mut sentence: String = first.into_iter().chain(chars).collect();
    sentence.push('.');
    sentence
}
