//! One live session: what it is used on, since when, from where, until when; and the button that signs it out.

use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::api::OwnSession;
use crate::ui::when::when;

/// The list, as far as it is known.
#[component]
pub fn Cards(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let is_unknown = move || desk.sessions.with(Option::is_none);
    let cards = move || {
        let sessions = desk.sessions.get().unwrap_or_default().into_iter();
        sessions
            .map(|session| card(session, desk))
            .collect::<Vec<_>>()
    };
    view! {
        <ul class="stack" aria-labelledby="list-title" hidden=is_unknown>
            {cards}
        </ul>
    }
}

fn card(session: OwnSession, desk: Desk) -> impl IntoView {
    let device = words::device(&session.device);
    let address = words::address(&session);
    let is_another = !session.current;
    let badge = if is_another { "" } else { "This device" };
    let sign_out = ["Sign out ", &device].concat();
    let client = words::calls_itself(&session.client);
    let is_nameless = client.is_empty();
    let rename = ["Name ", &device].concat();
    let model = words::model(&session.device);
    let is_unnamed = session.device.name.is_empty();
    let is_unknown = session.device.id.is_none();
    let named = session.clone();
    let (opened_at, last_seen_at) = (session.opened_at, session.last_seen_at);
    let (expires_at, ends_at) = (session.expires_at, session.ends_at);
    let is_waiting = move || desk.guard.is_busy.get().to_string();
    view! {
        <li class="card stack">
            <div class="row">
                <h3>{device}</h3>
                <span class="badge badge--live" hidden=is_another>
                    {badge}
                </span>
                <span class="muted" hidden=is_nameless>
                    {client}
                </span>
                <button
                    class="btn btn--small btn--quiet"
                    type="button"
                    aria-label=rename
                    hidden=is_unknown
                    on:click=move |_| desk.ask_for_name(&named)
                >
                    "Name"
                </button>
                // Not disabled while a call is under way: that would take the focus away from it.
                <button
                    class="btn btn--small"
                    type="button"
                    aria-label=sign_out
                    aria-disabled=is_waiting
                    on:click=move |_| desk.sign_out(&session)
                >
                    "Sign out"
                </button>
            </div>
            <dl class="facts">
                <dt hidden=is_unnamed>"Browser and system"</dt>
                <dd hidden=is_unnamed>{model}</dd>
                <dt>"Signed in"</dt>
                <dd>{when(opened_at, desk.now)}</dd>
                <dt>"Last active"</dt>
                <dd>{when(last_seen_at, desk.now)}</dd>
                <dt>"Address"</dt>
                <dd>{address}</dd>
                <dt>"Expires"</dt>
                <dd>{when(expires_at, desk.now)} " if not used, " {when(ends_at, desk.now)} " at the latest"</dd>
            </dl>
        </li>
    }
}
