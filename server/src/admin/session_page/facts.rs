//! What is known of a session, as a list of facts.

use std::net::IpAddr;

use leptos::prelude::*;

use super::Seen;
use super::marks::program;
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::{ended_badge, moment};
use crate::device::Description;
use crate::session::Phase;
use crate::store::SessionDetail;

/// The facts.
pub fn view(seen: &Seen) -> impl IntoView + use<> {
    let (detail, now) = (&seen.detail, seen.now);
    let id = detail.id.clone();
    let own = [("session", id.as_str())];
    let tokens = address(Section::Outstanding.path(), &own);
    let events = address(Section::Events.path(), &own);
    let end = detail.ended_at.is_none().then(|| {
        view! {
            <dt>"Ends at the latest"</dt>
            <dd>{moment(detail.expires_at, now)}</dd>
        }
    });
    view! {
        <section class="card stack" aria-label="Facts">
            <dl class="facts">
                <dt>"User"</dt>
                <dd>{user(detail)}</dd>
                <dt>"Status"</dt>
                <dd>{status(seen)}</dd>
                {ended(seen)}
                <dt>"Device"</dt>
                <dd>{device(seen)}</dd>
                <dt>"Address"</dt>
                <dd>{place(seen)}</dd>
                <dt>"Opened"</dt>
                <dd>{moment(detail.opened_at, now)}</dd>
                <dt>"Last seen"</dt>
                <dd>{moment(detail.last_seen_at, now)}</dd>
                {end}
                <dt>"Generation"</dt>
                <dd>{generation(detail)}</dd>
                <dt>"Session"</dt>
                <dd class="mono">{id.clone()}</dd>
            </dl>
            <p class="actions">
                <a href=tokens>"All its tokens"</a>
                <a href=events>"All its events"</a>
            </p>
        </section>
    }
}

fn user(detail: &SessionDetail) -> AnyView {
    match (detail.user_id, &detail.username) {
        (Some(id), Some(name)) => {
            let href = format!("/admin/users/{id}/");
            view! { <a href=href>{name.clone()}</a> }.into_any()
        }
        _ => "(deleted)".into_any(),
    }
}

fn status(seen: &Seen) -> AnyView {
    let (class, text) = match seen.session.phase {
        Phase::Ended { reason, .. } => return ended_badge(Some(reason.as_str())).into_any(),
        Phase::Live if seen.is_over() => ("badge badge--expired", "over, not ended"),
        Phase::Live => ("badge badge--live", "live"),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

fn ended(seen: &Seen) -> Option<impl IntoView + use<>> {
    let detail = &seen.detail;
    let at = moment(detail.ended_at?, seen.now);
    let by = detail.ended_by.clone().map(|name| format!(" by {name}"));
    let note = detail.end_note.clone().map(|note| {
        view! {
            <dt>"Note"</dt>
            <dd>{note}</dd>
        }
    });
    Some(view! {
        <dt>"Ended"</dt>
        <dd>{at} {by}</dd>
        {note}
    })
}

/// The user's word for it, and what it calls itself; where none is on record, what the newest token was issued to.
fn device(seen: &Seen) -> String {
    let detail = &seen.detail;
    if detail.device_id.is_none() {
        let newest = seen.tokens.last().map(|token| token.user_agent.as_str());
        let known = newest.filter(|agent| !agent.is_empty());
        return known.map_or_else(|| "Unknown device".to_owned(), program);
    }
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut device = Description::default();
    device.browser = text(&detail.browser);
    device.browser_version = text(&detail.browser_version);
    device.os = text(&detail.os);
    device.model = text(&detail.model);
    let kind = text(&detail.kind);
    let parts = [text(&detail.device_name), device.to_string(), kind];
    let known = parts
        .into_iter()
        .filter(|part| !part.is_empty() && part != "unknown");
    known.collect::<Vec<_>>().join(" · ")
}

/// Address, network and country.
fn place(seen: &Seen) -> String {
    let detail = &seen.detail;
    if detail.ip.is_empty() {
        return "not known".to_owned();
    }
    let known = seen.addresses.iter();
    let mut known = known.filter(|address| address.network == detail.network);
    let country = known.next().map(|address| address.country.as_str());
    let is_address = detail.ip.parse::<IpAddr>().is_ok();
    let network = Some(detail.network.as_str()).filter(|_| is_address);
    let parts = [Some(detail.ip.as_str()), network, country];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn generation(detail: &SessionDetail) -> String {
    let again = match detail.replays {
        0 => String::new(),
        1 => ", answered again once".to_owned(),
        n => format!(", answered again {n} times"),
    };
    format!("{}{again}", detail.generation)
}
