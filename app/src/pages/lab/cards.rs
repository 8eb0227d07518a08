//! What each client holds: its tokens taken apart, and how long they still live. All of it is read from the token's own text,
//! here in the browser.

use leptos::prelude::*;

use super::bench::{Bench, stage};
use crate::lab::cast::Actor;
use crate::lab::json::pretty;
use crate::lab::stage::Hand;
use crate::lab::token::{Token, explained};

/// The cards.
#[component]
pub fn Cards(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let hands = move || {
        bench.mark.track();
        stage().hands()
    };
    let key = |hand: &Hand| {
        (
            hand.actor == Actor::First,
            hand.access.clone(),
            hand.arrived,
        )
    };
    view! {
        <section class="card stack" aria-labelledby="cards-title">
            <h2 id="cards-title">"Who holds what"</h2>
            <p class="muted" hidden=move || !hands().is_empty()>
                "Nobody holds a token."
            </p>
            <For each=hands key=key children=move |hand| held(bench, &hand) />
            <Apart />
        </section>
    }
}

fn held(bench: Bench, hand: &Hand) -> impl IntoView + use<> {
    let name = stage().cast().name(hand.actor);
    let arrived = hand.arrived;
    let tokens = [&hand.access, &hand.refresh]
        .into_iter()
        .filter_map(|text| Token::read(text))
        .map(|token| card(bench, &token, arrived))
        .collect_view();
    let is_hidden = hand.refresh.is_empty();
    view! {
        <div class="hand" data-testid="hand">
            <h3>{name}</h3>
            {tokens}
            {is_hidden.then(|| view! { <p class="muted">"The refresh token is in a cookie no script can read."</p> })}
        </div>
    }
}

fn card(bench: Bench, token: &Token, arrived: u64) -> impl IntoView + use<> {
    let name = [
        token.word("token_type"),
        " ",
        &token.generation().to_string(),
    ]
    .concat();
    let life = match (token.number("exp"), token.number("iat")) {
        (Some(exp), Some(iat)) => u64::try_from(exp - iat).unwrap_or(0),
        _ => 0,
    };
    let left = move || {
        let age = bench.now.get().saturating_sub(arrived) / 1_000;
        life.saturating_sub(age)
    };
    let words = move || match left() {
        0 => "expired".to_owned(),
        left => [&duration(left), " left"].concat(),
    };
    let label = ["Life left of ", &name].concat();
    let timer = label.clone();
    view! {
        <details class="token">
            <summary>
                <strong>{name}</strong>
                <span class="token__left" role="timer" aria-live="off" aria-label=timer>
                    {words}
                </span>
                <progress max=life.to_string() value=move || left().to_string() aria-label=label></progress>
            </summary>
            {apart(token)}
        </details>
    }
}

/// A token's three parts, each claim explained.
fn apart(token: &Token) -> impl IntoView + use<> {
    let mut parts = token.text.split('.').map(str::to_owned);
    let [header, payload, signature] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let signature_size = (signature.len() * 3 / 4).to_string();
    let claims = token
        .claims
        .iter()
        .map(|(name, value)| {
            let value = value.clone();
            view! {
                <dt>
                    <code>{name.clone()}</code>
                    " "
                    <code class="token__value">{value}</code>
                </dt>
                <dd class="muted">{explained(name)}</dd>
            }
        })
        .collect_view();
    view! {
        <div class="stack token__parts">
            <p class="mono token__text">
                <span class="token__header">{header}</span>
                "."
                <span class="token__payload">{payload}</span>
                "."
                <span class="token__signature">{signature}</span>
            </p>
            <h4 class="token__header">"Header"</h4>
            <pre role="group" aria-label="Header">{pretty(&token.header)}</pre>
            <h4 class="token__payload">"Payload"</h4>
            <dl>{claims}</dl>
            <h4 class="token__signature">"Signature"</h4>
            <p class="muted">
                {signature_size}
                " bytes over the two parts before. Anybody can read a token; only who has the key can make one, and only \
                 the server can say whether it still counts."
            </p>
        </div>
    }
}

/// A place to take any token apart.
#[component]
fn Apart() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let result = move || Token::read(&typed.get()).map(|token| apart(&token));
    let is_readable = move || {
        let text = typed.get();
        text.trim().is_empty() || Token::read(&text).is_some()
    };
    view! {
        <details class="token">
            <summary>"Take any token apart"</summary>
            <div class="field">
                <label for="any-token">"A token"</label>
                <textarea
                    id="any-token"
                    spellcheck="false"
                    autocomplete="off"
                    aria-describedby="any-token-hint"
                    on:input=move |event| typed.set(event_target_value(&event))
                ></textarea>
                <p class="field__hint" id="any-token-hint">
                    "It is read here, and sent nowhere."
                </p>
            </div>
            <p class="notice notice--warn" role="status" hidden=is_readable>
                "This is not a token: three parts, separated by dots."
            </p>
            {result}
        </details>
    }
}

fn duration(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, " s"),
        120..7_200 => (seconds / 60, " min"),
        7_200..172_800 => (seconds / 3_600, " h"),
        _ => (seconds / 86_400, " d"),
    };
    [&number.to_string(), unit].concat()
}
