//! The rows of the audit trail.

use leptos::prelude::*;

use super::{LIST, words};
use crate::admin::list::{Asked, Column, head};
use crate::admin::listing::address;
use crate::admin::show::{self, NAME, cut, last_part, moment, session_link, user_link};
use crate::clock::UnixSeconds;
use crate::device::{Description, Hints};
use crate::event::Kind;
use crate::store::{ListedEvent, Order};

const COLUMNS: [Column; 6] = [
    Column::Sorted("When", "at"),
    Column::Plain("What"),
    Column::Plain("User"),
    Column::Plain("Session"),
    Column::Plain("Done by"),
    Column::Plain("From"),
];

/// How much is shown of what else an event says, in characters. Files have all of it.
const SHOWN: usize = 80;

/// The table of a list in an order, out of those it could have.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedEvent],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(row, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Events">
            <table class="table">
                <caption class="visually-hidden">"Events"</caption>
                {head(LIST.section.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn line(row: &ListedEvent, now: UnixSeconds) -> impl IntoView + use<> {
    let session = row.session_id.as_deref().map(|id| {
        if row.has_session {
            session_link(id).into_any()
        } else {
            view! { <span class="mono" title=id.to_owned()>{last_part(id)}</span> }.into_any()
        }
    });
    view! {
        <tr>
            <td data-label="When">{moment(row.at, now)}</td>
            <th scope="row" data-label="What"><div class="lines">{what(row)}</div></th>
            <td data-label="User">{user(row)}</td>
            <td data-label="Session">{session}</td>
            <td data-label="Done by">{row.actor.as_deref().map(|name| cut(name, NAME))}</td>
            <td data-label="From"><div class="lines">{from(row)}</div></td>
        </tr>
    }
}

/// What happened, in words and by its name, and what else is known.
fn what(row: &ListedEvent) -> impl IntoView + use<> {
    let kind = Kind::parse(&row.kind);
    let tone = kind.map_or(words::Tone::Usual, words::Tone::of);
    let said = kind.map_or("something of a newer version", words::of);
    let text = format!("{}{said}", tone.prefix());
    let detail = row.detail.as_deref().filter(|detail| !detail.is_empty());
    let detail = detail.map(|detail| match kind {
        Some(Kind::SessionExpired) => show::words(detail).to_owned(),
        _ => cut(detail, SHOWN),
    });
    let told = row.notice.then(|| "the user is told".to_owned());
    let more: Vec<_> = detail.into_iter().chain(told).collect();
    let more = (!more.is_empty()).then(|| view! { <span>{more.join(" · ")}</span> });
    view! {
        <span>
            <span class=tone.class()>{text}</span>
            " "
            <span class="mono muted">{row.kind.clone()}</span>
        </span>
        {more}
    }
}

/// Whom it concerns: a link while they are there, else the name they had.
fn user(row: &ListedEvent) -> AnyView {
    match (row.user_id, row.username.as_deref()) {
        (Some(id), Some(name)) if row.has_user => user_link(Some(id), Some(name)),
        (Some(id), name) => {
            let name = cut(name.unwrap_or_default(), NAME);
            let gone = format!("{name} (deleted, no. {id})");
            view! { <span>{gone}</span> }.into_any()
        }
        (None, name) => name.map(|name| cut(name, NAME)).into_any(),
    }
}

/// The address, which leads to all that came from there, and what sent it.
fn from(row: &ListedEvent) -> impl IntoView + use<> {
    let ip = (!row.ip.is_empty()).then(|| {
        let href = address(LIST.section.path(), &[("address", &row.ip)]);
        view! { <a href=href>{row.ip.clone()}</a> }
    });
    let agent = row.user_agent.as_str();
    let device = Description::of(agent, &Hints::default());
    let is_known = !device.browser.is_empty() || !device.os.is_empty();
    let agent = match (agent, is_known) {
        ("", _) => None,
        (_, true) => Some(device.to_string()),
        (agent, false) => Some(cut(agent, NAME)),
    };
    view! {
        {ip}
        {agent.map(|agent| view! { <span class="muted">{agent}</span> })}
    }
}
