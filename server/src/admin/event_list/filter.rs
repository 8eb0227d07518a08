//! The filter of the audit trail, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::event::Kind;
use crate::store::{Result, Sought, Store, Trail, TrailStatus, among};

/// The most users a name stands for.
const USERS: usize = 20;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<Trail>> {
    let none = "This is none of the choices.";
    let filter = Trail {
        session: asked.text("session").map(|id| id.to_ascii_lowercase()),
        users: asked.number("user").map(|id| vec![id]),
        actor: asked.text("actor"),
        address: asked.block("address"),
        kind: asked.read("kind", Kind::parse, none),
        status: asked.read("status", status, none),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
        token: None,
    };
    let search = asked.search();
    let mut read = Read { filter, more: None };
    if asked.is_wrong() {
        return Ok(read);
    }
    match store.seek_up_to(search, USERS).await? {
        Sought::Everything => {}
        Sought::Address(block) => read.filter.address = Some(block),
        Sought::Id(id) => read.filter.session = Some(id.to_string()),
        Sought::Token(jti) => read.filter.token = Some(jti),
        // No index knows it, and events are too many.
        Sought::Ending(_) => read.filter.users = Some(Vec::new()),
        Sought::Users { ids, more } => {
            read.more = more.then_some(More(USERS, "users"));
            read.filter.users = Some(among(read.filter.users.as_deref(), &ids));
        }
    }
    Ok(read)
}

fn status(text: &str) -> Option<TrailStatus> {
    match text {
        "alarming" => Some(TrailStatus::Alarming),
        "told" => Some(TrailStatus::Told),
        _ => None,
    }
}
