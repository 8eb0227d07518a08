//! What a filter may say: nothing but what can be read from the address of a list. A form carries the filter as it was read
//! when its page was shown, and whoever makes a form up has no more words than that. Fields whose types check themselves as
//! they are read are not looked at again; a field that is new does not compile until it is.

use time::OffsetDateTime;

use crate::clock::UnixSeconds;
use crate::store::{SessionFilter, Target, TokenFilter};
use crate::token::Jti;

/// The most sessions that can be chosen one by one.
const SESSIONS: usize = 500;

/// The most users a search can stand for.
pub const USERS: usize = 20;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Whether an address could have said it. Of targets that no list's filter is none could.
#[must_use]
pub fn could_be_read(target: &Target) -> bool {
    match target {
        Target::Filter(filter) => of_sessions(filter),
        Target::Tokens(tokens) => of_tokens(&tokens.filter),
        Target::Token { .. }
        | Target::Session { .. }
        | Target::User { .. }
        | Target::Device { .. }
        | Target::Everyone => false,
    }
}

fn of_sessions(filter: &SessionFilter) -> bool {
    let SessionFilter {
        ids,
        token,
        ending: _,
        users,
        device,
        address: _,
        status: _,
        reason: _,
        warrant: _,
        of_admin: _,
        from,
        until,
    } = filter;
    let are_chosen = |ids: &Vec<String>| ids.len() <= SESSIONS && ids.iter().all(|id| is_id(id));
    ids.as_ref().is_none_or(are_chosen)
        && token.as_deref().is_none_or(is_name)
        && users.as_deref().is_none_or(are_few)
        && device.as_deref().is_none_or(is_text)
        && are_days(*from, *until)
}

fn of_tokens(filter: &TokenFilter) -> bool {
    let TokenFilter {
        jti,
        ending: _,
        session,
        users,
        device,
        address: _,
        token_type: _,
        status: _,
        reason: _,
        from,
        until,
    } = filter;
    let is_session = |id: &str| is_text(id) && is_id(id);
    jti.as_deref().is_none_or(is_name)
        && session.as_deref().is_none_or(is_session)
        && users.as_deref().is_none_or(are_few)
        && device.as_deref().is_none_or(is_text)
        && are_days(*from, *until)
}

fn are_few(users: &[i64]) -> bool {
    users.len() <= USERS
}

fn is_name(text: &str) -> bool {
    Jti::parse(text).is_some()
}

/// A field that was filled in.
fn is_text(text: &str) -> bool {
    !text.is_empty() && is_trimmed(text)
}

/// What came as an id, be it one or not.
fn is_id(text: &str) -> bool {
    is_trimmed(text) && !text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_trimmed(text: &str) -> bool {
    text.trim() == text && !text.contains('\0')
}

/// The first second of a day, and the first one after a day.
fn are_days(from: Option<UnixSeconds>, until: Option<UnixSeconds>) -> bool {
    let is_day = |at: UnixSeconds| at % DAY == 0 && OffsetDateTime::from_unix_timestamp(at).is_ok();
    from.is_none_or(is_day) && until.is_none_or(|until| until.checked_sub(DAY).is_some_and(is_day))
}
