//! From where a session was used.

use leptos::prelude::*;

use super::{Seen, section};
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::moment;
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::places::Places;
use crate::store::{EventRow, SessionAddress};

/// How many networks are shown.
const SHOWN: usize = 10;

/// The networks, the latest first.
pub fn view(seen: &Seen) -> AnyView {
    let more = seen.addresses.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| {
        view! { <p class="muted">{format!("And {more} more networks before these.")}</p> }
    });
    let shown = seen.addresses.iter().take(SHOWN);
    let refused = seen.refused.iter().map(|address| (address, true));
    let rows = refused.chain(shown.map(|address| (address, false)));
    let rows: Vec<_> = rows
        .map(|(address, is_refused)| line(address, is_refused, seen.now))
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="muted">"No address is on record yet."</p> }.into_any()
    } else {
        table(rows).into_any()
    };
    section("addresses", "Addresses", view! { {table} {more} })
}

/// Where spent tokens came back from without being let in, each network once.
pub fn refused(
    events: &[EventRow],
    known: &[SessionAddress],
    places: &Places,
) -> Vec<SessionAddress> {
    let mut all: Vec<SessionAddress> = Vec::new();
    let reuse = events
        .iter()
        .filter(|event| event.kind == Kind::TokenReuse.as_str() && !event.ip.is_empty());
    for event in reuse {
        if known
            .iter()
            .chain(&all)
            .any(|address| address.network == event.network)
        {
            continue;
        }
        let ip = event.ip.parse().ok();
        all.push(SessionAddress {
            network: event.network.clone(),
            ip: event.ip.clone(),
            country: ip.map_or_else(String::new, |ip| places.country(ip)),
            first_seen_at: event.at,
            last_seen_at: event.at,
        });
    }
    all
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

fn line(row: &SessionAddress, is_refused: bool, now: UnixSeconds) -> impl IntoView + use<> {
    let refused = is_refused.then(|| {
        view! { " " <span class="badge badge--blacklisted">"a spent token came from here"</span> }
    });
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
                <span><a href=href aria-label=label>{row.network.clone()}</a> {refused}</span>
            </th>
            <td data-label="Latest address">{row.ip.clone()}</td>
            <td data-label="Country">{country}</td>
            <td data-label="First seen">{moment(row.first_seen_at, now)}</td>
            <td data-label="Last seen">{moment(row.last_seen_at, now)}</td>
        </tr>
    }
}
