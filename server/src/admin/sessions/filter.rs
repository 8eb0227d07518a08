//! The filter of the list of sessions, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::session::EndReason;
use crate::store::{Result, SessionFilter, SessionStatus, Sought, Store};

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<SessionFilter>> {
    let none = "This is none of the choices.";
    let status = asked.read("status", status, none);
    let ids: Vec<_> = asked
        .all("id")
        .map(|id| id.trim().replace('\0', "\u{fffd}").to_ascii_lowercase())
        .collect();
    let filter = SessionFilter {
        ids: (!ids.is_empty()).then_some(ids),
        token: None,
        ending: None,
        users: asked.number("user").map(|id| vec![id]),
        device: asked.text("device"),
        address: asked.block("address"),
        status,
        reason: asked.read("reason", EndReason::parse, none),
        warrant: asked.number("revocation"),
        of_admin: asked.read("type", of_admin, none),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
    };
    let search = asked.search();
    let mut read = Read { filter, more: None };
    if asked.is_wrong() {
        return Ok(read);
    }
    let filter = read.filter;
    read.filter = match store.seek(search).await? {
        Sought::Everything => filter,
        Sought::Address(block) => SessionFilter {
            address: Some(block),
            ..filter
        },
        Sought::Id(id) => filter.of_ids(&[id.to_string()]),
        Sought::Token(jti) => filter.of_token(&jti),
        Sought::Ending(ending) => SessionFilter {
            ending: Some(ending),
            ..filter
        },
        Sought::Users { ids, more } => {
            read.more = more.then_some(More(20, "users"));
            filter.of_users(&ids)
        }
    };
    Ok(read)
}

fn status(text: &str) -> Option<SessionStatus> {
    match text {
        "live" => Some(SessionStatus::Live),
        "run-out" => Some(SessionStatus::RunOut),
        "ended" => Some(SessionStatus::Ended),
        _ => None,
    }
}

fn of_admin(text: &str) -> Option<bool> {
    match text {
        "admin" => Some(true),
        "client" => Some(false),
        _ => None,
    }
}
