//! The page that stands between a click and a revocation.

use axum::response::IntoResponse;
use leptos::prelude::*;

use super::show::{moment, user, words};
use super::{Admin, page};
use crate::clock::UnixSeconds;
use crate::store::{SessionFacts, TokenRow};

/// The box to tick before one ends the session one works in.
pub const OWN_SESSION: &str = "own_session";

/// What is about to be done.
pub struct Question {
    /// The heading.
    pub title: &'static str,
    /// What it will do, in a sentence.
    pub consequence: String,
    /// Where the form is posted to.
    pub action: String,
    /// Where one came from.
    pub back: String,
    /// What the button says.
    pub button: &'static str,
    /// What it concerns.
    pub facts: AnyView,
    /// There is nothing left to do.
    pub over: bool,
    /// The admin would end the session they work in.
    pub ends_own_session: bool,
}

/// The page; `wrong` says what was wrong with the reason given.
pub fn page(admin: &Admin, question: Question, wrong: Option<&'static str>) -> impl IntoResponse {
    let form = if question.over {
        nothing_left(question.back.clone()).into_any()
    } else {
        form(&question, wrong).into_any()
    };
    let own = (question.ends_own_session && !question.over).then(|| {
        view! { <p class="notice notice--warn">"This is the session you are working in. You will be signed out."</p> }
    });
    let content = view! {
        <section class="card stack">
            <h1 class="page__title">{question.title}</h1>
            {question.facts}
            {own}
            {form}
        </section>
    };
    page::document(question.title, Some(admin), None, content)
}

fn form(question: &Question, wrong: Option<&'static str>) -> impl IntoView + use<> {
    view! {
        <p>{question.consequence.clone()}</p>
        <p class="muted">"This can not be undone."</p>
        <form class="stack" method="post" action=question.action.clone()>
            <div class="field">
                <label for="reason">"Reason"</label>
                <input
                    id="reason"
                    name="reason"
                    maxlength="200"
                    required
                    autocomplete="off"
                    aria-invalid=wrong.map(|_| "true")
                    aria-describedby="reason-note"
                />
                <p class=if wrong.is_some() { "field__error" } else { "field__hint" } id="reason-note">
                    {wrong.unwrap_or("In your words; it stays on record beside your name.")}
                </p>
            </div>
            {question.ends_own_session.then(own_session)}
            <div class="actions">
                <button class="btn btn--danger">{question.button}</button>
                <a class="btn btn--quiet" href=question.back.clone()>"Cancel"</a>
            </div>
        </form>
    }
}

/// The box that stands between a slip and signing oneself out.
fn own_session() -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=OWN_SESSION required />
            "I mean the session I am working in"
        </label>
    }
}

fn nothing_left(back: String) -> impl IntoView {
    view! {
        <p class="notice notice--info">"It is over already; there is nothing left to revoke."</p>
        <p>
            <a class="btn" href=back>"Back to the list"</a>
        </p>
    }
}

/// What is known of a token.
pub fn token_facts(row: &TokenRow, now: UnixSeconds) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user(row.username.as_deref())}</dd>
            <dt>"Type"</dt>
            <dd>{row.token_type.clone()}</dd>
            <dt>"jti"</dt>
            <dd class="mono">{row.jti.clone()}</dd>
            <dt>"Session"</dt>
            <dd class="mono">{row.session_id.clone()}</dd>
            <dt>"Issued"</dt>
            <dd>{moment(row.created_at, now)}</dd>
            <dt>"Expires"</dt>
            <dd>{moment(row.expires_at, now)}</dd>
            <dt>"From"</dt>
            <dd>{origin(&row.ip, &row.user_agent)}</dd>
        </dl>
    }
    .into_any()
}

/// What is known of a session.
pub fn session_facts(facts: &SessionFacts, now: UnixSeconds) -> AnyView {
    let ended = facts.ended_at.map(|at| {
        let why = facts.end_reason.as_deref().map_or("", words);
        let who = facts.ended_by.as_deref().map(|name| format!(" ({name})"));
        let how = format!(", {why}{}", who.unwrap_or_default());
        view! {
            <dt>"Ended"</dt>
            <dd>{moment(at, now)} {how}</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user(facts.username.as_deref())}</dd>
            <dt>"Session"</dt>
            <dd class="mono">{facts.id.clone()}</dd>
            <dt>"Opened"</dt>
            <dd>{moment(facts.opened_at, now)}</dd>
            <dt>"Last seen"</dt>
            <dd>{moment(facts.last_seen_at, now)}</dd>
            <dt>"Generation"</dt>
            <dd>{facts.generation}</dd>
            <dt>"Ends at the latest"</dt>
            <dd>{moment(facts.expires_at, now)}</dd>
            {ended}
        </dl>
    }
    .into_any()
}

fn origin(ip: &str, user_agent: &str) -> String {
    [ip, user_agent]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}
