//! What an answer means for the session. Pure, and deliberately hard to convince: only the server's clear word ends
//! a session; silence, overload, a proxy's error page or a captive portal mean *later*.

use serde::Deserialize;

use super::ending::Ending;
use super::world::{Reply, Unreachable};
use crate::api::{ErrorBody, Refreshed, TOKEN_NOT_VALID, TokenPair};

/// Why a call did not succeed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failure {
    /// Nothing is lost: try again, `after` so many seconds if the server said.
    TryLater {
        /// What is in the way.
        trouble: Trouble,
        /// The server's `Retry-After`, in seconds.
        after: Option<u64>,
    },
    /// There is no session any more.
    Ended(Ending),
    /// The server objects; trying again would not help.
    Rejected(String),
}

/// What is in the way of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// Nobody answers.
    Unreachable,
    /// Too many requests.
    Busy,
    /// The server is not well.
    Failing,
}

/// Why signing in did not succeed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SignInFailure {
    /// A field is not right.
    Fields {
        /// What is wrong with the username.
        username: Option<String>,
        /// What is wrong with the password.
        password: Option<String>,
    },
    /// These credentials open nothing, in the server's words.
    Wrong(String),
    /// Try again, `after` so many seconds if the server said.
    TryLater {
        /// What is in the way.
        trouble: Trouble,
        /// The server's `Retry-After`, in seconds.
        after: Option<u64>,
    },
}

/// What the answer to a protected call means.
pub enum Verdict {
    /// Here it is.
    Fine(String),
    /// The access token is not accepted: renew it.
    Stale,
    /// It did not succeed.
    Failed(Failure),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FieldErrors {
    username: Vec<String>,
    password: Vec<String>,
}

impl Failure {
    /// The server answered something that is not what was asked for.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::Rejected("The server's answer could not be understood.".to_owned())
    }
}

impl Trouble {
    /// What is the matter, in words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Trouble::Unreachable => "The server can not be reached.",
            Trouble::Busy => "The server asks for a pause.",
            Trouble::Failing => "The server has a problem just now.",
        }
    }
}

/// The answer to a protected call.
pub fn of_call(answer: Result<Reply, Unreachable>) -> Verdict {
    let reply = match settled(answer) {
        Ok(reply) => reply,
        Err((trouble, after)) => return Verdict::Failed(Failure::TryLater { trouble, after }),
    };
    if is_success(reply.status) {
        return Verdict::Fine(reply.body);
    }
    let error = error_of(&reply);
    let code = error.code.as_deref().unwrap_or_default();
    Verdict::Failed(match (reply.status, code) {
        (401, TOKEN_NOT_VALID) => return Verdict::Stale,
        (401, "user_inactive") => Failure::Ended(Ending::UserDisabled),
        (401, "user_not_found") => Failure::Ended(Ending::UserGone),
        (401, "password_changed") => Failure::Ended(Ending::Password),
        _ => Failure::Rejected(error.detail),
    })
}

/// The answer to a refresh.
pub fn of_refresh(answer: Result<Reply, Unreachable>) -> Result<Refreshed, Failure> {
    let reply = settled(answer).map_err(|(trouble, after)| Failure::TryLater { trouble, after })?;
    match reply.status {
        200 => serde_json::from_str(&reply.body).map_err(|_| not_the_server()),
        400 | 401 => Err(Failure::Ended(ending_of(&reply))),
        _ => Err(not_the_server()),
    }
}

/// The answer to a login.
pub fn of_sign_in(answer: Result<Reply, Unreachable>) -> Result<TokenPair, SignInFailure> {
    let reply =
        settled(answer).map_err(|(trouble, after)| SignInFailure::TryLater { trouble, after })?;
    match reply.status {
        200 => serde_json::from_str(&reply.body).map_err(|_| SignInFailure::TryLater {
            trouble: Trouble::Failing,
            after: None,
        }),
        400 => {
            Err(fields_of(&reply).unwrap_or_else(|| SignInFailure::Wrong(error_of(&reply).detail)))
        }
        _ => Err(SignInFailure::Wrong(error_of(&reply).detail)),
    }
}

/// Whether the server has heard a logout: a token it refuses is as dead as one it has just blacklisted.
pub fn heard_logout(answer: Result<Reply, Unreachable>) -> bool {
    settled(answer).is_ok_and(|reply| is_success(reply.status) || reply.status == 401)
}

/// The reply, unless it only says that now is not the time.
fn settled(answer: Result<Reply, Unreachable>) -> Result<Reply, (Trouble, Option<u64>)> {
    let reply = answer.map_err(|Unreachable| (Trouble::Unreachable, None))?;
    match reply.status {
        429 => Err((Trouble::Busy, reply.retry_after)),
        500.. => Err((Trouble::Failing, reply.retry_after)),
        _ => Ok(reply),
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

fn not_the_server() -> Failure {
    Failure::TryLater {
        trouble: Trouble::Failing,
        after: None,
    }
}

fn ending_of(reply: &Reply) -> Ending {
    if let Some(word) = &reply.ended {
        return Ending::from_word(word);
    }
    match error_of(reply).detail.as_str() {
        "Token is expired" => Ending::Expired,
        _ => Ending::Refused,
    }
}

fn error_of(reply: &Reply) -> ErrorBody {
    serde_json::from_str(&reply.body).unwrap_or_else(|_| ErrorBody {
        detail: format!("The server answered with status {}.", reply.status),
        code: None,
    })
}

fn fields_of(reply: &Reply) -> Option<SignInFailure> {
    let errors: FieldErrors = serde_json::from_str(&reply.body).ok()?;
    let username = errors.username.into_iter().next();
    let password = errors.password.into_iter().next();
    (username.is_some() || password.is_some())
        .then_some(SignInFailure::Fields { username, password })
}

#[cfg(test)]
mod tests;
