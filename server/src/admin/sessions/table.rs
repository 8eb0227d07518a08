//! The rows of the list of sessions.

use leptos::prelude::*;

use super::LIST;
use crate::admin::list::{Asked, Column, head};
use crate::admin::show::{SessionState, moment, session_link, user_link};
use crate::clock::UnixSeconds;
use crate::store::{ListedSession, Order};

const COLUMNS: [Column; 9] = [
    Column::Hidden("Choose"),
    Column::Plain("User"),
    Column::Plain("Session"),
    Column::Sorted("Status", "ended"),
    Column::Plain("Device"),
    Column::Plain("Address"),
    Column::Sorted("Opened", "opened"),
    Column::Plain("Last seen"),
    Column::Sorted("Ends", "expires"),
];

/// How rows are shown.
pub struct Shown<'a> {
    /// What the list was asked for.
    pub asked: &'a Asked<'a>,
    /// The id of the session it is looked at in.
    pub own: String,
    /// The time.
    pub now: UnixSeconds,
    /// The order of the list.
    pub order: Order,
    /// Those it could have.
    pub orders: &'static [Order],
}

impl Shown<'_> {
    /// The table, in a form that leads to ending the chosen ones.
    pub fn table(&self, rows: &[ListedSession]) -> impl IntoView + use<> {
        let lines = rows.iter().map(|row| self.line(row)).collect_view();
        view! {
            <form class="stack" method="get" action="/admin/revoke/">
                <input type="hidden" name="chosen" value="yes" />
                <div class="table-wrap" tabindex="0" role="region" aria-label="Sessions">
                    <table class="table">
                        <caption class="visually-hidden">"Sessions"</caption>
                        {head(LIST.section.path(), self.asked, &COLUMNS, self.order, self.orders)}
                        <tbody>{lines}</tbody>
                    </table>
                </div>
                <button class="btn">"End the chosen sessions"</button>
            </form>
        }
    }

    fn line(&self, row: &ListedSession) -> impl IntoView + use<> {
        let state = SessionState::of(row, self.now);
        let name = row.username.as_deref().unwrap_or("(deleted)");
        let label = format!("Choose the session of {name}");
        let chosen = state.is_open().then(|| {
            view! { <input type="checkbox" name="id" value=row.id.clone() aria-label=label /> }
        });
        let own = (row.id == self.own).then(|| view! { <strong>" yours"</strong> });
        let address = match row.country.as_deref() {
            Some(country) if !country.is_empty() => format!("{} · {country}", row.ip),
            _ => row.ip.clone(),
        };
        view! {
            <tr>
                <td data-label="Choose">{chosen}</td>
                <th scope="row" data-label="User">{user_link(row.user_id, row.username.as_deref())}</th>
                <td data-label="Session"><span>{session_link(&row.id)} {own}</span></td>
                <td data-label="Status">{state.badge(row.end_reason.as_deref())}</td>
                <td data-label="Device">{device(row)}</td>
                <td data-label="Address">{address}</td>
                <td data-label="Opened">{moment(row.opened_at, self.now)}</td>
                <td data-label="Last seen">{moment(row.last_seen_at, self.now)}</td>
                <td data-label="Ends">{moment(row.ended_at.unwrap_or(row.expires_at), self.now)}</td>
            </tr>
        }
    }
}

/// The user's word for a device, or what it is.
fn device(row: &ListedSession) -> String {
    if let Some(name) = row.device_name.as_deref().filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    let known = [row.browser.as_deref(), row.os.as_deref()];
    let known: Vec<_> = known
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    match known.as_slice() {
        [] => "unknown".to_owned(),
        parts => parts.join(" on "),
    }
}
