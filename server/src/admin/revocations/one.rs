//! The page of a revocation: what came of it, what it met, and the way to what it ended. It is made from the record, so that
//! no link can make it say what did not happen.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::PATH;
use super::words::banner;
use crate::admin::list::grouped;
use crate::admin::listing::address;
use crate::admin::login::local;
use crate::admin::page::Section;
use crate::admin::revoke::alive;
use crate::admin::show::moment;
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::store::{Count, UnreadableWarrant, Warrant, WarrantId};

/// A revocation. `immediate` says that the access tokens of an ended session are refused at once; `next` is where one came
/// from.
pub fn readable(warrant: &Warrant, immediate: bool, next: &str, now: UnixSeconds) -> AnyView {
    let (class, text) = banner(warrant, immediate);
    let on = (!next.is_empty()).then(|| {
        let href = local(next);
        view! { <a class="btn btn--primary" href=href>"Back to where you were"</a> }
    });
    // Sessions know which revocation ended them since tokens are counted.
    let ended = warrant.alive.and_then(|_| ended(warrant.id, warrant.ended));
    let content = view! {
        <p class=class role="status">{text}</p>
        {progress(warrant)}
        <dl class="facts">
            <dt>"What"</dt>
            <dd>{warrant.target.to_string()}</dd>
            {tokens(warrant)}
            <dt>"Reason"</dt>
            <dd>{warrant.note.clone()}</dd>
            <dt>"By"</dt>
            <dd>{warrant.actor.clone()}</dd>
            {times(warrant.begun_at, warrant.finished_at, now)}
            {spared(warrant)}
        </dl>
        {ended}
        {who(warrant)}
    };
    card(content, on)
}

/// A revocation that another version of this program wrote: what is known of it all the same.
pub fn unreadable(other: &UnreadableWarrant, now: UnixSeconds) -> AnyView {
    let left = other.finished_at.is_none().then_some(
        " It is not finished, and this version does not carry it out: start the version that wrote it, or revoke here what is \
         still to be revoked.",
    );
    let content = view! {
        <p class="notice notice--warn">
            "Another version of Jotward wrote this. What was to be revoked can not be read here." {left}
        </p>
        <dl class="facts">
            <dt>"Sessions ended"</dt>
            <dd>{grouped(other.ended)}</dd>
            <dt>"Reason"</dt>
            <dd>{other.note.clone()}</dd>
            <dt>"By"</dt>
            <dd>{other.actor.clone()}</dd>
            {times(other.begun_at, other.finished_at, now)}
        </dl>
        {ended(other.id, other.ended)}
    };
    card(content, None::<()>)
}

fn card(content: impl IntoView + 'static, on: Option<impl IntoView + 'static>) -> AnyView {
    view! {
        <section class="card stack">
            <h1 class="page__title">"Revocation"</h1>
            {content}
            <div class="actions">
                {on}
                <a class="btn btn--quiet" href=PATH>"Latest revocations"</a>
            </div>
        </section>
    }
    .into_any()
}

fn times(
    begun_at: UnixSeconds,
    finished_at: Option<UnixSeconds>,
    now: UnixSeconds,
) -> impl IntoView + use<> {
    let finished = finished_at.map(|at| {
        view! {
            <dt>"Finished"</dt>
            <dd>{moment(at, now)}</dd>
        }
    });
    view! {
        <dt>"Begun"</dt>
        <dd>{moment(begun_at, now)}</dd>
        {finished}
    }
}

/// How many tokens it met.
fn tokens(warrant: &Warrant) -> Option<impl IntoView + use<>> {
    warrant.alive.map(|then| {
        view! {
            <dt>"Access tokens then"</dt>
            <dd>{alive(then.access)}</dd>
            <dt>"Other tokens then"</dt>
            <dd>{alive(then.others)}</dd>
        }
    })
}

/// The way to the sessions it ended, as long as they are on record.
fn ended(id: WarrantId, ended: i64) -> Option<impl IntoView + use<>> {
    let id = id.0.to_string();
    let href = address(Section::Sessions.path(), &[("revocation", &id)]);
    (ended > 0).then(|| view! { <p><a href=href>"The sessions it ended"</a></p> })
}

/// The way to whom it hit: what its actor ended on those days. Events are the record that no clean-up of sessions thins.
fn who(warrant: &Warrant) -> Option<impl IntoView + use<>> {
    if warrant.ended == 0 || warrant.target.is_access_token() {
        return None;
    }
    let day = |at: UnixSeconds| {
        let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        at.date().to_string()
    };
    let (from, until) = (day(warrant.begun_at), warrant.finished_at.map(day));
    let href = address(
        Section::Events.path(),
        &[
            ("kind", Kind::SessionExpired.as_str()),
            ("actor", &warrant.actor),
            ("from", &from),
            ("until", until.as_deref().unwrap_or_default()),
        ],
    );
    Some(view! {
        <p>
            <a href=href>{format!("All that {} ended on those days, in the events", warrant.actor)}</a>
        </p>
    })
}

/// How far it is, where there is something to wait for.
fn progress(warrant: &Warrant) -> Option<AnyView> {
    if warrant.finished_at.is_some() {
        return None;
    }
    // Without an end to it, it is only seen to go on.
    let max = match warrant.expected {
        Count::Exactly(n) if n > 0 => Some(n),
        Count::Exactly(_) | Count::AtLeast(_) => None,
    };
    let value = max.map(|max| warrant.ended.min(max));
    let bar = view! {
        <progress max=max value=value aria-label="Sessions ended"></progress>
        <p class="muted">"This page loads itself again every two seconds. You can leave it: the rest is done without you."</p>
    };
    Some(bar.into_any())
}

fn spared(warrant: &Warrant) -> Option<impl IntoView + use<>> {
    let is_of_interest = warrant.target.is_bulk() && warrant.spared.is_some();
    is_of_interest.then(|| {
        view! {
            <dt>"Left out"</dt>
            <dd>"the session it was done from"</dd>
        }
    })
}
