//! What each client holds: its tokens taken apart, and how long they still live. That is read from the token's own text, here
//! in the browser; whether it still counts only the registry knows.

use leptos::prelude::*;

use super::bench::{Bench, stage};
use super::words::duration;
use crate::lab::cast::Actor;
use crate::lab::json::pretty;
use crate::lab::standing::Standing;
use crate::lab::token::{Token, explained};

/// The cards.
#[component]
pub fn Cards(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="cards-title">
            <h2 id="cards-title">"Who holds what"</h2>
            {held(bench, Actor::First, 0)}
            {held(bench, Actor::Second, 1)}
            <Apart />
        </section>
    }
}

/// What the client at this place of the cast holds; nothing is shown where the cast has none.
fn held(bench: Bench, actor: Actor, place: usize) -> impl IntoView {
    let name = move || bench.cast().names().get(place).copied();
    let hand = move || stage().hand(actor);
    let changed = Memo::new(move |_| {
        bench.mark.track();
        hand().map_or(0, |hand| hand.id)
    });
    let tokens = move || {
        changed.track();
        let hand = hand()?;
        let texts = [hand.access, hand.refresh];
        let tokens = texts.iter().filter_map(|text| Token::read(text));
        Some(
            tokens
                .map(|token| card(bench, &token, hand.arrived))
                .collect_view(),
        )
    };
    let remark = move || match (changed.get(), hand()) {
        (_, None) => "Holds no token.",
        (_, Some(hand)) if hand.refresh.is_empty() && stage().has_cookie() => {
            "The refresh token is in a cookie no script can read. The access token is in the page's memory alone."
        }
        (_, Some(_)) => "",
    };
    view! {
        <div class="hand" data-testid="hand" hidden=move || name().is_none()>
            <h3>{name}</h3>
            {tokens}
            <p class="muted">{remark}</p>
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
    let jti = token.word("jti").to_owned();
    let standing = move || {
        bench.mark.track();
        stage().standing(&jti)
    };
    let words = move || match (standing(), left()) {
        (_, 0) => "expired".to_owned(),
        (None | Some(Standing::Live), left) => [&duration(left), " left"].concat(),
        // What the token says of itself does not change with what the registry says of it.
        (Some(gone), left) => [gone.word(), " (by its text ", &duration(left), " left)"].concat(),
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
