//! What the lists share: their address's parameters, the search form and the pager.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;

use super::page::Section;
use super::refusal;
use crate::store::Direction;

/// The parameters of an address. Never refused: what is not understood is not there.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// A parameter's value, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, value)| value)
    }

    /// All values of a parameter.
    pub fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p str> {
        let name = name.to_owned();
        self.iter()
            .filter(move |(n, _)| **n == *name)
            .map(|(_, value)| value)
    }

    /// All there are, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Which page of a list is asked for; `read` reads the key a page is cut by.
    pub fn direction<K>(&self, read: impl Fn(&str) -> Option<K>) -> Direction<K> {
        match (read(self.get("before")), read(self.get("after"))) {
            (Some(key), _) => Direction::OlderThan(key),
            (None, Some(key)) => Direction::NewerThan(key),
            (None, None) => Direction::Newest,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

/// The `{id}` in an address. What can not be one leads to the page that says so.
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(refusal::not_found().await),
        }
    }
}

/// A path with parameters; those without a value are left out.
#[must_use]
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given)
        .finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The form that searches a list.
pub fn search(section: Section, text: &str) -> impl IntoView + use<> {
    let text = text.to_owned();
    let clear = (!text.is_empty())
        .then(|| view! { <a class="btn btn--quiet" href=section.path()>"Show all"</a> });
    view! {
        <form class="search" method="get" action=section.path() role="search">
            <div class="field">
                <label for="q">{section.searched()}</label>
                <input id="q" name="q" type="search" value=text autocapitalize="none" spellcheck="false" />
            </div>
            <button class="btn">"Search"</button>
            {clear}
        </form>
    }
}

/// Links to the pages before and after this one, by the keys of its edges.
pub fn pager(
    section: Section,
    search: &str,
    (newer, older): (Option<String>, Option<String>),
) -> impl IntoView + use<> {
    let link = |label: &'static str, rel: &'static str, name: &str, key: Option<String>| {
        key.map(|key| {
            let href = address(section.path(), &[("q", search), (name, &key)]);
            view! { <a class="btn btn--quiet" rel=rel href=href>{label}</a> }
        })
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {link("← Newer", "prev", "after", newer)} {link("Older →", "next", "before", older)}
        </nav>
    }
}

/// What a list shows when nothing matches.
pub fn nothing(search: &str) -> impl IntoView + use<> {
    let text = match search {
        "" => "Nothing here yet.".to_owned(),
        search => format!("Nothing matches \u{201c}{search}\u{201d}."),
    };
    view! { <p class="empty">{text}</p> }
}
