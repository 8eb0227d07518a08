//! The lists of a user's page, each of a few rows and with the way to all of them.

use leptos::prelude::*;

use super::show::Sheet;
use crate::admin::Admin;
use crate::admin::show::{moment, session_link};
use crate::clock::UnixSeconds;
use crate::device::{Description, Hints};
use crate::event::Kind;
use crate::store::{LATEST, SESSIONS_COUNTED, UserDevice, UserEvent, UserSession};

/// Where the user is signed in.
pub fn sessions(admin: &Admin, sheet: &Sheet, now: UnixSeconds) -> AnyView {
    let live = sheet.facts.live_sessions;
    if live == 0 {
        return view! { <p class="muted">"Not signed in anywhere."</p> }.into_any();
    }
    let all = format!("/admin/sessions/?user={}", sheet.facts.user.id);
    let count = match live {
        1 => "1 is live".to_owned(),
        SESSIONS_COUNTED.. => format!("{SESSIONS_COUNTED} or more are live"),
        n => format!("{n} are live"),
    };
    let own = admin.session.to_string();
    let rows = sheet.sessions.iter().filter(|row| row.ended_at.is_none());
    let rows = rows.map(|row| session(row, row.id == own, now));
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Live sessions of the user, latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Device"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"Opened"</th>
                        <th scope="col">"Last seen"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p>
            <a href=all>{format!("All sessions of the user; {count}")}</a>
        </p>
    }
    .into_any()
}

fn session(row: &UserSession, is_own: bool, now: UnixSeconds) -> impl IntoView + use<> {
    let device = device_of(row);
    let what = match (is_own, row.is_admin) {
        (true, _) => Some("yours, now"),
        (false, true) => Some("admin"),
        (false, false) => None,
    };
    let label = format!("End the session on {device}, from {}", row.ip);
    view! {
        <tr>
            <th scope="row" data-label="Device">
                <span>
                    <a href=format!("/admin/sessions/{}/", row.id)>{device}</a>
                    {what.map(|what| view! { " " <span class="badge">{what}</span> })}
                </span>
            </th>
            <td data-label="Address">{place(&row.ip, row.country.as_deref().unwrap_or_default())}</td>
            <td data-label="Opened">{moment(row.opened_at, now)}</td>
            <td data-label="Last seen">{moment(row.last_seen_at, now)}</td>
            <td>
                <div class="actions">
                    <a class="btn btn--danger btn--small" href=format!("/admin/sessions/{}/end/", row.id) aria-label=label>"End"</a>
                </div>
            </td>
        </tr>
    }
}

/// What a session was opened on.
pub fn device_of(row: &UserSession) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    device_words(&text(&row.device_name), &text(&row.browser), &text(&row.os))
}

/// An address, and the country it is told to be in.
pub fn place(ip: &str, country: &str) -> impl IntoView + use<> {
    let country = (!country.is_empty()).then(|| format!(" · {country}"));
    view! { <span><span class="mono">{ip.to_owned()}</span>{country}</span> }
}

/// What they sign in on.
pub fn devices(sheet: &Sheet, now: UnixSeconds) -> AnyView {
    if sheet.devices.is_empty() {
        return view! { <p class="muted">"None on record."</p> }.into_any();
    }
    let rows = sheet.devices.iter().map(|row| device(row, now));
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">{format!("Devices of the user, the {LATEST} that were seen last")}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Device"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"First seen"</th>
                        <th scope="col">"Last seen"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn device(row: &UserDevice, now: UnixSeconds) -> impl IntoView + use<> {
    let words = device_words(&row.name, &row.browser, &row.os);
    let label = format!("End its sessions: {words}");
    let end = row.is_live.then(|| {
        let href = format!("/admin/devices/{}/end-sessions/", row.id);
        view! { <a class="btn btn--danger btn--small" href=href aria-label=label>"End its sessions"</a> }
    });
    view! {
        <tr>
            <th scope="row" data-label="Device">
                <a href=format!("/admin/sessions/?device={}", row.id)>{words}</a>
            </th>
            <td data-label="Kind">{row.kind.clone()}</td>
            <td data-label="First seen">{moment(row.first_seen_at, now)}</td>
            <td data-label="Last seen">{moment(row.last_seen_at, now)}</td>
            <td>
                <div class="actions">{end}</div>
            </td>
        </tr>
    }
}

/// The user's own word for a device, or what is known of it.
pub fn device_words(name: &str, browser: &str, os: &str) -> String {
    match (name, browser, os) {
        ("", "", "") => "Unknown device".to_owned(),
        ("", "", known) | ("", known, "") => known.to_owned(),
        ("", browser, os) => format!("{browser} on {os}"),
        (name, ..) => name.to_owned(),
    }
}

/// How they signed in, or somebody else tried to.
pub fn sign_ins(sheet: &Sheet, now: UnixSeconds) -> AnyView {
    let all = format!("/admin/events/?user={}", sheet.facts.user.id);
    let link = view! {
        <p>
            <a href=all>"All events of the user"</a>
        </p>
    };
    if sheet.sign_ins.is_empty() {
        return view! {
            <p class="muted">"Nothing on record."</p>
            {link}
        }
        .into_any();
    }
    let rows = sheet.sign_ins.iter().enumerate();
    let rows = rows.map(|(n, row)| sign_in(row, is_new_country(&sheet.sign_ins, n), now));
    view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"Sign-ins and changes of the password, latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"With"</th>
                        <th scope="col">"Session"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {link}
    }
    .into_any()
}

/// Whether nobody signed in from its country before, as far as this goes back. `rows` are the latest first.
#[must_use]
pub fn is_new_country(rows: &[UserEvent], n: usize) -> bool {
    let is_placed =
        |row: &&UserEvent| row.event.kind == Kind::LoginSuccess.as_str() && !row.country.is_empty();
    let Some(row) = rows.get(n).filter(is_placed) else {
        return false;
    };
    let mut before = rows[n + 1..].iter().filter(is_placed).peekable();
    before.peek().is_some() && before.all(|other| other.country != row.country)
}

fn sign_in(row: &UserEvent, is_new_country: bool, now: UnixSeconds) -> impl IntoView + use<> {
    let country = row.country.as_str();
    let row = &row.event;
    let (class, word) = match Kind::parse(&row.kind) {
        Some(Kind::LoginSuccess) => ("badge badge--live", "signed in"),
        Some(Kind::LoginFail) => ("badge badge--blacklisted", "sign-in failed"),
        Some(Kind::PasswordChange) => ("badge badge--rotated", "password changed"),
        _ => ("badge badge--blacklisted", "password not changed"),
    };
    let by = row.actor.as_deref().map(|name| format!(" by {name}"));
    let why = row
        .detail
        .as_deref()
        .map(|why| format!(" · {}", words(why)));
    let more = format!("{}{}", by.unwrap_or_default(), why.unwrap_or_default());
    let with = match row.user_agent.as_str() {
        "" => String::new(),
        agent => Description::of(agent, &Hints::default()).to_string(),
    };
    view! {
        <tr>
            <th scope="row" data-label="What">
                <span>
                    <span class=class>{word}</span>
                    {more}
                    {is_new_country.then(|| view! { " " <span class="badge badge--blacklisted">"new country"</span> })}
                </span>
            </th>
            <td data-label="When">{moment(row.at, now)}</td>
            <td data-label="Address">{place(&row.ip, country)}</td>
            <td data-label="With">{with}</td>
            <td data-label="Session">{row.session_id.as_deref().map(session_link)}</td>
        </tr>
    }
}

/// Why somebody did not get in, as people say it; anything else as it is.
fn words(why: &str) -> &str {
    match why {
        "password" => "wrong password",
        "inactive" => "they are shut out",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::device_words;

    #[test]
    fn a_device_is_called_what_its_user_calls_it() {
        assert_eq!(device_words("Old phone", "Firefox", "Android"), "Old phone");
        assert_eq!(device_words("", "Firefox", "Android"), "Firefox on Android");
        assert_eq!(device_words("", "curl", ""), "curl");
        assert_eq!(device_words("", "", "Linux"), "Linux");
        assert_eq!(device_words("", "", ""), "Unknown device");
    }
}
