//! The filter of the list of outstanding tokens, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::session::EndReason;
use crate::store::{Result, Sought, Store, TokenFilter, TokenStatus, among};
use crate::token::TokenType;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<TokenFilter>> {
    let none = "This is none of the choices.";
    let mut filter = TokenFilter {
        jti: None,
        ending: None,
        session: asked.text("session").map(|id| id.to_ascii_lowercase()),
        users: asked.number("user").map(|id| vec![id]),
        device: asked.text("device"),
        address: asked.block("address"),
        token_type: asked.read("type", TokenType::parse, none),
        status: asked.read("status", status, none),
        reason: asked.read("reason", EndReason::parse, none),
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

fn status(name: &str) -> Option<TokenStatus> {
    let found = TokenStatus::ALL.into_iter().find(|(_, word)| *word == name);
    found.map(|(status, _)| status)
}
