//! What is on record of a token that is explained: whether it is this very one, whose, and how it came to its end. Shows
//! nothing that stands only in the token itself.

use leptos::prelude::*;

use crate::admin::show::{moment, user_link, words};
use crate::explanation::checks::Terms;
use crate::lifecycle::Explained;
use crate::store::{ROTATED, RecordedToken};
use crate::token::{SessionId, SignedBy};

/// What is known of the token, or of the session it claims.
pub fn view(explained: &Explained, terms: Terms<'_>) -> AnyView {
    match &explained.record {
        Some(row) => known(explained, row, terms).into_any(),
        None => view! {
            <p>"No token of this name is on record: it was not issued or used here, or its row was cleaned up."</p>
            {claimed_session(explained)}
        }
        .into_any(),
    }
}

fn known(explained: &Explained, row: &RecordedToken, terms: Terms<'_>) -> impl IntoView + use<> {
    let (class, agreement) = match (explained.is_same, &explained.token.signed_by) {
        (true, _) => (
            "notice notice--ok",
            "This very token is on record: the SHA-256 is the same.",
        ),
        (false, Some(SignedBy::Current | SignedBy::Former)) => (
            "notice notice--info",
            "A token of this name is on record in another form, signed here as well: sliding tokens change with each \
             exchange, and some algorithms sign anew each time.",
        ),
        (false, _) => (
            "notice notice--warn",
            "A token of this name is on record, but it is another one: the SHA-256 differs.",
        ),
    };
    let ended = row.ended_at.map(|at| {
        let why = words(row.end_reason.as_deref().unwrap_or_default()).to_owned();
        view! {
            <dt>"Session ended"</dt>
            <dd>{moment(at, terms.now)} ", " {why}</dd>
        }
    });
    let generation = format!(
        "{} (its session is at {})",
        row.generation, row.session_generation
    );
    let from = [row.ip.as_str(), row.user_agent.as_str()];
    let from = from.into_iter().filter(|part| !part.is_empty());
    let from = from.collect::<Vec<_>>().join(" · ");
    view! {
        <p class=class>{agreement}</p>
        <dl class="facts card">
            <dt>"User"</dt>
            <dd>{user_link(row.user_id, row.username.as_deref())}</dd>
            <dt>"Type"</dt>
            <dd>{row.token_type.clone()}</dd>
            <dt>"Session"</dt>
            <dd>{session_link(&row.session_id)}</dd>
            <dt>"Generation"</dt>
            <dd>{generation}</dd>
            <dt>"Issued"</dt>
            <dd>{moment(row.created_at, terms.now)}</dd>
            <dt>"Expires"</dt>
            <dd>{moment(row.expires_at, terms.now)}</dd>
            <dt>"To"</dt>
            <dd>{from}</dd>
            {blacklisted(row, terms)}
            {ended}
        </dl>
    }
}

fn blacklisted(row: &RecordedToken, terms: Terms<'_>) -> Option<impl IntoView + use<>> {
    let at = moment(row.blacklisted_at?, terms.now);
    let reason = row.reason.as_deref()?;
    let why = match &row.actor {
        Some(actor) => format!(", by {actor}"),
        None if reason == ROTATED => ", spent by a refresh".to_owned(),
        None => format!(", {}", words(reason)),
    };
    let note = row.note.clone().map(|note| format!(": {note}"));
    Some(view! {
        <dt>"Blacklisted"</dt>
        <dd>{at} {why} {note}</dd>
    })
}

/// The session a token of ours claims whose row is gone.
fn claimed_session(explained: &Explained) -> Option<impl IntoView + use<>> {
    let (id, _) = explained.token.verified.as_ref()?.claims.session?;
    Some(view! { <p>"It says it belongs to the session " {session_link(&id.to_string())} "."</p> })
}

/// The whole id: who claims it may have made it up, and then it leads nowhere.
fn session_link(id: &str) -> AnyView {
    match SessionId::parse(id) {
        Some(id) => {
            let href = format!("/admin/sessions/{id}/");
            view! { <a class="mono" href=href>{id.to_string()}</a> }.into_any()
        }
        None => id.to_owned().into_any(),
    }
}
