//! The filter of the list of blacklisted tokens, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::session::EndReason;
use crate::store::{BlacklistedFilter, ROTATED, Result, Sought, Store, among};
use crate::token::TokenType;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<BlacklistedFilter>> {
    let none = "This is none of the choices.";
    let mut filter = BlacklistedFilter {
        jti: None,
        ending: None,
        session: asked.text("session").map(|id| id.to_ascii_lowercase()),
        users: asked.number("user").map(|id| vec![id]),
        address: asked.block("address"),
        token_type: asked
            .read("type", TokenType::parse, none)
            .map(TokenType::as_str),
        reason: asked.read("reason", reason, none),
        is_revoked: asked.read("status", is_revoked, none),
        actor: asked.text("actor"),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
    };
    let (search, mut more) = (asked.search(), None);
    if !asked.is_wrong() {
        match store.seek(search).await? {
            Sought::Everything => {}
            Sought::Address(block) => filter.address = Some(block),
            Sought::Id(id) => filter.session = Some(id.to_string()),
            Sought::Ending(ending) => filter.ending = Some(ending),
            Sought::Token(jti) => filter.jti = Some(jti.as_str().to_owned()),
            Sought::Users { ids, more: others } => {
                filter.users = Some(among(filter.users.as_deref(), &ids));
                more = others.then_some(More(20, "users"));
            }
        }
    }
    Ok(Read { filter, more })
}

fn reason(name: &str) -> Option<&'static str> {
    if name == ROTATED {
        return Some(ROTATED);
    }
    EndReason::parse(name).map(EndReason::as_str)
}

fn is_revoked(name: &str) -> Option<bool> {
    match name {
        "revoked" => Some(true),
        "rotated" => Some(false),
        _ => None,
    }
}
