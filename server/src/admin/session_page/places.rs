//! From where a session was used.

use leptos::prelude::*;

use super::{Seen, section};
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::moment;
use crate::clock::UnixSeconds;
use crate::store::SessionAddress;

/// How many networks are shown.
const SHOWN: usize = 10;

/// The networks, the latest first.
pub fn view(seen: &Seen) -> AnyView {
    let more = seen.addresses.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| {
        view! { <p class="muted">{format!("And {more} more networks before these.")}</p> }
    });
    let shown = seen.addresses.iter().take(SHOWN);
    let rows: Vec<_> = shown.map(|address| line(address, seen.now)).collect();
    let table = if rows.is_empty() {
        view! { <p class="muted">"No address is on record yet."</p> }.into_any()
    } else {
        table(rows).into_any()
    };
    section("addresses", "Addresses", view! { {table} {more} })
}

fn table(rows: Vec<impl IntoView + 'static>) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Networks the session was used from, the latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Network"</th>
                        <th scope="col">"Latest address"</th>
                        <th scope="col">"Country"</th>
                        <th scope="col">"First seen"</th>
                        <th scope="col">"Last seen"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn line(row: &SessionAddress, now: UnixSeconds) -> impl IntoView + use<> {
    let href = address(
        Section::Sessions.path(),
        &[("address", row.network.as_str())],
    );
    let label = format!("Sessions from {}", row.network);
    let country = match row.country.as_str() {
        "" => "not known".to_owned(),
        country => country.to_owned(),
    };
    view! {
        <tr>
            <th scope="row" data-label="Network">
                <a href=href aria-label=label>
                    {row.network.clone()}
                </a>
            </th>
            <td data-label="Latest address">{row.ip.clone()}</td>
            <td data-label="Country">{country}</td>
            <td data-label="First seen">{moment(row.first_seen_at, now)}</td>
            <td data-label="Last seen">{moment(row.last_seen_at, now)}</td>
        </tr>
    }
}
