//! One live session: what it is used on, since when, from where, until when; and the button that signs it out.

use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::api::OwnSession;
use crate::ui::when::when;

/// The list, as far as it is known.
pub fn cards(desk: Desk) -> impl IntoView {
    let seen = desk.seen.get()?;
    let cards = seen.sessions.into_iter();
    let cards: Vec<_> = cards.map(|session| card(session, desk)).collect();
    Some(view! { <ul class="stack sessions" aria-labelledby="list-title">{cards}</ul> })
}

fn card(session: OwnSession, desk: Desk) -> impl IntoView {
    let device = words::device(&session.device);
    let address = words::address(&session);
    let badge = session
        .current
        .then(|| view! { <span class="badge badge--live">"This device"</span> });
    let sign_out = format!("Sign out {device}");
    let (opened_at, last_seen_at, expires_at) =
        (session.opened_at, session.last_seen_at, session.expires_at);
    let is_waiting = move || desk.guard.is_busy.get().to_string();
    view! {
        <li class="card stack">
            <div class="row">
                <h3>{device}</h3>
                {badge}
                // Not disabled while a call is under way: that would take the focus away from it.
                <button
                    class="btn btn--small"
                    type="button"
                    aria-label=sign_out
                    aria-disabled=is_waiting
                    on:click=move |_| desk.end(&session)
                >
                    "Sign out"
                </button>
            </div>
            <dl class="facts">
                <dt>"Signed in"</dt>
                <dd>{when(opened_at, desk.now)}</dd>
                <dt>"Last active"</dt>
                <dd>{when(last_seen_at, desk.now)}</dd>
                <dt>"Address"</dt>
                <dd>{address}</dd>
                <dt>"Expires"</dt>
                <dd>{when(expires_at, desk.now)}</dd>
            </dl>
        </li>
    }
}
