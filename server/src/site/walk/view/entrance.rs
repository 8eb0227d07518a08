//! The walk's first page: a form to sign in with, the words of the steps, and the steps. A login that was refused comes back
//! here, with the name that was typed and what is wrong beside it; never with the password.

use axum::http::StatusCode;
use leptos::prelude::*;
use serde_json::Value;

use super::super::exchange::Exchange;
use super::super::step::Step;
use super::super::{LAB, PATH};
use super::{HEAD, over_the_wire};
use crate::config::Settings;

/// What stands in the form, and what is wrong with it. Empty where nothing is.
#[derive(Default)]
pub struct Entrance {
    /// What is wrong in all.
    pub wrong: String,
    /// The name as it was typed.
    pub username: String,
    username_error: String,
    password_error: String,
    is_refused: bool,
}

impl Entrance {
    /// A form with something wrong in all.
    pub fn wrong(sentence: String) -> Self {
        Self {
            wrong: sentence,
            ..Self::default()
        }
    }

    /// The form again, after a login that was answered so.
    pub fn refused(username: String, exchange: &Exchange) -> Self {
        let of = |name: &str| {
            let first = match exchange.body.get(name) {
                Some(Value::Array(all)) => all.first(),
                one => one,
            };
            first.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let is_refused = exchange.status == StatusCode::UNAUTHORIZED;
        let (username_error, password_error) = (of("username"), of("password"));
        let wrong = if is_refused {
            "The username or the password is not right, or the account is switched off.".to_owned()
        } else {
            of("detail")
        };
        Self {
            wrong,
            username,
            username_error,
            password_error,
            is_refused,
        }
    }
}

/// The page; with the request that was refused, where one was.
pub fn begin(settings: &Settings, entrance: Entrance, refused: Option<&Exchange>) -> AnyView {
    let steps = Step::ALL.map(|step| view! { <li>{step.title()}</li> });
    view! {
        <h1 class="page__title">{HEAD.title}</h1>
        <p class="lede">
            "Sign in, use the session, then steal from yourself: send a copy of a token that was used already, and see how \
             the server finds out. Each step sends one real request to this server and shows it, its answer, and what \
             changed on record. This page uses no script; what you have in hand is in its forms, and is gone when you \
             close it."
        </p>
        {form(entrance)}
        {refused.map(over_the_wire)}
        <section class="stack" aria-labelledby="words">
            <h2 id="words">"The words in it"</h2>
            {words(settings)}
        </section>
        <section class="stack" aria-labelledby="steps">
            <h2 id="steps">"The steps"</h2>
            <ol>{steps.into_iter().collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn form(entrance: Entrance) -> impl IntoView {
    let described = |error: &str, id: &str| match (error.is_empty(), entrance.is_refused) {
        (false, _) => Some(id.to_owned()),
        (true, true) => Some("wrong".to_owned()),
        (true, false) => None,
    };
    let by_username = described(&entrance.username_error, "username-error");
    let by_password = described(&entrance.password_error, "password-error");
    let invalid = |by: &Option<String>| by.as_ref().map(|_| "true");
    let (bad_username, bad_password) = (invalid(&by_username), invalid(&by_password));
    let wrong = Some(entrance.wrong).filter(|wrong| !wrong.is_empty());
    view! {
        <form class="card stack" method="post" action=PATH aria-label="Sign in">
            <p>
                "Sign in with an account of this server. One that was started with " <code>"--demo"</code> " has "
                <code>"alice"</code> " with the password " <code>"alice-demo-pass"</code> "."
            </p>
            {wrong.map(|wrong| view! { <p class="notice notice--error" role="alert" id="wrong">{wrong}</p> })}
            <div class="field">
                <label for="username">"Username"</label>
                <input
                    id="username"
                    name="username"
                    value=entrance.username
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-invalid=bad_username
                    aria-describedby=by_username
                />
                {field_error("username-error", entrance.username_error)}
            </div>
            <div class="field">
                <label for="password">"Password"</label>
                <input
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-invalid=bad_password
                    aria-describedby=by_password
                />
                {field_error("password-error", entrance.password_error)}
            </div>
            <div class="actions">
                <button class="btn btn--primary" name="step" value=Step::LogIn.as_str()>
                    "Sign in, and begin"
                </button>
            </div>
            <p class="muted">
                "It opens a session of its own, which your list of sessions calls “" {LAB}
                "”. Your own session in this browser is not touched."
            </p>
        </form>
    }
}

fn field_error(id: &'static str, error: String) -> Option<impl IntoView> {
    (!error.is_empty()).then(|| view! { <p class="field__error" id=id>{error}</p> })
}

/// Every word the steps use that only those know who built such a thing before.
fn words(settings: &Settings) -> impl IntoView + use<> {
    let seconds = |seconds: i64| match seconds {
        1 => "1 second".to_owned(),
        _ => format!("{seconds} seconds"),
    };
    let grace = format!(
        "How long reuse is taken for a lost answer: {}, and {} as long as nobody used the new tokens; \
         both only for the last token before the current one, from the same kind of browser. The answer is then the same \
         successor again.",
        seconds(settings.refresh_reuse_interval.get()),
        seconds(settings.refresh_retry_window.get()),
    );
    let words = [
        ("Session", "What a login opens and a logout ends."),
        (
            "On record",
            "In the server's database. It has a row for each token, with a hash in place of the token.",
        ),
        (
            "Access token",
            "Sent with every call of the API, for a few minutes. Whoever has it is let in.",
        ),
        (
            "Refresh token",
            "Lives for days, and does one thing only: it is exchanged for two new tokens. That exchange is a refresh.",
        ),
        (
            "Rotation",
            "A refresh hands out a new refresh token, the successor, in place of the one that was sent.",
        ),
        (
            "Spent",
            "A refresh token that has a successor. On record, and where the API refuses it, it is called blacklisted.",
        ),
        (
            "Generation",
            "How many refreshes came before a token: those of the login are 0.",
        ),
        ("Family", "All tokens that came of one login."),
        (
            "Reuse",
            "A spent token is sent again: its answer got lost, or somebody has a copy.",
        ),
        ("Grace", &*grace),
    ];
    let words = words.map(|(word, meaning)| {
        view! {
            <dt>{word}</dt>
            <dd>{meaning.to_owned()}</dd>
        }
    });
    view! { <dl class="facts card">{words.into_iter().collect_view()}</dl> }
}
