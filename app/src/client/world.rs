//! What the token client needs of the world around it, and the browser as that world. The client's rules are
//! written against the trait, so that they can be tried on any machine, against any misfortune.

use std::borrow::Cow;

use super::ending::Ending;
use super::session::Session;
use super::storage::{self, Keep};
use super::{lock, transport};
use crate::browser;

/// The world around one token client. All times are milliseconds of one local clock.
pub trait World: 'static {
    /// Whoever has it is alone, in all tabs; it is given back by being dropped.
    type Alone;

    /// The local clock.
    fn now(&self) -> u64;
    /// The session as stored right now.
    fn load(&self) -> Option<Session>;
    /// Stores a session just opened.
    fn open(&self, session: &Session, keep: Keep);
    /// Stores a newer state of the session, where the session is.
    fn replace(&self, session: &Session);
    /// Forgets the session, and remembers why.
    fn close(&self, ending: Ending);
    /// Waits until no other tab of this browser is renewing or signing out.
    async fn alone(&self) -> Self::Alone;
    /// Lets some time pass, in milliseconds.
    async fn pause(&self, milliseconds: u64);
    /// Sends one request and reads the whole answer.
    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable>;
}

/// What to ask of the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Where to.
    pub path: Cow<'static, str>,
    /// What to do there.
    pub deed: Deed,
}

/// The method of a request, with what it carries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Deed {
    /// `GET`.
    Get,
    /// `POST` of a JSON body.
    Post(String),
    /// `DELETE`.
    Delete,
}

/// An answer of the server, or of whatever stands in front of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The body, as text.
    pub body: String,
    /// The response header [`crate::api::SESSION_ENDED`].
    pub ended: Option<String>,
    /// The response header `Retry-After`, in seconds; a date there is not understood.
    pub retry_after: Option<u64>,
}

/// No answer came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unreachable;

/// The real thing.
pub struct Browser;

impl Request {
    /// `GET path`.
    pub fn get(path: &'static str) -> Self {
        Self {
            path: path.into(),
            deed: Deed::Get,
        }
    }

    /// `POST path` with a JSON body.
    pub fn post(path: &'static str, json: String) -> Self {
        Self {
            path: path.into(),
            deed: Deed::Post(json),
        }
    }

    /// `DELETE path`.
    pub fn delete(path: String) -> Self {
        Self {
            path: path.into(),
            deed: Deed::Delete,
        }
    }
}

impl World for Browser {
    type Alone = lock::Held;

    fn now(&self) -> u64 {
        browser::now()
    }

    fn load(&self) -> Option<Session> {
        storage::load()
    }

    fn open(&self, session: &Session, keep: Keep) {
        storage::open(session, keep);
    }

    fn replace(&self, session: &Session) {
        storage::replace(session);
    }

    fn close(&self, ending: Ending) {
        storage::close(ending);
    }

    async fn alone(&self) -> lock::Held {
        lock::alone().await
    }

    async fn pause(&self, milliseconds: u64) {
        browser::sleep(milliseconds).await;
    }

    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
        transport::send(request, bearer).await
    }
}
