//! The rows of the list of API tokens.

use leptos::prelude::*;

use crate::admin::list::{Asked, Column, head};
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::{moment, user_link};
use crate::clock::UnixSeconds;
use crate::store::{ListedApiToken, Order};

const COLUMNS: [Column; 5] = [
    Column::Plain("User"),
    Column::Sorted("Number", "user"),
    Column::Plain("Made"),
    Column::Plain("Last used"),
    Column::Hidden("Actions"),
];

/// The table of a list in an order, out of those it could have.
pub fn table(
    asked: &Asked<'_>,
    rows: &[ListedApiToken],
    (order, orders): (Order, &[Order]),
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let search = asked.raw("q");
    let lines = rows.iter().map(|row| line(row, search, now)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Users who have an API token">
            <table class="table">
                <caption class="visually-hidden">"Users who have an API token"</caption>
                {head(Section::ApiTokens.path(), asked, &COLUMNS, order, orders)}
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

/// When an API token was last used.
pub fn last_used(row: &ListedApiToken, now: UnixSeconds) -> AnyView {
    match row.last_used_at {
        Some(at) => moment(at, now).into_any(),
        None => "never".into_any(),
    }
}

fn line(row: &ListedApiToken, search: &str, now: UnixSeconds) -> impl IntoView + use<> {
    let path = format!("/admin/api-tokens/{}/reset/", row.user_id);
    let href = address(&path, &[("q", search)]);
    let label = format!("Reset the API token of {}", row.username);
    view! {
        <tr>
            <th scope="row" data-label="User">{user_link(Some(row.user_id), Some(&row.username))}</th>
            <td data-label="Number">{row.user_id}</td>
            <td data-label="Made">{moment(row.created_at, now)}</td>
            <td data-label="Last used">{last_used(row, now)}</td>
            <td>
                <div class="actions">
                    <a class="btn btn--quiet btn--small" href=href aria-label=label>"Reset"</a>
                </div>
            </td>
        </tr>
    }
}
