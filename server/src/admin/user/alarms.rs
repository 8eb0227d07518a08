//! What somebody should look at first on a user's page: what was alarming lately, and signs of somebody new. It says only
//! what is on record; whether it was a thief, nobody here can know.

use leptos::prelude::*;

use super::lists::{is_new_country, place};
use super::show::Sheet;
use crate::admin::event_list::words::{self, Tone};
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::{moment, session_link};
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::store::UserEvent;

/// How many are shown.
const SHOWN: usize = 10;

/// Whether it is one, or a sign-in.
#[must_use]
pub fn is_alarm(row: &UserEvent) -> bool {
    Kind::parse(&row.event.kind).is_some_and(|kind| kind.is_alarming() || kind == Kind::NewDevice)
}

/// The latest ones, the latest first, or nothing.
pub fn alarms(sheet: &Sheet, now: UnixSeconds) -> Option<impl IntoView + use<>> {
    let signs = sheet.sign_ins.iter().enumerate();
    let signs = signs.filter(|(n, _)| is_new_country(&sheet.sign_ins, *n));
    let signs = signs.map(|(_, row)| (row, "signed in from a new country"));
    let alarms = sheet.alarms.iter().map(|row| (row, said(row)));
    let mut all: Vec<_> = alarms.chain(signs).collect();
    if all.is_empty() {
        return None;
    }
    all.sort_by_key(|(row, _)| std::cmp::Reverse(row.event.id));
    let more = all.len() > SHOWN;
    let lines = all.into_iter().take(SHOWN);
    let lines = lines.map(|(row, said)| line(row, said, now)).collect_view();
    let user = sheet.facts.user.id.to_string();
    let href = address(Section::Events.path(), &[("user", &user)]);
    let more = more.then(|| {
        view! {
            <p>
                <a href=href>"More among all events of the user"</a>
            </p>
        }
    });
    Some(view! {
        <section class="stack" aria-labelledby="alarms">
            <h2 id="alarms">"Alarms of the last 30 days"</h2>
            <ul class="stack concerns">{lines}</ul>
            {more}
        </section>
    })
}

fn said(row: &UserEvent) -> &'static str {
    Kind::parse(&row.event.kind).map_or("", words::of)
}

fn line(row: &UserEvent, said: &'static str, now: UnixSeconds) -> impl IntoView + use<> {
    let kind = Kind::parse(&row.event.kind);
    let (class, prefix) = match kind.map(Tone::of) {
        Some(Tone::Alarm) => ("notice notice--error", Tone::Alarm.prefix()),
        _ => ("notice notice--warn", ""),
    };
    let session = row.event.session_id.as_deref();
    let session = session.map(|id| view! { " · session " {session_link(id)} });
    let from = (!row.event.ip.is_empty())
        .then(|| view! { " · from " {place(&row.event.ip, &row.country)} });
    let detail = row.event.detail.as_deref().filter(|text| !text.is_empty());
    let detail = detail.map(|text| format!(" · {text}"));
    view! {
        <li class=class>
            <strong>{prefix} {said}</strong>
            " · "
            {moment(row.event.at, now)}
            {session}
            {from}
            {detail}
        </li>
    }
}
