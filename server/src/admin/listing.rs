//! Addresses: their parameters, the `{id}` in them, and how they are written.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;

use super::refusal;

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

/// What a list shows when nothing matches.
pub fn nothing(search: &str) -> impl IntoView + use<> {
    let text = match search {
        "" => "Nothing here yet.".to_owned(),
        search => format!("Nothing matches \u{201c}{search}\u{201d}."),
    };
    view! { <p class="empty">{text}</p> }
}
