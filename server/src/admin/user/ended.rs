//! The sessions of a user that ended last, and why: where an attack shows after it was stopped.

use leptos::prelude::*;

use super::lists::{device_of, place};
use super::show::Sheet;
use crate::admin::show::{ended_badge, moment, session_link};
use crate::clock::UnixSeconds;
use crate::store::UserSession;

/// They, the one that ended last first; or nothing.
pub fn ended(sheet: &Sheet, now: UnixSeconds) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = sheet
        .sessions
        .iter()
        .filter_map(|row| Some(line(row, row.ended_at?, now)))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let all = format!("/admin/sessions/?user={}&status=ended", sheet.facts.user.id);
    Some(view! {
        <section class="stack">
            <h2>"Recently ended sessions"</h2>
            <div class="table-wrap">
                <table class="table">
                    <caption class="visually-hidden">"Sessions of the user that ended last, latest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Session"</th>
                            <th scope="col">"Status"</th>
                            <th scope="col">"Device"</th>
                            <th scope="col">"Address"</th>
                            <th scope="col">"Opened"</th>
                            <th scope="col">"Ended"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p>
                <a href=all>"All ended sessions of the user"</a>
            </p>
        </section>
    })
}

fn line(row: &UserSession, ended_at: UnixSeconds, now: UnixSeconds) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row" data-label="Session">{session_link(&row.id)}</th>
            <td data-label="Status">{ended_badge(row.end_reason.as_deref())}</td>
            <td data-label="Device">{device_of(row)}</td>
            <td data-label="Address">{place(&row.ip, row.country.as_deref().unwrap_or_default())}</td>
            <td data-label="Opened">{moment(row.opened_at, now)}</td>
            <td data-label="Ended">{moment(ended_at, now)}</td>
        </tr>
    }
}
