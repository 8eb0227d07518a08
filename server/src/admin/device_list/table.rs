//! The rows of the list of devices.

use leptos::prelude::*;

use super::LIST;
use crate::admin::list::{Asked, Column, head};
use crate::admin::show::{live_sessions, moment, user_link};
use crate::clock::UnixSeconds;
use crate::device::Known;
use crate::store::{ListedDevice, Order};

const COLUMNS: [Column; 7] = [
    Column::Plain("Device"),
    Column::Plain("Kind"),
    Column::Plain("User"),
    Column::Sorted("First seen", "first"),
    Column::Sorted("Last seen", "last"),
    Column::Plain("Sessions"),
    Column::Hidden("Actions"),
];

/// The table of a list in an order, out of those it could have.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedDevice],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(row, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Devices">
            <table class="table">
                <caption class="visually-hidden">"Devices"</caption>
                {head(LIST.section.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn line(row: &ListedDevice, now: UnixSeconds) -> impl IntoView + use<> {
    let what = Known {
        browser: &row.browser,
        browser_version: &row.browser_version,
        os: &row.os,
        model: &row.model,
    };
    let what = what.to_string();
    // The user's word for it says whose it is, the rest what it is.
    let (name, beside) = match row.name.as_str() {
        "" => (what.clone(), None),
        name => (name.to_owned(), Some(what.clone())),
    };
    let beside = beside.map(|what| view! { " " <span class="muted">{what}</span> });
    let owner = row.username.as_deref().unwrap_or("(deleted)");
    let of = format!(" on {name}, {owner}");
    let live = live_sessions(row.sessions);
    let sessions = format!("/admin/sessions/?device={}&status=live", row.id);
    let end = (row.sessions.live > 0 || row.sessions.has_older).then(|| {
        let href = format!("/admin/devices/{}/end-sessions/", row.id);
        let of = of.clone();
        view! {
            <div class="actions">
                <a class="btn btn--quiet btn--small" href=href>
                    "End its sessions"
                    <span class="visually-hidden">{of}</span>
                </a>
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row" data-label="Device"><span>{name} {beside}</span></th>
            <td data-label="Kind">{row.kind.clone()}</td>
            <td data-label="User">{user_link(Some(row.user_id), row.username.as_deref())}</td>
            <td data-label="First seen">{moment(row.first_seen_at, now)}</td>
            <td data-label="Last seen">{moment(row.last_seen_at, now)}</td>
            <td data-label="Sessions"><a href=sessions>{live}<span class="visually-hidden">{of}</span></a></td>
            <td>{end}</td>
        </tr>
    }
}
