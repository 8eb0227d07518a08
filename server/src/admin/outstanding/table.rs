//! The rows of the list of outstanding tokens.

use leptos::prelude::*;

use super::LIST;
use crate::admin::list::{Asked, Column, head};
use crate::admin::listing::address;
use crate::admin::show::{
    last_part, moment, session_link, shortened, token_badge, token_status, user_link,
};
use crate::clock::UnixSeconds;
use crate::store::{ListedToken, Order, TokenStatus};

const COLUMNS: [Column; 9] = [
    Column::Plain("User"),
    Column::Plain("jti"),
    Column::Plain("Session · generation"),
    Column::Plain("Type"),
    Column::Plain("Address"),
    Column::Sorted("Issued", "issued"),
    Column::Sorted("Expires", "expires"),
    Column::Plain("Status"),
    Column::Hidden("Actions"),
];

/// The table.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedToken],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(asked, row, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Outstanding tokens">
            <table class="table">
                <caption class="visually-hidden">"Outstanding tokens"</caption>
                {head(LIST.section.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn line(asked: &Asked<'_>, row: &ListedToken, now: UnixSeconds) -> impl IntoView + use<> {
    let status = token_status(row, now);
    view! {
        <tr>
            <th scope="row" data-label="User">{user_link(row.user_id, row.username.as_deref())}</th>
            <td data-label="jti">{shortened(&row.jti)}</td>
            <td data-label="Session">
                <span>
                    {session_link(&row.session_id)}
                    <span class="muted">{format!(" · {}", row.generation)}</span>
                </span>
            </td>
            <td data-label="Type">{row.token_type.clone()}</td>
            <td data-label="Address">{row.ip.clone()}</td>
            <td data-label="Issued">{moment(row.created_at, now)}</td>
            <td data-label="Expires">{moment(row.expires_at, now)}</td>
            <td data-label="Status">{token_badge(status, row.end_reason.as_deref())}</td>
            <td>{actions(asked, row, status)}</td>
        </tr>
    }
}

fn actions(asked: &Asked<'_>, row: &ListedToken, status: TokenStatus) -> impl IntoView + use<> {
    let search = asked.raw("q");
    let blacklist = (status == TokenStatus::Live).then(|| {
        let path = format!("/admin/outstanding/{}/blacklist/", row.id);
        let href = address(&path, &[("q", search)]);
        let label = format!("Blacklist token {}", row.jti);
        view! { <a href=href aria-label=label>"Blacklist"</a> }
    });
    let end = row.ended_at.is_none().then(|| {
        let path = format!("/admin/sessions/{}/end/", row.session_id);
        let href = address(&path, &[("q", search)]);
        let label = format!("End session {}", last_part(&row.session_id));
        view! { <a href=href aria-label=label>"End session"</a> }
    });
    view! { <div class="actions">{blacklist} {end}</div> }
}
