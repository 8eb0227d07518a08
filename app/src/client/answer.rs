//! What an answer means for the session. Pure, and deliberately hard to convince: only the server's clear word ends
//! a session; silence, overload, a proxy's error page or a captive portal mean *later*.

use super::ending::Ending;
use super::json::Json;
use super::request::{Reply, Unreachable};
use super::wire::{TOKEN_NOT_VALID, Tokens};

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
    /// These credentials open nothing.
    Wrong,
    /// The server objects to something else, in its words.
    Rejected(String),
    /// Try again, `after` so many seconds if the server said.
    TryLater {
        /// What is in the way.
        trouble: Trouble,
        /// The server's `Retry-After`, in seconds.
        after: Option<u64>,
    },
}

/// Whether the server knows that somebody signed out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Farewell {
    /// It does: no token of the session opens anything any more.
    Heard,
    /// It does not, and can not be told from here: this browser has forgotten the session, the server has not.
    Unheard,
    /// It did not answer, and will be told when it can be.
    Owed,
    /// It was not asked: somebody else is signed in here by now.
    Another,
}

impl Farewell {
    /// What to say of it.
    #[must_use]
    pub fn ending(self) -> Ending {
        match self {
            Self::Heard => Ending::Logout,
            Self::Unheard => Ending::LogoutUnheard,
            Self::Owed => Ending::LogoutOwed,
            Self::Another => Ending::Another,
        }
    }
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

    /// The same, and when to try again: `after` so many seconds if the server said.
    #[must_use]
    pub fn with_advice(self, after: Option<u64>) -> String {
        let when = match after {
            None => "Please try again in a moment.".to_owned(),
            Some(0 | 1) => "Please try again in a second.".to_owned(),
            Some(seconds) if seconds < 120 => {
                ["Please try again in ", &seconds.to_string(), " seconds."].concat()
            }
            Some(seconds) => [
                "Please try again in ",
                &seconds.div_ceil(60).to_string(),
                " minutes.",
            ]
            .concat(),
        };
        [self.sentence(), " ", &when].concat()
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
    let problem = Json::read(&reply.body);
    let code = problem.text("code").unwrap_or_default();
    Verdict::Failed(match (reply.status, code) {
        (401, TOKEN_NOT_VALID) => return Verdict::Stale,
        (401, "user_inactive") => Failure::Ended(Ending::UserDisabled),
        (401, "user_not_found") => Failure::Ended(Ending::UserGone),
        (401, "password_changed") => Failure::Ended(Ending::Password),
        _ => Failure::Rejected(sentence(&problem, reply.status)),
    })
}

/// The answer to a refresh.
pub fn of_refresh(answer: Result<Reply, Unreachable>) -> Result<Tokens, Failure> {
    let reply = settled(answer).map_err(|(trouble, after)| Failure::TryLater { trouble, after })?;
    match reply.status {
        200 => Tokens::read(&reply.body).ok_or_else(not_the_server),
        400 | 401 if speaks_for_the_api(&reply) => Err(Failure::Ended(ending_of(&reply))),
        _ => Err(not_the_server()),
    }
}

/// The answer to a login.
pub fn of_sign_in(answer: Result<Reply, Unreachable>) -> Result<Tokens, SignInFailure> {
    let reply =
        settled(answer).map_err(|(trouble, after)| SignInFailure::TryLater { trouble, after })?;
    match reply.status {
        200 => Tokens::read(&reply.body).ok_or(SignInFailure::TryLater {
            trouble: Trouble::Failing,
            after: None,
        }),
        status => Err(refusal_of_sign_in(&Json::read(&reply.body), status)),
    }
}

fn refusal_of_sign_in(problem: &Json, status: u16) -> SignInFailure {
    let about = |field| problem.text(field).map(str::to_owned);
    let (username, password) = (about("username"), about("password"));
    if username.is_some() || password.is_some() {
        SignInFailure::Fields { username, password }
    } else if status == 401 && problem.text("detail").is_some() {
        SignInFailure::Wrong
    } else {
        SignInFailure::Rejected(sentence(problem, status))
    }
}

/// What the answer to a logout means. A token that is refused because the session is over, or because its time is, is as good;
/// one that is refused as spent is not: its successor, whose answer was lost, lives on.
pub fn of_logout(answer: Result<Reply, Unreachable>) -> Farewell {
    let Ok(reply) = settled(answer) else {
        return Farewell::Owed;
    };
    match reply.status {
        200 if reply.body.trim() == "{}" => Farewell::Heard,
        401 if reply.ended.is_some() || ending_of(&reply) == Ending::Expired => Farewell::Heard,
        400 | 401 if speaks_for_the_api(&reply) => Farewell::Unheard,
        _ => Farewell::Owed,
    }
}

/// The reply, unless it only says that now is not the time.
pub(super) fn settled(answer: Result<Reply, Unreachable>) -> Result<Reply, (Trouble, Option<u64>)> {
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

/// Whether a refusal is in the API's words; a proxy or a portal has its own.
fn speaks_for_the_api(reply: &Reply) -> bool {
    let problem = Json::read(&reply.body);
    let is_said = |name| problem.text(name).is_some();
    reply.ended.is_some() || is_said("detail") || is_said("refresh")
}

fn ending_of(reply: &Reply) -> Ending {
    if let Some(word) = &reply.ended {
        return Ending::from_word(word);
    }
    match Json::read(&reply.body).text("detail") {
        Some("Token is expired") => Ending::Expired,
        _ => Ending::Refused,
    }
}

fn sentence(problem: &Json, status: u16) -> String {
    let said = ["detail", "password", "old_password", "new_password"];
    let said = said.iter().find_map(|name| problem.text(name));
    said.map_or_else(
        || ["The server answered with status ", &status.to_string(), "."].concat(),
        str::to_owned,
    )
}

#[cfg(test)]
mod tests;
