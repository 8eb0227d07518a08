//! `/admin/sessions/{id}/`: one session, for who has its user on the phone. What still works comes first, then how it came
//! to that: the tokens as the tree they grew into, and all that happened as one list. It changes nothing.

mod facts;
mod history;
mod marks;
mod places;
mod sentence;
mod standing;
mod timeline;
mod tree;
mod window;
mod works;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::listing::{Id, Parameters, address};
use super::page::Section;
use super::{Admin, page, refusal};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::session::{Phase, Session};
use crate::state::{AppState, Server};
use crate::store::{EventRow, SessionAddress, SessionDetail, SessionToken};
use crate::token::{Generation, Jti, SessionId};
use marks::{marks, told};
use standing::{Standing, Terms};
use window::{TOKENS, Window};

/// How many events are shown.
const EVENTS: usize = 25;

/// How many seconds a page that follows its session is looked at before it is asked for again.
const FOLLOW_EVERY: HeaderValue = HeaderValue::from_static("5");

/// What the page is made of.
struct Seen {
    detail: SessionDetail,
    session: Session,
    /// The newest tokens, and those of the generations that are shown, in the order of their issue.
    tokens: Vec<SessionToken>,
    standings: HashMap<i64, Standing>,
    addresses: Vec<SessionAddress>,
    /// From where a spent token came back, if it was elsewhere.
    refused: Vec<SessionAddress>,
    events: Vec<EventRow>,
    /// The newest generation to show.
    upto: i64,
    now: UnixSeconds,
}

/// Whether the page asks for itself again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Following {
    /// Nobody wants it to.
    No,
    /// It does.
    Yes,
    /// It did until there was nothing left to follow.
    Over,
}

/// `GET`.
pub async fn show(
    admin: Admin,
    State(state): State<AppState>,
    Id(id): Id,
    asked: Parameters,
) -> Response {
    let seen = match see(&state, &id, &asked).await {
        Ok(seen) => seen,
        Err(error) => return refusal::page(&error),
    };
    let following = Following::of(&asked, &seen);
    let mut response = document(&admin, &seen, following).into_response();
    if following == Following::Yes {
        let refresh = HeaderName::from_static("refresh");
        response.headers_mut().insert(refresh, FOLLOW_EVERY);
    }
    response
}

async fn see(state: &Server, id: &str, asked: &Parameters) -> Result<Seen> {
    let id = SessionId::parse(id).ok_or(Error::NotFound)?;
    let detail = state.store.session_detail(id).await?;
    let detail = detail.ok_or(Error::NotFound)?;
    let mut session = detail.session()?;
    // What was seen in use here may not be in the database yet.
    session.rotation.received |= state.registry.receipts.has(id, session.generation);
    let asked: Option<i64> = asked.get("generation").parse().ok();
    let upto = asked.map_or(detail.generation, |n| n.clamp(0, detail.generation));
    let limit = i64::try_from(TOKENS).unwrap_or(i64::MAX);
    let store = &state.store;
    let tokens = store
        .newest_tokens_of_session(id, Generation(upto), limit)
        .await?;
    let mut addresses = store.session_addresses(id).await?;
    if addresses.is_empty() {
        addresses.extend(first_address(state, &detail));
    }
    let events = i64::try_from(EVENTS).unwrap_or(i64::MAX);
    let events = store.events_of_session(id, events).await?;
    let refused = places::refused(&events, &addresses, &state.watch.places);
    let now = state.clock.now();
    let standing = |token: &SessionToken| {
        let fell = Jti::parse(&token.jti).is_some_and(|jti| state.registry.is_token_revoked(&jti));
        Standing::of(token, &session, terms(state), fell, now)
    };
    Ok(Seen {
        standings: tokens.iter().map(|t| (t.id, standing(t))).collect(),
        detail,
        session,
        tokens,
        addresses,
        refused,
        events,
        upto,
        now,
    })
}

/// Where tokens were issued to last, for as long as nothing else is known: addresses are handed on a moment later.
fn first_address(state: &Server, detail: &SessionDetail) -> Option<SessionAddress> {
    let ip = detail.ip.parse().ok()?;
    Some(SessionAddress {
        network: detail.network.clone(),
        ip: detail.ip.clone(),
        country: state.watch.places.country(ip),
        first_seen_at: detail.opened_at,
        last_seen_at: detail.last_seen_at,
    })
}

fn terms(state: &Server) -> Terms {
    let settings = &state.settings;
    Terms {
        rules: state.rules(),
        leeway: settings.leeway.get(),
        immediate: settings.immediate_revocation,
        access_lifetime: settings.access_token_lifetime.get(),
    }
}

impl Seen {
    /// The tokens that may still be used, and until when.
    fn holding(&self) -> Vec<sentence::Holding<'_>> {
        let holding = self.tokens.iter().filter_map(|token| {
            let until = self.standings[&token.id].works_until()?;
            Some((token, until))
        });
        holding.collect()
    }

    /// Whether anything of it could still be used or brought back to life.
    fn is_over(&self) -> bool {
        let is_good = |standing: &Standing| {
            matches!(standing, Standing::Works { .. } | Standing::Repeats { .. })
        };
        !self.standings.values().any(is_good)
    }

    /// Whether a token came in one answer with the one it was issued for.
    fn issued_with_parent(&self, token: &SessionToken) -> bool {
        let parent = self.tokens.iter().find(|t| Some(t.id) == token.parent_id);
        parent.is_some_and(|parent| {
            parent.generation == token.generation && parent.created_at == token.created_at
        })
    }

    fn path(&self) -> String {
        format!("/admin/sessions/{}/", self.detail.id)
    }

    /// The address of this page: that generation and those before it, followed or not.
    fn link(&self, generation: Option<i64>, following: Following) -> String {
        let generation = generation.filter(|n| *n < self.detail.generation);
        let generation = generation.map(|n| n.to_string()).unwrap_or_default();
        let live = if following == Following::Yes { "1" } else { "" };
        address(&self.path(), &[("generation", &generation), ("live", live)])
    }
}

impl Following {
    fn of(asked: &Parameters, seen: &Seen) -> Self {
        match asked.get("live") {
            "1" if seen.is_over() => Self::Over,
            "1" => Self::Yes,
            _ => Self::No,
        }
    }
}

fn document(admin: &Admin, seen: &Seen, following: Following) -> impl IntoResponse + use<> {
    let name = seen.detail.username.as_deref();
    let title = match name {
        Some(name) => format!("Session of {name}"),
        None => "Session of a deleted user".to_owned(),
    };
    let is_own = admin.session == seen.session.id;
    let own = (is_own && seen.session.phase == Phase::Live).then(|| {
        view! { <p class="notice notice--warn">"This is the session you are working in."</p> }
    });
    let last = seen.tokens.iter().map(|token| token.expires_at).max();
    let holding = seen.holding();
    let verdict = sentence::sentence(&seen.detail, &seen.session, &holding, last, seen.now);
    let window = Window::of(&seen.tokens, seen.upto, seen.detail.generation);
    let marks = told(
        marks(&seen.detail, &seen.tokens),
        &seen.tokens,
        &seen.events,
    );
    let shown: Vec<_> = window.tokens.iter().copied().cloned().collect();
    let content = view! {
        <h1 class="page__title">{title.clone()}</h1>
        {own}
        <p class="verdict">{verdict}</p>
        {actions(seen, following)}
        {facts::view(seen)}
        {works::view(seen, &holding)}
        {tree::view(seen, &window, &marks, following)}
        {history::view(seen, &shown, &marks)}
        {places::view(seen)}
    };
    page::document(&title, Some(admin), Some(Section::Sessions), content)
}

fn actions(seen: &Seen, following: Following) -> impl IntoView + use<> {
    let end = seen.detail.ended_at.is_none().then(|| {
        let href = format!("{}end/", seen.path());
        view! { <a class="btn btn--danger" href=href>"End this session"</a> }
    });
    let (text, link) = match following {
        Following::No if seen.is_over() => (None, None),
        Following::No => (None, Some(("Follow live", Following::Yes))),
        Following::Yes => (
            Some("This page asks for itself again every 5 seconds."),
            Some(("Stop following", Following::No)),
        ),
        Following::Over => (
            Some(
                "Nothing of this session works any more, so the page does not reload itself any more.",
            ),
            None,
        ),
    };
    let upto = (seen.upto < seen.detail.generation).then_some(seen.upto);
    let link = link.map(|(label, to)| {
        let href = seen.link(upto, to);
        view! { <a class="btn" href=href>{label}</a> }
    });
    let text = text.map(|text| view! { <p class="muted">{text}</p> });
    let has_any = end.is_some() || link.is_some();
    let actions = has_any.then(|| view! { <div class="actions">{end} {link}</div> });
    view! {
        {actions}
        {text}
    }
}

/// A heading with what belongs to it.
fn section(id: &'static str, title: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! {
        <section class="stack" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {content}
        </section>
    }
    .into_any()
}
