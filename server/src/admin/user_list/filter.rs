//! The filter of the list of users, as its address says it.

use crate::admin::list::{Asked, More, Read};
use crate::store::{Result, Search, Sought, Store, UserFilter, UserRole, UserStatus};
use crate::token::Jti;

/// The most users a name stands for.
const MOST: usize = 500;

/// Reads the filter; what is wrong with it is noted in `asked`. At most one statement.
///
/// # Errors
/// The database is out of reach.
pub async fn read(store: &Store, asked: &mut Asked<'_>) -> Result<Read<UserFilter>> {
    let none = "This is none of the choices.";
    let filter = UserFilter {
        status: asked.read("status", status, none),
        role: asked.read("type", role, none),
        from: asked.day("from"),
        until: asked.end_of_day("until"),
        ..UserFilter::default()
    };
    if asked.is_wrong() {
        return Ok(Read { filter, more: None });
    }
    let text = asked.raw("q");
    let number = text.parse().ok();
    let (filter, more) = match store.seek_up_to(Search::of(text), MOST).await? {
        Sought::Everything => (filter, false),
        Sought::Address(block) => {
            let found = store.users_in(block).await?;
            (of(filter, found.ids), found.more)
        }
        Sought::Id(id) => {
            let session = Some(id.to_string());
            (UserFilter { session, ..filter }, false)
        }
        Sought::Users { ids, more } => {
            let mut ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
            ids.extend(number.filter(|number| !ids.contains(number)));
            (of(filter, ids), more)
        }
        Sought::Ending(_) => (of(filter, number.into_iter().collect()), false),
        // A number could be the name of another issuer's token, but a user's it is more often.
        Sought::Token(jti) => match number {
            Some(number) => (of(filter, vec![number]), false),
            None => (with_token(filter, jti), false),
        },
    };
    let more = more.then_some(More(MOST, "users"));
    Ok(Read { filter, more })
}

fn with_token(filter: UserFilter, jti: Jti) -> UserFilter {
    let token = Some(jti);
    UserFilter { token, ..filter }
}

fn of(filter: UserFilter, ids: Vec<i64>) -> UserFilter {
    let ids = Some(ids);
    UserFilter { ids, ..filter }
}

fn status(text: &str) -> Option<UserStatus> {
    match text {
        "active" => Some(UserStatus::Active),
        "shut-out" => Some(UserStatus::ShutOut),
        _ => None,
    }
}

fn role(text: &str) -> Option<UserRole> {
    match text {
        "staff" => Some(UserRole::Staff),
        "superuser" => Some(UserRole::Superuser),
        _ => None,
    }
}
