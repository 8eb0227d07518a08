//! What is known of what is about to be revoked, so that nobody revokes another thing than they meant.

use leptos::prelude::*;

use crate::admin::show::{moment, session_link, user, user_link, words};
use crate::admin::user::lists::device_words;
use crate::clock::UnixSeconds;
use crate::device::{Description, Hints};
use crate::store::{DeviceFacts, SessionFacts, SessionFilter, Target, TokenFilter, TokenRow, User};

/// What is known.
pub enum Facts {
    /// Of a token.
    Token(Box<TokenRow>),
    /// Of a session.
    Session(SessionFacts),
    /// Of a user.
    User(User),
    /// Of a device.
    Device(DeviceFacts),
    /// Of sessions that are found by a filter.
    Filter(Target),
    /// Of everyone there is nothing to say.
    Everyone,
}

impl Facts {
    /// It, as a list.
    pub fn view(&self, now: UnixSeconds) -> AnyView {
        match self {
            Self::Token(row) => token(row, now),
            Self::Session(facts) => session(facts, now),
            Self::User(user) => of_user(user),
            Self::Device(facts) => device(facts, now),
            Self::Filter(target) => by(target),
            Self::Everyone => ().into_any(),
        }
    }
}

fn token(row: &TokenRow, now: UnixSeconds) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user_link(row.user_id, row.username.as_deref())}</dd>
            <dt>"Type"</dt>
            <dd>{row.token_type.clone()}</dd>
            <dt>"jti"</dt>
            <dd class="mono">{row.jti.clone()}</dd>
            <dt>"Session"</dt>
            <dd>{session_link(&row.session_id)}</dd>
            <dt>"Issued"</dt>
            <dd>{moment(row.created_at, now)}</dd>
            <dt>"Expires"</dt>
            <dd>{moment(row.expires_at, now)}</dd>
            <dt>"From"</dt>
            <dd>{origin(&row.ip, &row.user_agent)}</dd>
        </dl>
    }
    .into_any()
}

fn session(facts: &SessionFacts, now: UnixSeconds) -> AnyView {
    let ended = facts.ended_at.map(|at| {
        let why = facts.end_reason.as_deref().map_or("", words);
        let who = facts.ended_by.as_deref().map(|name| format!(" ({name})"));
        let how = format!(", {why}{}", who.unwrap_or_default());
        view! {
            <dt>"Ended"</dt>
            <dd>{moment(at, now)} {how}</dd>
        }
    });
    let agent = (!facts.user_agent.is_empty()).then(|| {
        view! {
            <dt>"Calls itself"</dt>
            <dd>{facts.user_agent.clone()}</dd>
        }
    });
    let end = facts.ended_at.is_none().then(|| {
        view! {
            <dt>"Ends at the latest"</dt>
            <dd>{moment(facts.expires_at, now)}</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user(facts.username.as_deref())}</dd>
            <dt>"Device"</dt>
            <dd>{device_of_session(facts)}</dd>
            <dt>"Address"</dt>
            <dd>{address_of_session(facts)}</dd>
            {agent}
            <dt>"Session"</dt>
            <dd class="mono">{facts.id.clone()}</dd>
            <dt>"Opened"</dt>
            <dd>{moment(facts.opened_at, now)}</dd>
            <dt>"Last seen"</dt>
            <dd>{moment(facts.last_seen_at, now)}</dd>
            <dt>"Generation"</dt>
            <dd>{facts.generation}</dd>
            {end}
            {ended}
        </dl>
    }
    .into_any()
}

fn device_of_session(facts: &SessionFacts) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let [name, browser, os] = [&facts.device_name, &facts.browser, &facts.os].map(text);
    let none = browser.is_empty() && os.is_empty();
    if none && name.is_empty() && !facts.user_agent.is_empty() {
        return Description::of(&facts.user_agent, &Hints::default()).to_string();
    }
    device_words(&name, &browser, &os)
}

fn address_of_session(facts: &SessionFacts) -> String {
    match (facts.ip.as_str(), facts.country.as_str()) {
        ("", _) => "not known".to_owned(),
        (ip, "") => ip.to_owned(),
        (ip, country) => format!("{ip} · {country}"),
    }
}

fn of_user(user: &User) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user_link(Some(user.id), Some(&user.username))}</dd>
        </dl>
    }
    .into_any()
}

fn device(facts: &DeviceFacts, now: UnixSeconds) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"User"</dt>
            <dd>{user_link(Some(facts.user_id), Some(&facts.username))}</dd>
            <dt>"Device"</dt>
            <dd>{facts.shown()}</dd>
            <dt>"Last seen"</dt>
            <dd>{moment(facts.last_seen_at, now)}</dd>
        </dl>
    }
    .into_any()
}

/// The conditions of a filter. Sessions that were chosen, and users, lead to their pages.
fn by(target: &Target) -> AnyView {
    let (ids, users, others) = match target {
        Target::Filter(filter) => {
            let others = SessionFilter {
                ids: None,
                users: None,
                ..(**filter).clone()
            };
            (filter.ids.as_deref(), &filter.users, others.words())
        }
        Target::Tokens(tokens) => {
            let others = TokenFilter {
                users: None,
                ..tokens.filter.clone()
            };
            (None, &tokens.filter.users, others.words())
        }
        _ => return ().into_any(),
    };
    let users = users.as_ref().map(|users| {
        let links = users
            .iter()
            .map(|id| view! { <a href=format!("/admin/users/{id}/")>{*id}</a> " " });
        let nobody = users.is_empty().then_some("nobody");
        view! {
            <dt>"User"</dt>
            <dd>{links.collect_view()} {nobody}</dd>
        }
    });
    let chosen = ids.map(|ids| {
        let links = ids.iter().map(|id| view! { {session_link(id)} " " });
        view! {
            <dt>"Chosen"</dt>
            <dd>{links.collect_view()}</dd>
        }
    });
    let conditions = others.into_iter().map(|(name, value)| {
        let value = match name {
            "ended because" => words(&value).to_owned(),
            _ => value,
        };
        view! {
            <dt>{capitalised(name)}</dt>
            <dd>{value}</dd>
        }
    });
    view! {
        <dl class="facts">{chosen} {users} {conditions.collect_view()}</dl>
    }
    .into_any()
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

fn origin(ip: &str, user_agent: &str) -> String {
    let parts = [ip, user_agent].into_iter();
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
