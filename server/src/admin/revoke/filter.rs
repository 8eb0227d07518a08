//! Sessions by the filter of a list: that of sessions, or that of outstanding tokens, whose live ones stand for the sessions
//! they belong to. The page is asked for by the list's own address; what that meant then goes with the form, users found by a
//! search as their numbers, so that what ends is what was shown. A filter that can not be read ends nothing, nor does a name
//! that stands for more users than are looked up; and one that leaves nobody out, however it says so, leads to where
//! everyone's sessions are ended.

use axum::response::{IntoResponse, Redirect, Response};

use super::EVERYONE;
use super::facts::Facts;
use super::said::{USERS, could_be_read};
use super::subject::Subject;
use crate::admin::confirm::Own;
use crate::admin::form::Form;
use crate::admin::list::{Asked, More};
use crate::admin::listing::Parameters;
use crate::admin::page::Section;
use crate::admin::{Admin, outstanding, refusal, sessions};
use crate::config::Settings;
use crate::error::Error;
use crate::state::Server;
use crate::store::{LiveTokens, Result as Stored, Target, TokenLives};
use crate::token::SessionId;

/// The field with the filter, as JSON.
const FILTER: &str = "filter";

/// The field with the bound.
const LAST: &str = "last";

/// The list whose filter it is.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// That of sessions.
    Sessions,
    /// That of outstanding tokens.
    Tokens,
}

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
            Self::TooManyUsers => refusal::too_many_users(USERS),
            Self::Everyone => Redirect::to(EVERYONE).into_response(),
            Self::Failed(error) => refusal::page(&error),
        }
    }
}

impl By {
    /// Where sessions are ended by it.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Sessions => "/admin/revoke/",
            Self::Tokens => "/admin/revoke/tokens/",
        }
    }

    fn list(self) -> Section {
        match self {
            Self::Sessions => Section::Sessions,
            Self::Tokens => Section::Outstanding,
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Sessions => &sessions::TO_END,
            Self::Tokens => &outstanding::FIELDS,
        }
    }

    /// What an address means now, and whether a name in it stands for others, too. At most one statement.
    async fn read(self, state: &Server, asked: &mut Asked<'_>) -> Stored<(Target, Option<More>)> {
        Ok(match self {
            Self::Sessions => {
                let read = sessions::read(&state.store, asked).await?;
                (Target::Filter(Box::new(read.filter)), read.more)
            }
            Self::Tokens => {
                let read = outstanding::read(&state.store, asked).await?;
                let tokens = LiveTokens {
                    filter: read.filter,
                    at: state.clock.now(),
                };
                (Target::Tokens(Box::new(tokens)), read.more)
            }
        })
    }

    /// What a form says; `None` where it can not be read.
    fn parse(self, json: &str) -> Option<Target> {
        match self {
            Self::Sessions => serde_json::from_str(json).ok().map(Target::Filter),
            Self::Tokens => serde_json::from_str(json).ok().map(Target::Tokens),
        }
    }
}

/// What an address asks for.
///
/// # Errors
/// Why it is nothing to end.
pub async fn asked_for(
    by: By,
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
) -> Result<Subject, NotToEnd> {
    let mut asked = Asked::new(parameters, by.fields());
    let read = by.read(state, &mut asked).await;
    let (target, more) = read.map_err(|error| NotToEnd::Failed(error.into()))?;
    // A place in the list is not a condition: more would end than stood below it.
    if asked.is_wrong() || asked.any(&["next", "prev"]) {
        return Err(NotToEnd::Unreadable);
    }
    if asked.any(&["chosen"]) && !is_chosen(&target) {
        return Err(NotToEnd::NothingChosen);
    }
    if more.is_some() {
        return Err(NotToEnd::TooManyUsers);
    }
    // Sessions opened within this second count as seen.
    let last = SessionId::since(state.clock.now() + 1);
    subject(by, state, admin, parameters, target, last).await
}

/// What the page showed.
///
/// # Errors
/// Why it is nothing to end.
pub async fn decided(
    by: By,
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
    form: &Form,
) -> Result<Subject, NotToEnd> {
    let target = by.parse(form.get(FILTER));
    let last = SessionId::parse(form.get(LAST));
    match target.zip(last) {
        Some((target, last)) => subject(by, state, admin, parameters, target, last).await,
        None => Err(NotToEnd::Unreadable),
    }
}

async fn subject(
    by: By,
    state: &Server,
    admin: &Admin,
    parameters: &Parameters,
    target: Target,
    last: SessionId,
) -> Result<Subject, NotToEnd> {
    let json = can_be_asked(&target).ok_or(NotToEnd::Unreadable)?;
    let leaves_nobody_out = leaves_nobody_out(state, admin, &target).await;
    if leaves_nobody_out.map_err(|error| NotToEnd::Failed(error.into()))? {
        return Err(NotToEnd::Everyone);
    }
    let asked = Asked::new(parameters, by.fields());
    let back = asked.address(by.list().path(), &[("id", ""), ("chosen", "")]);
    let title = match by {
        By::Sessions if is_chosen(&target) => "End the chosen sessions?",
        By::Sessions => "End all sessions that match?",
        By::Tokens => "End the sessions of all live tokens that match?",
    };
    let facts = Facts::Filter(target.clone());
    Ok(Subject {
        title: title.to_owned(),
        lead: match by {
            By::Sessions => {
                "Whoever uses one of them has to sign in again. Sessions that are opened after this page was shown are left \
                 alone."
            }
            By::Tokens => {
                "A session ends with all of its tokens, also those that do not match, and whoever uses it has to sign in \
                 again. Sessions that are opened after this page was shown are left alone."
            }
        },
        hidden: vec![(FILTER, json), (LAST, last.to_string())],
        last_id: Some(last.to_string()),
        own: Own::Among,
        is_sensitive: true,
        ..Subject::new(target, facts, asked.address(by.path(), &[]), back)
    })
}

/// Whether it means everyone, however it says so, and be it together with what the same admin revoked before. Those of
/// clients are nearly all there are, so only superusers end them together. At most one statement.
async fn leaves_nobody_out(state: &Server, admin: &Admin, target: &Target) -> Stored<bool> {
    let (now, but_clients) = (state.clock.now(), !admin.user.is_superuser);
    let Some(loose) = target.loose(but_clients) else {
        return Ok(false);
    };
    if loose.is_nothing() {
        return Ok(true);
    }
    let lives = token_lives(&state.settings);
    let actor = &admin.user.username;
    let known = state.store.known_of_everyone(actor, lives, now);
    Ok(loose.leaves_nobody_out(&known.await?, but_clients, now))
}

fn token_lives(settings: &Settings) -> TokenLives {
    let sliding = settings.sliding_token_lifetime;
    TokenLives {
        access: settings.access_token_lifetime.get(),
        refresh: settings.refresh_token_lifetime.get(),
        sliding: settings
            .sliding_token_refresh_lifetime
            .get()
            .max(sliding.get()),
        admin: settings.admin_session_lifetime.get(),
    }
}

fn is_chosen(target: &Target) -> bool {
    matches!(target, Target::Filter(filter) if filter.ids.is_some())
}

/// The filter as a form carries it; `None` where no address says it, however the form was made up.
fn can_be_asked(target: &Target) -> Option<String> {
    if !could_be_read(target) {
        return None;
    }
    match target {
        Target::Filter(filter) => serde_json::to_string(filter).ok(),
        Target::Tokens(tokens) => serde_json::to_string(tokens).ok(),
        _ => None,
    }
}
