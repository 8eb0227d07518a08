//! The answer about a signed token, from the sentence that matters to the claims one by one. Of the signature only its
//! length is shown, so the page can not be used in place of the token.

use leptos::prelude::*;
use serde_json::Value;

use crate::admin::show::{moment, words};
use crate::explanation::checks::{Terms, question, reason};
use crate::explanation::claims::{self, MOST, cut, meaning};
use crate::explanation::uses::{Answer, Verdict, of_outlook, of_refusal};
use crate::lifecycle::Explained;
use crate::store::{ROTATED, RecordedToken};
use crate::token::{Outcome, SessionId, SignedBy, TokenType};

/// How many characters of header and payload are shown.
const MOST_JSON: usize = 6000;

/// All there is to say.
pub fn view(explained: &Explained, terms: Terms<'_>) -> AnyView {
    let (class, verdict) = verdict(explained, terms);
    view! {
        <p class=class role="status">{verdict}</p>
        {uses(explained)}
        {record(explained, terms)}
        {checks(explained, terms)}
        {said(explained, terms)}
    }
    .into_any()
}

/// What the token is, or which check fails first.
fn verdict(explained: &Explained, terms: Terms<'_>) -> (&'static str, String) {
    let token = &explained.token;
    if let Some((check, error)) = token.failure() {
        let why = reason(check, error, token, terms);
        let text =
            format!("This token does not hold: {why}. The API answers \u{201c}{error}\u{201d}.");
        return ("notice notice--error", text);
    }
    let whose = match &explained.user {
        Some(user) => format!(" of {}", user.username),
        None => String::new(),
    };
    let verified = token.verified.as_ref();
    let kind = verified.and_then(|verified| verified.token_type);
    let kind = kind.map_or("", TokenType::as_str);
    let what = format!("{kind} token{whose}");
    let what = what.trim();
    if let Some(error) = &explained.at_verify {
        let answer = of_refusal(Some(error), "").text;
        let why = explained.record.as_ref().and_then(over);
        let why = why.unwrap_or_else(|| "it is not good any more".to_owned());
        let text = format!(
            "This {what} is signed well and its time is not over, but {why}. The API answers {answer}"
        );
        return ("notice notice--error", text);
    }
    let exp = verified.map_or(0, |verified| verified.claims.exp);
    let when = app::ui::when::relative(exp, terms.now);
    (
        "notice notice--ok",
        format!("This {what} holds. It expires {when}."),
    )
}

/// Why a token is over before its time, as far as that is on record.
fn over(row: &RecordedToken) -> Option<String> {
    let reason = row.reason.as_deref();
    if reason == Some(ROTATED) && row.ended_at.is_none() {
        return Some("a refresh spent it".to_owned());
    }
    if row.ended_at.is_some() {
        let why = words(row.end_reason.as_deref().unwrap_or_default());
        return Some(format!("its session ended: {why}"));
    }
    let by = row.actor.as_deref().unwrap_or("its user");
    reason.map(|_| format!("{by} blacklisted it"))
}

fn section(id: &'static str, title: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! {
        <section class="stack" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn uses(explained: &Explained) -> AnyView {
    let exchange = match explained
        .token
        .verified
        .as_ref()
        .and_then(|verified| verified.token_type)
    {
        Some(TokenType::Sliding) => "Exchanged at /api/token/sliding/refresh/",
        _ => "Exchanged at /api/token/refresh/",
    };
    let uses = [
        (
            "Sent to /api/token/verify/",
            of_refusal(explained.at_verify.as_ref(), "It holds: 200."),
        ),
        (
            "Sent with a request, as Bearer",
            of_refusal(explained.as_bearer.as_ref(), "It is accepted."),
        ),
        (exchange, of_outlook(&explained.as_refresh)),
    ];
    let rows = uses.map(|(use_, Answer { verdict, text })| {
        let (class, word) = match verdict {
            Verdict::Accepted => ("badge badge--live", "accepted"),
            Verdict::Refused => ("badge badge--blacklisted", "refused"),
            Verdict::Ends => ("badge badge--blacklisted", "ends its session"),
        };
        view! {
            <tr>
                <th scope="row" data-label="Use">{use_}</th>
                <td data-label="Result"><span class=class>{word}</span></td>
                <td data-label="Answer">{text}</td>
            </tr>
        }
    });
    let table = view! {
        <p class="muted">"Nothing was done: this is what the server would answer. From where it comes is not judged."</p>
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"What would come of each use"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Use"</th>
                        <th scope="col">"Result"</th>
                        <th scope="col">"Answer"</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().collect_view()}</tbody>
            </table>
        </div>
    };
    section("uses", "If it were used now", table)
}

fn checks(explained: &Explained, terms: Terms<'_>) -> AnyView {
    let token = &explained.token;
    let mut lines: Vec<_> = token
        .checks
        .iter()
        .map(|(check, outcome)| (question(*check, terms), *outcome))
        .collect();
    let recorded = match (&token.verified, &explained.at_verify) {
        (None, _) => Outcome::NotReached,
        (Some(_), None) => Outcome::Passed,
        (Some(_), Some(_)) => Outcome::Failed(crate::token::TokenError::Blacklisted),
    };
    lines.push((
        "Neither it nor its session was revoked, and it is not spent.".to_owned(),
        recorded,
    ));
    let lines = lines.into_iter().map(|(text, outcome)| {
        let (class, word) = match outcome {
            Outcome::Passed => ("badge badge--live", "passed"),
            Outcome::Failed(_) => ("badge badge--blacklisted", "fails here"),
            Outcome::NotReached => ("badge badge--ended", "not reached"),
        };
        view! {
            <li>
                <span class=class>{word}</span>
                <span>{text}</span>
            </li>
        }
    });
    section(
        "checks",
        "Checks, in their order",
        view! { <ol class="checks card">{lines.collect_view()}</ol> },
    )
}

fn said(explained: &Explained, terms: Terms<'_>) -> AnyView {
    let token = &explained.token;
    let signed_by = match &token.signed_by {
        Some(SignedBy::Current) => "made by the key in use here".to_owned(),
        Some(SignedBy::Former) => "made by the former key (VERIFYING_KEY)".to_owned(),
        Some(SignedBy::Issuer(kid)) => format!("made by the key {kid} of another issuer (JWK_URL)"),
        None => "not made by a key that is known here".to_owned(),
    };
    let signature = format!("{} characters, {signed_by}.", token.signature_chars);
    let content = view! {
        <h3>"Header"</h3>
        {json(token.header.as_ref())}
        <h3>"Payload"</h3>
        {json(token.payload.as_ref())}
        {table(token.payload.as_ref(), terms)}
        <h3>"Signature"</h3>
        <p>{signature}</p>
    };
    section("said", "What it says", content)
}

fn json(value: Option<&Value>) -> AnyView {
    let text = value.and_then(|value| serde_json::to_string_pretty(value).ok());
    match text {
        Some(text) => view! { <pre class="card json">{cut(&text, MOST_JSON)}</pre> }.into_any(),
        None => view! { <p class="muted">"No JSON in base64url."</p> }.into_any(),
    }
}

fn table(payload: Option<&Value>, terms: Terms<'_>) -> Option<impl IntoView + use<>> {
    let claims = payload?.as_object()?;
    let rows: Vec<_> = claims
        .iter()
        .take(MOST)
        .map(|(name, value)| {
            let meaning = meaning(name, terms.names);
            let value = claims::value(name, value, terms.names, terms.now);
            view! {
                <tr>
                    <th scope="row" data-label="Claim" class="mono">{cut(name, 60)}</th>
                    <td data-label="Value" class="said">{value}</td>
                    <td data-label="Meaning">{meaning}</td>
                </tr>
            }
        })
        .collect();
    let more = claims.len().saturating_sub(MOST);
    let more = (more > 0).then(|| view! { <p class="muted">{format!("And {more} more.")}</p> });
    Some(view! {
        <div class="table-wrap">
            <table class="table">
                <caption class="visually-hidden">"The claims of the payload"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Claim"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"Meaning"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    })
}

fn record(explained: &Explained, terms: Terms<'_>) -> AnyView {
    let content = match &explained.record {
        Some(row) => known(explained, row, terms).into_any(),
        None => view! {
            <p>"No token of this name is on record: it was not issued or used here, or its row was cleaned up."</p>
            {claimed_session(explained)}
        }
        .into_any(),
    };
    section("record", "On record", content)
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
    let user = match (row.user_id, &row.username) {
        (Some(id), Some(name)) => {
            let href = format!("/admin/users/{id}/");
            view! { <a href=href>{name.clone()}</a> }.into_any()
        }
        _ => "(deleted)".into_any(),
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
            <dd>{user}</dd>
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

fn session_link(id: &str) -> AnyView {
    match SessionId::parse(id) {
        Some(id) => {
            let href = format!("/admin/sessions/{id}/");
            view! { <a class="mono" href=href>{id.to_string()}</a> }.into_any()
        }
        None => id.to_owned().into_any(),
    }
}
