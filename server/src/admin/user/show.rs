//! `GET /admin/users/{id}/`: who it is, where they are signed in, and how that came about. What can be done about it stands
//! first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::alarms::{alarms, is_alarm};
use super::ended::ended;
use super::lists::{devices, sessions, sign_ins};
use super::{facts, path};
use crate::account::Role;
use crate::admin::listing::{Id, Parameters};
use crate::admin::page::{self, Section};
use crate::admin::show::moment;
use crate::admin::{Admin, refusal};
use crate::clock::UnixSeconds;
use crate::error::Result;
use crate::event::Kind;
use crate::state::{AppState, Server};
use crate::store::{User, UserDevice, UserEvent, UserFacts, UserSession};

/// For how long something alarming stands at the top, in seconds: 30 days.
const LATELY: i64 = 30 * 86_400;

/// Everything the page shows.
pub struct Sheet {
    /// The user.
    pub facts: UserFacts,
    /// Their latest live sessions, and those that ended last.
    pub sessions: Vec<UserSession>,
    /// Their devices.
    pub devices: Vec<UserDevice>,
    /// How they signed in, or somebody else tried to.
    pub sign_ins: Vec<UserEvent>,
    /// What was alarming lately.
    pub alarms: Vec<UserEvent>,
}

/// `GET`: the page.
pub async fn page(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    match read(&state, &id).await {
        Ok(sheet) => show(&admin, &sheet, &asked, state.clock.now()).into_response(),
        Err(error) => refusal::page(&error),
    }
}

async fn read(state: &Server, id: &str) -> Result<Sheet> {
    let facts = facts(state, id).await?;
    let user = facts.user.user_id();
    let now = state.clock.now();
    let mut events = state.store.latest_events_of(user, now - LATELY).await?;
    for event in events.iter_mut().filter(|event| event.country.is_empty()) {
        let address = event.event.ip.parse().ok();
        event.country = address.map_or_else(String::new, |ip| state.watch.places.country(ip));
    }
    let (alarms, sign_ins) = events.into_iter().partition(is_alarm);
    Ok(Sheet {
        sessions: state.store.latest_sessions_of(user, now).await?,
        devices: state.store.latest_devices_of(user, now).await?,
        sign_ins,
        alarms,
        facts,
    })
}

fn show(admin: &Admin, sheet: &Sheet, asked: &Parameters, now: UnixSeconds) -> impl IntoResponse {
    let user = &sheet.facts.user;
    let content = view! {
        <h1 class="page__title">{user.username.clone()}</h1>
        {notice(asked.get("done"), user)}
        <section class="card stack">
            {facts_list(&sheet.facts, last_login(sheet), now)}
            {actions(admin, &sheet.facts)}
        </section>
        {alarms(sheet, now)}
        <section class="stack">
            <h2>"Live sessions"</h2>
            {sessions(admin, sheet, now)}
        </section>
        {ended(sheet, now)}
        <section class="stack">
            <h2>"Devices"</h2>
            {devices(sheet, now)}
        </section>
        <section class="stack">
            <h2>"Sign-in history"</h2>
            {sign_ins(sheet, now)}
        </section>
    };
    page::document(&user.username, Some(admin), Some(Section::Users), content)
}

/// What was done, as far as the record agrees: anybody can make a link.
fn notice(done: &str, user: &User) -> Option<impl IntoView + use<>> {
    let text = match (done, user.is_active) {
        ("added", _) => "The user is added.",
        ("edited", _) => "The user is changed.",
        ("activated", true) => "They can sign in again.",
        ("deactivated", false) => "They can not sign in any more, and their sessions have ended.",
        ("password", _) => "The password is set.",
        _ => return None,
    };
    Some(view! { <p class="notice notice--ok" role="status">{text}</p> })
}

/// The last login on record: the column is kept only where `UPDATE_LAST_LOGIN` is on.
fn last_login(sheet: &Sheet) -> Option<UnixSeconds> {
    let is_login = |row: &&UserEvent| row.event.kind == Kind::LoginSuccess.as_str();
    let latest = sheet.sign_ins.iter().find(is_login);
    let latest = latest.map(|row| row.event.at);
    sheet.facts.user.last_login.max(latest)
}

fn facts_list(
    facts: &UserFacts,
    last_login: Option<UnixSeconds>,
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let user = &facts.user;
    let email = match user.email.as_str() {
        "" => "none".to_owned(),
        email => email.to_owned(),
    };
    let role = match Role::by_flags(user) {
        None => "User",
        Some(Role::Staff) => "Staff: sees everything here, and revokes",
        Some(Role::Superuser) => "Superuser: does everything here",
    };
    let api_token = facts.api_token_made_at.map(|made| {
        let last_use = maybe(facts.api_token_used_at, now, "not used yet");
        view! { "made " {moment(made, now)} ", last used: " {last_use} }
    });
    view! {
        <dl class="facts">
            <dt>"Number"</dt>
            <dd>{user.id}</dd>
            <dt>"E-mail address"</dt>
            <dd>{email}</dd>
            <dt>"State"</dt>
            <dd>{state_badge(user)}</dd>
            <dt>"Role"</dt>
            <dd>{role}</dd>
            <dt>"Joined"</dt>
            <dd>{moment(user.date_joined, now)}</dd>
            <dt>"Last login"</dt>
            <dd>{maybe(last_login, now, "not on record")}</dd>
            <dt>"API token"</dt>
            <dd>{api_token.map_or_else(|| "none".into_any(), IntoAny::into_any)}</dd>
        </dl>
    }
}

fn state_badge(user: &User) -> impl IntoView + use<> {
    let (class, word) = if user.is_active {
        ("badge badge--live", "active")
    } else {
        ("badge badge--blacklisted", "inactive: can not sign in")
    };
    view! { <span class=class>{word}</span> }
}

fn maybe(at: Option<UnixSeconds>, now: UnixSeconds, otherwise: &'static str) -> AnyView {
    match at {
        Some(at) => moment(at, now).into_any(),
        None => otherwise.into_any(),
    }
}

/// What can be done, by the role of who looks.
fn actions(admin: &Admin, facts: &UserFacts) -> impl IntoView + use<> {
    let user = &facts.user;
    let link = |page: &'static str, text: &'static str, class: &'static str| {
        view! { <a class=class href=path(user.id, page)>{text}</a> }
    };
    let end_sessions = (facts.live_sessions > 0)
        .then(|| link("end-sessions/", "End all sessions", "btn btn--danger"));
    let api_token = facts
        .api_token_made_at
        .map(|_| link("api-token/", "Reset the API token", "btn"));
    let manage = (admin.role == Role::Superuser).then(|| {
        let switch = if user.is_active {
            link("deactivate/", "Deactivate", "btn")
        } else {
            link("activate/", "Activate", "btn")
        };
        view! {
            {link("password/", "Set the password", "btn")}
            {switch}
            {link("edit/", "Edit", "btn")}
            {link("delete/", "Delete", "btn btn--quiet")}
        }
    });
    view! { <div class="actions">{end_sessions} {api_token} {manage}</div> }
}
