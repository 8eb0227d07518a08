//! The filter of the list of API tokens, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::store::{ApiTokenFilter, Result, Search, Sought, Store};

/// The most users a name stands for.
const USERS: usize = 500;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<ApiTokenFilter>> {
    let none = "This is none of the choices.";
    let filter = ApiTokenFilter {
        users: asked.number("user").map(|id| vec![id]),
        is_used: asked.read("status", is_used, none),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
    };
    let mut read = Read { filter, more: None };
    let Some(text) = asked.text("q").filter(|_| !asked.is_wrong()) else {
        return Ok(read);
    };
    let number = text.parse().ok();
    let sought = store.seek_up_to(Search::Words(text), USERS).await?;
    let mut ids = Vec::new();
    if let Sought::Users { ids: users, more } = sought {
        ids.extend(users.into_iter().map(|id| id.0));
        read.more = more.then_some(More(USERS, "users"));
    }
    ids.extend(number.filter(|number| !ids.contains(number)));
    if let Some(chosen) = &read.filter.users {
        ids.retain(|id| chosen.contains(id));
    }
    read.filter.users = Some(ids);
    Ok(read)
}

fn is_used(text: &str) -> Option<bool> {
    match text {
        "used" => Some(true),
        "unused" => Some(false),
        _ => None,
    }
}
