//! A form of the admin as a browser sends it: pairs in their order, names that come more than once included. It has no
//! `Debug`: passwords are among its values.

use axum::extract::{FromRequest, Request};
use axum::response::Response;

use super::refusal;
use crate::api::form_of;
use crate::state::AppState;

/// What was filled in.
#[derive(Clone, Default)]
pub struct Form(Vec<(String, String)>);

impl FromRequest<AppState> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let pairs = form_of(&parts.headers, body).await;
        pairs.map(Self).map_err(|error| refusal::page(&error))
    }
}

impl Form {
    /// A form of these pairs.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The last value of a name, or nothing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let last = self.0.iter().rev().find(|(given, _)| given == name);
        last.map_or("", |(_, value)| value)
    }

    /// Every value of a name, in their order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(given, _)| given == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Whether a box of this name was ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Takes a name out; answers its last value, if it had any that was not empty.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let (taken, rest) = std::mem::take(&mut self.0)
            .into_iter()
            .partition::<Vec<_>, _>(|(given, _)| given == name);
        self.0 = rest;
        let last = taken.into_iter().next_back();
        last.map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }

    /// What may stand in a page again, and the names of what may not, each once: passwords.
    #[must_use]
    pub fn split(self) -> (Vec<(String, String)>, Vec<String>) {
        let (secret, open): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|(name, _)| is_secret(name));
        let mut names: Vec<_> = secret.into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        (open, names)
    }
}

/// Whether a field's name says that it holds a password.
fn is_secret(name: &str) -> bool {
    name.to_ascii_lowercase().contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Form::new(pairs.iter().map(owned).collect())
    }

    #[test]
    fn a_name_may_come_more_than_once() {
        let mut form = form(&[("id", "1"), ("reason", "x"), ("id", "2"), ("on", "")]);
        assert_eq!(form.all("id").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((form.get("id"), form.get("nothing")), ("2", ""));
        assert!(form.is_ticked("reason") && !form.is_ticked("on"));
        assert_eq!(form.take("id").as_deref(), Some("2"));
        assert_eq!(form.take("id"), None);
        assert_eq!(form.get("reason"), "x");
    }

    #[test]
    fn no_password_stands_in_a_page_again() {
        let form = form(&[
            ("username", "eva"),
            ("password", "a secret"),
            ("Password", "another"),
            ("old_password", "a third"),
            ("password", "a fourth"),
        ]);
        let (open, names) = form.split();
        assert_eq!(open, [("username".to_owned(), "eva".to_owned())]);
        assert_eq!(names, ["Password", "old_password", "password"]);
    }
}
