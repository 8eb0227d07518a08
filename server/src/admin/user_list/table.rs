//! The rows of the list of users.

use leptos::prelude::*;

use super::LIST;
use crate::admin::list::{Asked, Column, head};
use crate::admin::show::{live_sessions, moment, user_link};
use crate::clock::UnixSeconds;
use crate::store::{ListedUser, Order};

const COLUMNS: [Column; 7] = [
    Column::Sorted("Username", "username"),
    Column::Plain("E-mail"),
    Column::Plain("Status"),
    Column::Plain("Role"),
    Column::Sorted("Joined", "joined"),
    Column::Plain("Last login"),
    Column::Plain("Sessions"),
];

/// The table of a list in an order, out of those it could have.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedUser],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(row, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Users">
            <table class="table">
                <caption class="visually-hidden">"Users"</caption>
                {head(LIST.section.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn line(row: &ListedUser, now: UnixSeconds) -> impl IntoView + use<> {
    let number = format!("no.\u{a0}{}", row.id);
    let (class, status) = if row.is_active {
        ("badge badge--live", "active")
    } else {
        ("badge badge--blacklisted", "shut out")
    };
    let role = match (row.is_superuser, row.is_staff) {
        (true, _) => "superuser",
        (false, true) => "staff",
        (false, false) => "user",
    };
    let last_login = match row.last_login_at {
        Some(at) => moment(at, now).into_any(),
        None => view! { <span class="muted">"unknown"</span> }.into_any(),
    };
    let live = live_sessions(row.sessions);
    let sessions = format!("/admin/sessions/?user={}&status=live", row.id);
    let of = format!(" of {}", row.username);
    view! {
        <tr>
            <th scope="row" data-label="Username">
                <span>{user_link(Some(row.id), Some(&row.username))} " " <span class="muted">{number}</span></span>
            </th>
            <td data-label="E-mail">{row.email.clone()}</td>
            <td data-label="Status"><span class=class>{status}</span></td>
            <td data-label="Role">{role}</td>
            <td data-label="Joined">{moment(row.joined_at, now)}</td>
            <td data-label="Last login">{last_login}</td>
            <td data-label="Sessions"><a href=sessions>{live}<span class="visually-hidden">{of}</span></a></td>
        </tr>
    }
}
