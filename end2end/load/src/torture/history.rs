//! What happened, as the clients saw it: plain facts with times of one monotonic clock. It judges nothing.

use std::sync::Arc;

/// Microseconds since the run began.
pub type Micros = u64;

/// What was asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Action {
    /// `POST /api/token/`: a session begins.
    Login,
    /// `POST /api/token/refresh/`.
    Refresh,
    /// `GET /api/users/` with an access token.
    Users,
    /// `POST /api/token/verify/` of an access token.
    Verify,
    /// `POST /api/token/blacklist/`: the session ends.
    Logout,
    /// An admin ends the session.
    AdminEnd,
    /// The operator changes the user's password: all sessions of the user end.
    Password,
    /// The operator shuts the user out: all sessions of the user end.
    Deactivate,
    /// The server is killed; over when the process is gone.
    Kill,
    /// The server is asked to stop; over when the process is gone.
    Stop,
    /// The database does not do what the server wants.
    Outage,
}

/// What the payload of a token says, and a fingerprint of its compact form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The session.
    pub sid: Arc<str>,
    /// The generation.
    pub generation: i64,
    /// Its name.
    pub jti: Arc<str>,
    /// When it was issued, in unix seconds.
    pub iat: i64,
    /// When it stops being valid, in unix seconds.
    pub exp: i64,
    /// A hash of the compact form: two tokens with the same one are the same byte for byte.
    pub fingerprint: u64,
}

/// The tokens of an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pair {
    /// The refresh token; the successor, after a refresh.
    pub refresh: Token,
    /// The access token.
    pub access: Token,
}

/// What came of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was done; the tokens that were answered.
    Accepted(Option<Box<Pair>>),
    /// It was refused, by a status below 500.
    Refused {
        /// The status.
        status: u16,
        /// The header `jotward-session-ended`.
        ended: Option<String>,
    },
    /// The server could not say, by a status of 500 or above.
    Failed {
        /// The status.
        status: u16,
        /// Whether there was a header `Retry-After`.
        retry_after: bool,
    },
    /// The request left and no answer was read.
    Unknown,
    /// The request did not leave.
    NotSent,
}

/// One thing that was asked.
#[derive(Clone, Debug)]
pub struct Event {
    /// The client that asked.
    pub client: usize,
    /// The user it asked for.
    pub user: usize,
    /// Its header `User-Agent`: its device.
    pub agent: Arc<str>,
    /// Before the request left.
    pub start: Micros,
    /// After the answer was read, or given up.
    pub end: Micros,
    /// What was asked.
    pub action: Action,
    /// The token that was presented; of an admin's end, one of the session that is to end.
    pub presented: Option<Token>,
    /// What came of it.
    pub outcome: Outcome,
}

impl Event {
    /// Something that concerns everybody and was no request.
    #[must_use]
    pub fn of_all(action: Action, start: Micros, end: Micros) -> Self {
        Self {
            client: usize::MAX,
            user: usize::MAX,
            agent: "".into(),
            start,
            end,
            action,
            presented: None,
            outcome: Outcome::Accepted(None),
        }
    }

    /// Whether it was done.
    #[must_use]
    pub fn accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted(_))
    }

    /// Whether it was refused.
    #[must_use]
    pub fn refused(&self) -> bool {
        matches!(self.outcome, Outcome::Refused { .. })
    }

    /// Whether it may have had an effect nobody was told of.
    #[must_use]
    pub fn unknown(&self) -> bool {
        matches!(self.outcome, Outcome::Unknown | Outcome::Failed { .. })
    }

    /// The tokens that were answered.
    #[must_use]
    pub fn answered(&self) -> Option<&Pair> {
        match &self.outcome {
            Outcome::Accepted(pair) => pair.as_deref(),
            _ => None,
        }
    }

    /// The generation that was presented.
    #[must_use]
    pub fn generation(&self) -> Option<i64> {
        self.presented.as_ref().map(|token| token.generation)
    }

    /// The session it concerns: the one presented, or the one that was opened.
    #[must_use]
    pub fn sid(&self) -> Option<&Arc<str>> {
        let opened = || self.answered().map(|pair| &pair.refresh);
        self.presented
            .as_ref()
            .or_else(opened)
            .map(|token| &token.sid)
    }
}
