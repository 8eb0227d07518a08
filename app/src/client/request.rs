//! What goes over the wire, and what comes back, without saying how: a request, a reply, or nobody.

use std::borrow::Cow;

use super::wire::{COOKIE, SESSION_COOKIE};

/// What to ask of the server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// Where to.
    pub path: Cow<'static, str>,
    /// What to do there.
    pub deed: Deed,
    /// What to do about cookies.
    pub cookies: Cookies,
}

/// The method of a request, with what it carries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Deed {
    /// `GET`.
    Get,
    /// `POST` of a JSON body.
    Post(String),
    /// `PATCH` with a JSON body.
    Patch(String),
    /// `DELETE`.
    Delete,
}

/// What a request does about cookies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cookies {
    /// None is sent, and none is taken.
    None,
    /// One that comes back is kept: a server may know no other way to hand out a refresh token.
    Taken,
    /// The refresh token shall travel in one: the request says so in [`super::wire::REFRESH_TRANSPORT`].
    Wanted,
    /// The same, and the browser shall forget it when it is closed.
    WantedUntilClosed,
}

impl Cookies {
    /// What the request says in [`super::wire::REFRESH_TRANSPORT`], if anything.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Taken => None,
            Self::Wanted => Some(COOKIE),
            Self::WantedUntilClosed => Some(SESSION_COOKIE),
        }
    }
}

/// An answer of the server, or of whatever stands in front of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The body, as text.
    pub body: String,
    /// The response header [`super::wire::SESSION_ENDED`].
    pub ended: Option<String>,
    /// The response header `Retry-After`, in seconds; a date there is not understood.
    pub retry_after: Option<u64>,
}

/// No answer came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unreachable;

impl Request {
    /// `GET path`.
    #[must_use]
    pub fn get(path: impl Into<Cow<'static, str>>) -> Self {
        Self::new(path.into(), Deed::Get)
    }

    /// `POST path` with a JSON body.
    #[must_use]
    pub fn post(path: &'static str, json: String) -> Self {
        Self::new(path.into(), Deed::Post(json))
    }

    /// `PATCH path` with a JSON body.
    #[must_use]
    pub fn patch(path: String, json: String) -> Self {
        Self::new(path.into(), Deed::Patch(json))
    }

    /// `DELETE path`.
    #[must_use]
    pub fn delete(path: String) -> Self {
        Self::new(path.into(), Deed::Delete)
    }

    /// The same request, with something to say about cookies.
    #[must_use]
    pub fn with(self, cookies: Cookies) -> Self {
        Self { cookies, ..self }
    }

    fn new(path: Cow<'static, str>, deed: Deed) -> Self {
        Self {
            path,
            deed,
            cookies: Cookies::None,
        }
    }
}
