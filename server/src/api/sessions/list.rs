//! `GET /api/sessions/`: where the caller is logged in, and what they are to know of it.
//!
//! An object with two lists, because some notices are about sessions that are over, which are not in the first.

use std::net::IpAddr;

use app::api::{Notice, OwnSession, OwnSessions, SessionAddress, SessionDevice};
use axum::Json;
use axum::extract::State;
use axum::routing::{MethodRouter, get};

use crate::api::endpoint::{About, for_users};
use crate::auth::CurrentUser;
use crate::error::Result;
use crate::places::Places;
use crate::state::AppState;
use crate::store::{NoticeRow, OwnSessionRow};

/// How long a notice is shown, in seconds: 30 days.
const NOTICED_FOR: i64 = 30 * 24 * 60 * 60;

const ABOUT: About = About {
    name: "Session List",
    description: "The caller's live sessions, this one first, then by when they were last seen; and what to know of them.",
    allow: "GET, HEAD, OPTIONS",
    fields: &[],
};

/// The endpoint.
pub fn endpoint() -> MethodRouter<AppState> {
    for_users(get(list), &ABOUT)
}

async fn list(caller: CurrentUser, State(state): State<AppState>) -> Result<Json<OwnSessions>> {
    let (user, now) = (caller.user.user_id(), state.clock.now());
    let rows = state.store.own_sessions(user, caller.session, now).await?;
    let notices = state.store.notices(user, now - NOTICED_FOR).await?;
    let calling = caller.session.map(|id| id.to_string());
    let places = &state.watch.places;
    Ok(Json(arranged(rows, notices, calling.as_deref(), places)))
}

/// The rows as they are shown: those of a session, which follow each other, become one, with its notices.
fn arranged(
    rows: Vec<OwnSessionRow>,
    notices: Vec<NoticeRow>,
    calling: Option<&str>,
    places: &Places,
) -> OwnSessions {
    let mut sessions: Vec<OwnSession> = Vec::new();
    for row in rows {
        let address = address(&row).or_else(|| first_address(&row, places));
        let known = sessions.last_mut();
        if let Some(known) = known.filter(|session| session.id == row.id) {
            known.addresses.extend(address);
        } else {
            let is_current = calling == Some(row.id.as_str());
            sessions.push(session(row, is_current, address));
        }
    }
    let mut elsewhere = Vec::new();
    for row in notices {
        let of = row.session_id.clone();
        let live = sessions
            .iter_mut()
            .find(|session| Some(&session.id) == of.as_ref());
        let place = live.map_or(&mut elsewhere, |session| &mut session.notices);
        place.push(notice(row));
    }
    OwnSessions {
        sessions,
        notices: elsewhere,
    }
}

fn session(row: OwnSessionRow, current: bool, address: Option<SessionAddress>) -> OwnSession {
    OwnSession {
        id: row.id,
        current,
        device: SessionDevice {
            id: row.device_id,
            name: row.device_name.unwrap_or_default(),
            browser: row.browser.unwrap_or_default(),
            browser_version: row.browser_version.unwrap_or_default(),
            os: row.os.unwrap_or_default(),
            kind: row.kind.unwrap_or_else(|| "unknown".to_owned()),
        },
        opened_at: row.opened_at,
        last_seen_at: row.last_seen_at,
        ip: row.ip,
        network: row.network,
        user_agent: row.user_agent,
        client: row.client,
        expires_at: row.tokens_expire_at.min(row.expires_at),
        ends_at: row.expires_at,
        addresses: address.into_iter().collect(),
        notices: Vec::new(),
    }
}

fn address(row: &OwnSessionRow) -> Option<SessionAddress> {
    Some(SessionAddress {
        network: row.used_network.clone()?,
        ip: row.used_ip.clone()?,
        country: row.used_country.clone()?,
        first_seen_at: row.used_first_at?,
        last_seen_at: row.used_last_at?,
    })
}

/// Where a session was opened, for as long as nothing else is known: addresses are handed on a moment later.
fn first_address(row: &OwnSessionRow, places: &Places) -> Option<SessionAddress> {
    let ip: IpAddr = row.ip.parse().ok()?;
    Some(SessionAddress {
        network: Some(row.network.clone()).filter(|network| !network.is_empty())?,
        ip: row.ip.clone(),
        country: places.country(ip),
        first_seen_at: row.network_at,
        last_seen_at: row.network_at,
    })
}

fn notice(row: NoticeRow) -> Notice {
    Notice {
        at: row.at,
        kind: row.kind,
        session: row.session_id,
        ip: row.ip,
        user_agent: row.user_agent,
        detail: row.detail.unwrap_or_default(),
        client: row.client.unwrap_or_default(),
    }
}
