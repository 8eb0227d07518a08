//! Which part of the list of users a request asks for, and the link to what follows.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::AppendHeaders;
use form_urlencoded::{Serializer, parse};

use crate::error::{Error, Result};
use crate::state::AppState;

/// The most users on a page.
const MOST: usize = 100;

/// What is asked for.
#[derive(Debug)]
pub enum Asked {
    /// The list, whole.
    All,
    /// A page of it.
    Page(Page),
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// What a name or an e-mail address begins with.
    pub search: Option<String>,
    /// It begins behind this number.
    pub after: i64,
    /// The most users on it: 1 to [`MOST`].
    pub limit: usize,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self> {
        let query = parts.uri.query().unwrap_or_default();
        let value = |name: &str| {
            let mut pairs = parse(query.as_bytes());
            pairs.find_map(|(key, value)| (key == name).then_some(value))
        };
        let (search, after, limit) = (value("search"), value("after"), value("limit"));
        if search.is_none() && after.is_none() && limit.is_none() {
            return Ok(Self::All);
        }
        Ok(Self::Page(Page {
            search: search.as_deref().and_then(words),
            after: number("after", after, 0, 0..=i64::MAX)?,
            limit: number("limit", limit, MOST, 1..=MOST)?,
        }))
    }
}

impl Page {
    /// The header that leads on behind the user of the number `last`.
    pub fn link_to(&self, last: i64) -> Option<AppendHeaders<[(HeaderName, HeaderValue); 1]>> {
        let mut query = Serializer::new(String::new());
        if let Some(search) = &self.search {
            query.append_pair("search", search);
        }
        query.append_pair("limit", &self.limit.to_string());
        query.append_pair("after", &last.to_string());
        let link = format!("</api/users/?{}>; rel=\"next\"", query.finish());
        let link = HeaderValue::try_from(link).ok()?; // percent-encoded, so it always is one
        Some(AppendHeaders([(header::LINK, link)]))
    }
}

/// What was typed; no text on record has a NUL, and none is a search for everybody.
fn words(text: &str) -> Option<String> {
    let text = text.trim().replace('\0', "\u{fffd}");
    (!text.is_empty()).then_some(text)
}

fn number<N: std::str::FromStr + PartialOrd>(
    name: &'static str,
    text: Option<Cow<'_, str>>,
    unless_given: N,
    within: std::ops::RangeInclusive<N>,
) -> Result<N> {
    let Some(text) = text else {
        return Ok(unless_given);
    };
    let number = text.parse().ok();
    number
        .filter(|number| within.contains(number))
        .ok_or_else(|| Error::field(name, "A valid number is required.".to_owned()))
}
