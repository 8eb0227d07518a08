//! What was noticed of the account, latest first: of sessions that are alive and of those that are over alike.

use leptos::either::Either;
use leptos::prelude::*;

use super::desk::Desk;
use super::words::{self, Told};
use crate::api::OwnSessions;
use crate::ui::when::when;

/// The section; hidden until it is known whether there is anything.
#[component]
pub fn Noticed(
    /// The page it is on.
    desk: Desk,
) -> impl IntoView {
    let is_unknown = move || desk.seen.with(Option::is_none);
    let list = move || {
        let told = desk.seen.with(|seen| seen.as_ref().map(all))?;
        Some(if told.is_empty() {
            Either::Left(view! { <p class="muted">"Nothing unusual in the last 30 days."</p> })
        } else {
            let items: Vec<_> = told.into_iter().map(|told| item(told, desk)).collect();
            Either::Right(view! { <ul class="stack" aria-labelledby="noticed-title">{items}</ul> })
        })
    };
    view! {
        <section class="stack" aria-labelledby="noticed-title" hidden=is_unknown>
            <h2 id="noticed-title">"What was noticed"</h2>
            {list}
        </section>
    }
}

/// All notices, told in words.
fn all(seen: &OwnSessions) -> Vec<Told> {
    let of_live = seen.sessions.iter().flat_map(|session| {
        let notices = session.notices.iter();
        notices.map(|notice| words::told(notice, Some(session)))
    });
    let of_others = seen.notices.iter().map(|notice| words::told(notice, None));
    let mut told: Vec<_> = of_live.chain(of_others).collect();
    told.sort_by_key(|told| -told.at);
    told
}

fn item(told: Told, desk: Desk) -> impl IntoView {
    view! {
        <li class=told.tone.class()>
            <p>{told.what}</p>
            <p class="notice__where">{when(told.at, desk.now)} {told.whence}</p>
        </li>
    }
}
