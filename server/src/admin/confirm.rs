//! The page that stands between a click and a revocation: what it will do, why it is done, and the boxes without which it
//! leaves alone what nobody wants to lose by a slip.

mod answer;

use axum::response::IntoResponse;
use leptos::prelude::*;

use super::field::reason;
use super::{Admin, page};

pub use answer::{Typed, Wrong};

/// The box to tick before one ends the session one works in.
pub const OWN_SESSION: &str = "own_session";

/// The box that resets the user's API token, too.
pub const API_TOKEN: &str = "api_token";

/// What becomes of the session one works in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Own {
    /// It has nothing to do with it.
    Apart,
    /// It is what is ended: the box has to be ticked.
    Itself,
    /// It may be among those that are ended: without the box it is left out.
    Among,
}

/// What is about to be done.
pub struct Question {
    /// The heading.
    pub title: String,
    /// What it concerns.
    pub facts: AnyView,
    /// What it will do.
    pub consequence: AnyView,
    /// How it is done.
    pub form: Ask,
    /// There is nothing left to do; what to say.
    pub over: Option<&'static str>,
}

/// The form that does it.
pub struct Ask {
    /// Where the form is posted to.
    pub action: String,
    /// Fields nobody sees: what was decided, and is to stay as it is.
    pub hidden: Vec<(&'static str, String)>,
    /// Where one came from.
    pub back: String,
    /// What the button says.
    pub button: &'static str,
    /// What becomes of the session one works in.
    pub own: Own,
    /// There is an API token that can be reset, too.
    pub with_api_token: bool,
    /// The field for the password, where it is due.
    pub password: Option<AnyView>,
}

/// The page, with what was typed before and what was wrong with it.
pub fn page(
    admin: &Admin,
    question: Question,
    typed: &Typed,
    wrong: Option<&Wrong>,
) -> impl IntoResponse {
    let title = question.title.clone();
    let content = view! {
        <section class="card stack">
            <h1 class="page__title">{title.clone()}</h1>
            {question.facts}
            {if let Some(sentence) = question.over {
                nothing_left(sentence, question.form.back).into_any()
            } else {
                view! {
                    {question.consequence}
                    {form(question.form, typed, wrong)}
                }
                    .into_any()
            }}
        </section>
    };
    page::document(&title, Some(admin), None, content)
}

fn form(ask: Ask, typed: &Typed, wrong: Option<&Wrong>) -> impl IntoView + use<> {
    let hidden = ask.hidden.into_iter();
    let hidden =
        hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let about_reason = match wrong {
        Some(Wrong::Reason(sentence)) => Some(sentence.clone()),
        Some(Wrong::Own) | None => None,
    };
    let untold = wrong == Some(&Wrong::Own);
    let api_token = ask
        .with_api_token
        .then(|| check(API_TOKEN, "Reset the API token, too", typed.api_token));
    view! {
        <form class="stack" method="post" action=ask.action>
            {hidden.collect_view()}
            {reason(&typed.reason, about_reason)}
            {api_token}
            {own_session(ask.own, typed.own_session, untold)}
            {ask.password}
            <div class="actions">
                <button class="btn btn--danger">{ask.button}</button>
                <a class="btn btn--quiet" href=ask.back>"Cancel"</a>
            </div>
        </form>
    }
}

/// The box that stands between a slip and signing oneself out.
fn own_session(own: Own, ticked: bool, untold: bool) -> AnyView {
    let (notice, label) = match own {
        Own::Apart => return ().into_any(),
        Own::Itself => (
            Some("This is the session you are working in. You will be signed out."),
            "I mean the session I am working in",
        ),
        Own::Among => (
            None,
            "End the session I am working in, too, if it is one of them",
        ),
    };
    let wrong = untold.then(|| {
        view! { <p class="field__error" role="alert">"Tick the box: it is the session you are working in."</p> }
    });
    view! {
        {notice.map(|notice| view! { <p class="notice notice--warn">{notice}</p> })}
        {check(OWN_SESSION, label, ticked)}
        {wrong}
    }
    .into_any()
}

fn check(name: &'static str, label: &'static str, ticked: bool) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=name value="yes" checked=ticked />
            {label}
        </label>
    }
}

fn nothing_left(sentence: &'static str, back: String) -> impl IntoView {
    view! {
        <p class="notice notice--info">{sentence}</p>
        <p>
            <a class="btn" href=back>"Back"</a>
        </p>
    }
}
