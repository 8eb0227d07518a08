//! What the lists share: their address's parameters, the search form and the pager.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use leptos::prelude::*;

use super::page::Section;

/// The parameters of an address. Never refused: what is not understood is not there.
#[derive(Clone, Debug, Default)]
pub struct Parameters(HashMap<String, String>);

impl Parameters {
    /// A parameter's value, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
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

/// The form that searches a list.
pub fn search(section: Section, text: &str) -> impl IntoView + use<> {
    let text = text.to_owned();
    let clear = (!text.is_empty())
        .then(|| view! { <a class="btn btn--quiet" href=section.path()>"Show all"</a> });
    view! {
        <form class="search" method="get" action=section.path() role="search">
            <div class="field">
                <label for="q">"Username or jti"</label>
                <input id="q" name="q" type="search" value=text autocapitalize="none" spellcheck="false" />
            </div>
            <button class="btn">"Search"</button>
            {clear}
        </form>
    }
}

/// Links to the pages before and after this one; `newer` and `older` are the keys they are cut by.
pub fn pager(
    section: Section,
    search: &str,
    newer: Option<String>,
    older: Option<String>,
) -> impl IntoView + use<> {
    let link = |label: &'static str, rel: &'static str, name: &str, key: Option<String>| {
        key.map(|key| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            if !search.is_empty() {
                query.append_pair("q", search);
            }
            let href = format!(
                "{}?{}",
                section.path(),
                query.append_pair(name, &key).finish()
            );
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
