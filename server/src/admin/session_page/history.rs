//! All that happened in a session, as a list of times.

use leptos::prelude::*;

use super::marks::Marks;
use super::timeline::{Entry, Weight, timeline};
use super::{EVENTS, Seen, section};
use crate::admin::show::moment;
use crate::clock::UnixSeconds;
use crate::store::SessionToken;

/// How many lines it has at most.
const SHOWN: usize = 40;

/// The list; of refreshes it knows those of the generations that are shown.
pub fn view(seen: &Seen, shown: &[SessionToken], marks: &Marks) -> AnyView {
    let entries = timeline(&seen.detail, shown, marks, &seen.events);
    let lines = entries.iter().take(SHOWN);
    let lines: Vec<_> = lines.map(|entry| line(entry, seen.now)).collect();
    let bounds =
        bounds(seen, shown, entries.len()).map(|text| view! { <p class="muted">{text}</p> });
    section(
        "history",
        "Timeline, latest first",
        view! {
            {bounds}
            <ol class="history card">{lines}</ol>
        },
    )
}

/// What is not in the list.
fn bounds(seen: &Seen, shown: &[SessionToken], entries: usize) -> Option<String> {
    let is_part =
        shown.len() < seen.tokens.len() || shown.first().is_some_and(|token| token.generation > 0);
    let refreshes = is_part.then_some("Refreshes are those of the generations above.");
    let events = (seen.events.len() >= EVENTS).then_some("Events are the latest.");
    let latest = (entries > SHOWN).then_some("Of all this, the latest is shown.");
    let said: Vec<_> = [refreshes, events, latest].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn line(entry: &Entry, now: UnixSeconds) -> impl IntoView + use<> {
    let class = match entry.weight {
        Weight::Usual => None,
        Weight::Notable => Some("history__notable"),
        Weight::Alarming => Some("history__alarming"),
        Weight::End => Some("history__end"),
    };
    let when = if entry.until == entry.at {
        moment(entry.at, now).into_any()
    } else {
        view! { {moment(entry.at, now)} " to " {moment(entry.until, now)} }.into_any()
    };
    let more = Some(entry.more.clone()).filter(|more| !more.is_empty());
    let more = more.map(|more| view! { <span class="muted">{more}</span> });
    view! {
        <li class=class>
            <span>{when}</span>
            <span>{entry.text.clone()}</span>
            {more}
        </li>
    }
}
