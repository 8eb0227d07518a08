//! The rows of the list of blacklisted tokens.

use leptos::prelude::*;

use super::LIST;
use crate::admin::list::{Asked, Column, head};
use crate::admin::show::{moment, session_link, shortened, user_link, words};
use crate::clock::UnixSeconds;
use crate::store::{ListedBlacklisted, Order, ROTATED};

const COLUMNS: [Column; 8] = [
    Column::Plain("User"),
    Column::Plain("jti"),
    Column::Plain("Session"),
    Column::Plain("Type"),
    Column::Sorted("Issued", "issued"),
    Column::Plain("Expires"),
    Column::Sorted("Blacklisted", "blacklisted"),
    Column::Plain("Status"),
];

/// The table.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedBlacklisted],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(row, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Blacklisted tokens">
            <table class="table">
                <caption class="visually-hidden">"Blacklisted tokens"</caption>
                {head(LIST.section.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn line(row: &ListedBlacklisted, now: UnixSeconds) -> impl IntoView + use<> {
    let class = match row.reason.as_str() {
        ROTATED => "badge badge--rotated",
        _ => "badge badge--blacklisted",
    };
    let reason = match &row.actor {
        Some(actor) => format!("revoked by {actor}"),
        None => words(&row.reason).to_owned(),
    };
    let note = row
        .note
        .clone()
        .map(|note| view! { <p class="muted">{note}</p> });
    view! {
        <tr>
            <th scope="row" data-label="User">{user_link(row.user_id, row.username.as_deref())}</th>
            <td data-label="jti">{shortened(&row.jti)}</td>
            <td data-label="Session">{session_link(&row.session_id)}</td>
            <td data-label="Type">{row.token_type.clone()}</td>
            <td data-label="Issued">{moment(row.created_at, now)}</td>
            <td data-label="Expires">{moment(row.expires_at, now)}</td>
            <td data-label="Blacklisted">{moment(row.blacklisted_at, now)}</td>
            <td data-label="Status">
                <div class="stack">
                    <span class=class>{reason}</span>
                    {note}
                </div>
            </td>
        </tr>
    }
}
