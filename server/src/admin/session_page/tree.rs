//! The tokens of a session as the tree they grew into, a line a token, some generations at a time.

use std::collections::HashMap;

use leptos::prelude::*;

use super::marks::{Mark, Marks};
use super::sentence::left;
use super::standing::Standing;
use super::window::{TOKENS, Window};
use super::{Following, Seen, section};
use crate::admin::listing::address;
use crate::admin::page::Section;
use crate::admin::show::{moment, shortened, words};
use crate::session::{Branch, Reuse, TokenState, Tree, TreeToken};
use crate::store::SessionToken;
use crate::token::{Generation, TokenType};

/// How far a line stands from the left at most.
const DEEPEST: usize = 4;

/// The tree, with links to the generations before and after those that are shown.
pub fn view(seen: &Seen, window: &Window<'_>, marks: &Marks, following: Following) -> AnyView {
    let content = if window.tokens.is_empty() {
        view! { <p class="muted">"No token of these generations is on record any more."</p> }
            .into_any()
    } else {
        view! {
            {heading(seen, window)}
            {lines(seen, window, marks)}
        }
        .into_any()
    };
    section(
        "family",
        "Family",
        view! { {content} {pager(seen, window, following)} },
    )
}

fn heading(seen: &Seen, window: &Window<'_>) -> impl IntoView + use<> {
    let (oldest, newest) = window.span().unwrap_or_default();
    let which = if oldest == newest {
        format!("Generation {oldest} of 0 to {}", seen.detail.generation)
    } else {
        format!(
            "Generations {oldest} to {newest} of 0 to {}",
            seen.detail.generation
        )
    };
    let overflow = window.overflows.then(|| {
        let href = address(
            Section::Outstanding.path(),
            &[("session", seen.detail.id.as_str())],
        );
        view! {
            <p>
                {format!("It has more than {TOKENS} tokens; the newest are shown. ")}
                <a href=href>"All tokens of this session"</a>
            </p>
        }
    });
    view! {
        <p class="muted">{format!("{which}, oldest first; each token stands under the one it was issued for.")}</p>
        {overflow}
    }
}

fn lines(seen: &Seen, window: &Window<'_>, marks: &Marks) -> impl IntoView + use<> {
    let by_id: HashMap<i64, &SessionToken> = window.tokens.iter().map(|t| (t.id, *t)).collect();
    let tree = Tree::new(window.tokens.iter().map(|t| node(t, seen)).collect());
    let lines: Vec<_> = tree
        .branches()
        .into_iter()
        .map(|branch| {
            let token = by_id[&branch.token.id];
            let marks = marks.get(&token.id).map_or(&[][..], Vec::as_slice);
            line(branch, token, marks, seen)
        })
        .collect();
    view! { <ol class="tree card">{lines}</ol> }
}

fn node(token: &SessionToken, seen: &Seen) -> TreeToken {
    TreeToken {
        id: token.id,
        parent: token.parent_id,
        generation: Generation(token.generation),
        token_type: token.token_type.clone(),
        jti: token.jti.clone(),
        issued_at: token.created_at,
        expires_at: token.expires_at,
        state: TokenState::of(token.reason.clone(), token.expires_at, seen.now),
        ip: token.ip.clone(),
    }
}

fn line(
    branch: Branch<'_>,
    token: &SessionToken,
    marks: &[Mark],
    seen: &Seen,
) -> impl IntoView + use<> {
    let depth = branch.depth.min(DEEPEST);
    let class = (depth > 0).then(|| format!("tree__{depth}"));
    let is_access = token.token_type == TokenType::Access.as_str();
    let name = if is_access {
        view! { <span>"access"</span> }.into_any()
    } else {
        let generation = format!("Generation {}", token.generation);
        view! { <strong>{generation}</strong> {token.token_type.clone()} }.into_any()
    };
    // What came in one answer with the token it stands under was issued when that was.
    let is_beside = seen.issued_with_parent(token);
    let issued = (!is_beside).then(|| {
        view! { "issued " {moment(token.created_at, seen.now)} }
    });
    let from = (!is_access && !token.ip.is_empty()).then(|| format!(" from {}", token.ip));
    let from_where = (issued.is_some() || from.is_some())
        .then(|| view! { <span class="muted">{issued} {from}</span> });
    let marks: Vec<_> = marks.iter().map(|mark| badge(mark, token, seen)).collect();
    view! {
        <li class=class>
            {name} {shortened(&token.jti)} {state(token, seen)}
            {from_where} {marks} {note(token)}
        </li>
    }
}

/// What became of it, in words.
fn state(token: &SessionToken, seen: &Seen) -> impl IntoView + use<> {
    let (class, text) = match seen.standings[&token.id] {
        Standing::Works { until } => (
            "badge badge--live",
            format!("works, {} left", left(until, seen.now)),
        ),
        Standing::Repeats { until } => (
            "badge badge--rotated",
            format!("rotated, answered again for {}", left(until, seen.now)),
        ),
        Standing::Spent => ("badge badge--rotated", "rotated".to_owned()),
        Standing::Revoked => {
            let why = words(token.reason.as_deref().unwrap_or_default());
            let who = token.actor.as_ref().map_or_else(
                || format!("blacklisted: {why}"),
                |name| format!("blacklisted by {name}"),
            );
            ("badge badge--blacklisted", who)
        }
        Standing::Ended => ("badge badge--ended", "session ended".to_owned()),
        Standing::Expired => ("badge badge--expired", "expired".to_owned()),
    };
    view! { <span class=class>{text}</span> }
}

fn badge(mark: &Mark, token: &SessionToken, seen: &Seen) -> AnyView {
    let text = match mark {
        Mark::Moved { from, to } if token.token_type == TokenType::Access.as_str() => {
            format!("another network: {to}, before that {from}")
        }
        Mark::Moved { from, .. } => format!("another network, before that {from}"),
        Mark::OtherDevice { from, to } => format!("another device: {to}, before that {from}"),
        Mark::Updated { to } => format!("another version: {to}"),
        Mark::AnsweredAgain => "answered again".to_owned(),
        Mark::Renewed => "renewed".to_owned(),
        Mark::IssuedAgain => "issued again: an answer twice, or a renewal".to_owned(),
        Mark::CameBack { at, reuse } => {
            let how = match reuse {
                Reuse::OtherDevice => " from another device",
                Reuse::AfterReceipt => " after its successor was in use",
                Reuse::TooLate => " long after it was spent",
                Reuse::Ancestor => "",
            };
            return view! {
                <span class="badge badge--blacklisted">
                    <span>"came back " {moment(*at, seen.now)} {how} ", which ended the session"</span>
                </span>
            }
            .into_any();
        }
        Mark::AncestorCameBack { at } => {
            return view! {
                <span class="badge badge--blacklisted">
                    <span>
                        "was current when one of two or more rotations ago came back " {moment(*at, seen.now)}
                        ", which ended the session"
                    </span>
                </span>
            }
            .into_any();
        }
    };
    view! { <span class="badge badge--notable">{text}</span> }.into_any()
}

/// The words of who blacklisted it alone; those of the session's end stand above.
fn note(token: &SessionToken) -> Option<impl IntoView + use<>> {
    token.actor.as_ref()?;
    let note = token.note.clone()?;
    Some(view! { <span class="muted">{note}</span> })
}

fn pager(seen: &Seen, window: &Window<'_>, following: Following) -> impl IntoView + use<> {
    let link = |label: &'static str, rel: &'static str, generation: Option<i64>| {
        generation.map(|generation| {
            let href = format!("{}#family", seen.link(Some(generation), following));
            view! { <a class="btn btn--quiet" rel=rel href=href>{label}</a> }
        })
    };
    let is_paged = window.newer.or(window.older).is_some();
    is_paged.then(|| {
        view! {
            <nav class="pager" aria-label="Generations">
                {link("← Newer generations", "prev", window.newer)}
                {link("Older generations →", "next", window.older)}
            </nav>
        }
    })
}
