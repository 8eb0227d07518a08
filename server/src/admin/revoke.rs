//! Revoking a token or a session: a page that says what it will do and asks why, then the deed, then back to the
//! list (303) with a notice.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::confirm::{self, Question};
use super::listing::{Id, Parameters, address};
use super::page::Section;
use super::{Admin, refusal};
use crate::api::{Body, Spaces};
use crate::error::{Error, Result};
use crate::lifecycle::{Actor, Ended};
use crate::state::{AppState, Server};
use crate::store::{Origin, SessionFacts, TokenId, TokenRow};
use crate::token::{SessionId, TokenType};

/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// `GET /admin/outstanding/{id}/blacklist/`.
pub async fn ask_token(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    match token(&state, &id).await {
        Ok(row) => confirm::page(
            &admin,
            about_token(&state, &admin, &row, asked.get("q")),
            None,
        )
        .into_response(),
        Err(error) => refusal::page(&error),
    }
}

/// `POST /admin/outstanding/{id}/blacklist/`.
pub async fn blacklist_token(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    body: Result<Body>,
) -> Response {
    let row = match token(&state, &id).await {
        Ok(row) => row,
        Err(error) => return refusal::page(&error),
    };
    let question = about_token(&state, &admin, &row, asked.get("q"));
    let actor = match actor(&admin, question.ends_own_session, origin, body) {
        Ok(actor) => actor,
        Err(refused) => return ask_again(&admin, question, refused),
    };
    match state.blacklist(TokenId(row.id), &actor).await {
        Ok(ended) => done(
            question.ends_own_session,
            ended,
            asked.get("q"),
            "token-blacklisted",
        ),
        Err(error) => refusal::page(&error),
    }
}

/// `GET /admin/sessions/{id}/end/`.
pub async fn ask_session(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    match session(&state, &id).await {
        Ok((_, facts)) => confirm::page(
            &admin,
            about_session(&state, &admin, &facts, asked.get("q")),
            None,
        )
        .into_response(),
        Err(error) => refusal::page(&error),
    }
}

/// `POST /admin/sessions/{id}/end/`.
pub async fn end_session(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
    origin: Origin,
    body: Result<Body>,
) -> Response {
    let (id, facts) = match session(&state, &id).await {
        Ok(found) => found,
        Err(error) => return refusal::page(&error),
    };
    let question = about_session(&state, &admin, &facts, asked.get("q"));
    let actor = match actor(&admin, question.ends_own_session, origin, body) {
        Ok(actor) => actor,
        Err(refused) => return ask_again(&admin, question, refused),
    };
    match state.end_session(id, &actor).await {
        Ok(ended) => done(
            question.ends_own_session,
            ended,
            asked.get("q"),
            "session-ended",
        ),
        Err(error) => refusal::page(&error),
    }
}

async fn token(state: &Server, id: &str) -> Result<TokenRow> {
    let id = id.parse().map(TokenId).map_err(|_| Error::NotFound)?;
    state.store.token(id).await?.ok_or(Error::NotFound)
}

async fn session(state: &Server, id: &str) -> Result<(SessionId, SessionFacts)> {
    let id = SessionId::parse(id).ok_or(Error::NotFound)?;
    let facts = state.store.session_facts(id, state.clock.now()).await?;
    Ok((id, facts.ok_or(Error::NotFound)?))
}

fn about_token(state: &Server, admin: &Admin, row: &TokenRow, search: &str) -> Question {
    let alone = row.token_type == TokenType::Access.as_str();
    let own = !alone && row.session_id == admin.session.to_string();
    Question {
        title: "Blacklist this token?",
        consequence: if alone {
            "It is refused from now on. Its session goes on and can fetch another one.".to_owned()
        } else {
            "It is refused from now on, and its session ends with it: no other token of the session is accepted \
             any more."
                .to_owned()
        },
        action: address(
            &format!("/admin/outstanding/{}/blacklist/", row.id),
            &[("q", search)],
        ),
        back: back(search, ""),
        button: "Blacklist the token",
        facts: confirm::token_facts(row, state.clock.now()),
        over: row.blacklisted_at.is_some()
            || row.ended_at.is_some()
            || row.expires_at <= state.clock.now(),
        ends_own_session: own,
    }
}

fn about_session(state: &Server, admin: &Admin, facts: &SessionFacts, search: &str) -> Question {
    let tokens = match facts.live_tokens {
        1 => "1 token that could still be used dies".to_owned(),
        n => format!("{n} tokens that could still be used die"),
    };
    Question {
        title: "End this session?",
        consequence: format!(
            "{tokens} at once. Whoever uses it has to sign in again, wherever they are."
        ),
        action: address(
            &format!("/admin/sessions/{}/end/", facts.id),
            &[("q", search)],
        ),
        back: back(search, ""),
        button: "End the session",
        facts: confirm::session_facts(facts, state.clock.now()),
        over: facts.ended_at.is_some(),
        ends_own_session: facts.id == admin.session.to_string(),
    }
}

/// Why a reason was not taken.
pub enum Refused {
    /// It is none; what to say.
    Reason(&'static str),
    /// The form can not be read.
    Body(Error),
}

/// Who revokes, with the reason they gave in the form. Whoever ends the session they work in has to have said so.
pub fn actor(
    admin: &Admin,
    ends_own_session: bool,
    origin: Origin,
    body: Result<Body>,
) -> std::result::Result<Actor, Refused> {
    let Body(mut fields) = body.map_err(Refused::Body)?;
    let Some(note) = fields.text("reason", Spaces::Trim) else {
        return Err(Refused::Reason(
            "Say why: it stays on record, for you and for others.",
        ));
    };
    if note.chars().count() > MAX_REASON {
        return Err(Refused::Reason("At most 200 characters."));
    }
    if ends_own_session && fields.switch(confirm::OWN_SESSION) != Some(true) {
        return Err(Refused::Reason(
            "Tick the box, too: it is the session you are working in.",
        ));
    }
    Ok(Actor {
        name: admin.user.username.clone(),
        note,
        origin,
    })
}

/// The question again, with what is wrong.
pub fn ask_again(admin: &Admin, question: Question, refused: Refused) -> Response {
    match refused {
        Refused::Reason(why) => (
            StatusCode::BAD_REQUEST,
            confirm::page(admin, question, Some(why)),
        )
            .into_response(),
        Refused::Body(error) => refusal::page(&error),
    }
}

fn done(own: bool, ended: Ended, search: &str, notice: &str) -> Response {
    let to = match (own, ended) {
        (true, _) => "/admin/login/?done=own-session".to_owned(),
        (false, Ended::Now) => back(search, notice),
        (false, Ended::Before) => back(search, "before"),
    };
    Redirect::to(&to).into_response()
}

/// The list one came from, with the search that was made there.
fn back(search: &str, done: &str) -> String {
    address(
        Section::Outstanding.path(),
        &[("q", search), ("done", done)],
    )
}
