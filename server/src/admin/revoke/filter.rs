//! Sessions by a filter. The page is asked for by the list's own address; what that meant then goes with the form, users
//! found by a search as their numbers, so that what ends is what was shown. A filter that can not be read ends nothing, nor
//! does a name that stands for more users than are looked up; and one that leaves nobody out, however it says so, leads to
//! where everyone's sessions are ended.

use axum::response::{IntoResponse, Redirect, Response};

use super::EVERYONE;
use super::facts::Facts;
use super::subject::Subject;
use crate::admin::confirm::Own;
use crate::admin::form::Form;
use crate::admin::list::Asked;
use crate::admin::listing::Parameters;
use crate::admin::page::Section;
use crate::admin::{Admin, refusal, sessions};
use crate::error::Error;
use crate::state::Server;
use crate::store::{SessionFilter, Target};
use crate::token::SessionId;

/// The field with the filter, as JSON.
const FILTER: &str = "filter";

/// The field with the bound.
const LAST: &str = "last";

/// The most sessions that can be chosen one by one, and the most users a search can stand for.
const MOST: (usize, usize) = (500, 20);

/// Why a filter is nothing to end sessions by.
#[derive(Debug)]
pub enum NotToEnd {
    /// It can not be read.
    Unreadable,
    /// Sessions were to be chosen, and none was.
    NothingChosen,
    /// It stands for more users than are looked up.
    TooManyUsers,
    /// It leaves nobody out.
    Everyone,
    /// It could not be looked up.
    Failed(Error),
}

impl IntoResponse for NotToEnd {
    fn into_response(self) -> Response {
        match self {
            Self::Unreadable => refusal::unreadable_filter(),
            Self::NothingChosen => refusal::nothing_chosen(),
            Self::TooManyUsers => refusal::too_many_users(MOST.1),
            Self::Everyone => Redirect::to(EVERYONE).into_response(),
            Self::Failed(error) => refusal::page(&error),
        }
    }
}

/// What an address asks for.
///
/// # Errors
/// Why it is nothing to end.
pub async fn asked_for(
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
) -> std::result::Result<Subject, NotToEnd> {
    let mut asked = Asked::new(parameters, &sessions::TO_END);
    let read = sessions::read(&state.store, &mut asked).await;
    let read = read.map_err(|error| NotToEnd::Failed(error.into()))?;
    // A place in the list is not a condition: more would end than stood below it.
    if asked.is_wrong() || asked.any(&["next", "prev"]) {
        return Err(NotToEnd::Unreadable);
    }
    if asked.any(&["chosen"]) && read.filter.ids.is_none() {
        return Err(NotToEnd::NothingChosen);
    }
    if read.more.is_some() {
        return Err(NotToEnd::TooManyUsers);
    }
    // Sessions opened within this second count as seen.
    let last = SessionId::since(state.clock.now() + 1);
    subject(state, admin, parameters, read.filter, last).await
}

/// What the page showed.
///
/// # Errors
/// Why it is nothing to end.
pub async fn decided(
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
    form: &Form,
) -> std::result::Result<Subject, NotToEnd> {
    let filter = serde_json::from_str(form.get(FILTER)).ok();
    let last = SessionId::parse(form.get(LAST));
    match filter.zip(last) {
        Some((filter, last)) => subject(state, admin, parameters, filter, last).await,
        None => Err(NotToEnd::Unreadable),
    }
}

async fn subject(
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
    filter: SessionFilter,
    last: SessionId,
) -> std::result::Result<Subject, NotToEnd> {
    let json = serde_json::to_string(&filter).unwrap_or_default();
    if !can_be_asked(&filter, &json) {
        return Err(NotToEnd::Unreadable);
    }
    let leaves_nobody_out = leaves_nobody_out(state, admin, &filter).await;
    if leaves_nobody_out.map_err(|error| NotToEnd::Failed(error.into()))? {
        return Err(NotToEnd::Everyone);
    }
    let asked = Asked::new(parameters, &sessions::TO_END);
    let action = asked.address("/admin/revoke/", &[]);
    let back = asked.address(Section::Sessions.path(), &[("id", ""), ("chosen", "")]);
    let facts = Facts::Filter(Box::new(filter.clone()));
    let title = if filter.ids.is_some() {
        "End the chosen sessions?"
    } else {
        "End all sessions that match?"
    };
    let target = Target::Filter(Box::new(filter));
    Ok(Subject {
        title: title.to_owned(),
        lead: "Whoever uses one of them has to sign in again. Sessions that are opened after this page was shown are left \
               alone.",
        hidden: vec![(FILTER, json), (LAST, last.to_string())],
        last_id: Some(last.to_string()),
        own: Own::Among,
        is_sensitive: true,
        ..Subject::new(target, facts, action, back)
    })
}

/// Whether it means everyone, however it says so. Those of clients are nearly all there are, so only superusers end them
/// together. One statement, where it has a first day.
async fn leaves_nobody_out(
    state: &Server,
    admin: &Admin,
    filter: &SessionFilter,
) -> crate::store::Result<bool> {
    let now = state.clock.now();
    let oldest = match filter.from {
        Some(_) => state.store.oldest_live_session(now).await?,
        None => None,
    };
    let meant = filter.clone().without_idle(now, oldest.as_deref());
    let of_admin = meant
        .of_admin
        .filter(|of_admin| *of_admin || admin.user.is_superuser);
    Ok(SessionFilter { of_admin, ..meant }.is_everyone())
}

/// Whether a database can be asked for it, however a form was made up.
fn can_be_asked(filter: &SessionFilter, json: &str) -> bool {
    let (ids, users) = MOST;
    let few_ids = filter.ids.as_ref().is_none_or(|all| all.len() <= ids);
    let few_users = filter.users.as_ref().is_none_or(|all| all.len() <= users);
    // As JSON writes a NUL.
    few_ids && few_users && !json.contains("\\u0000")
}
