//! Which part of the list is shown: what was searched for, and where its pages begin. One user more than fit is asked
//! for, to know whether there is another page.

use crate::api::ListedUser;
use crate::client;

/// The most users on a page.
pub const FIT: usize = 50;

/// A page of the list.
#[derive(Clone, Default)]
pub struct Part {
    /// What names and e-mail addresses are to begin with; empty for all.
    pub search: String,
    /// The last numbers on the pages before this one.
    before: Vec<i64>,
}

impl Part {
    /// The first page of a search.
    pub fn of(search: &str) -> Self {
        Self {
            search: search.trim().to_owned(),
            before: Vec::new(),
        }
    }

    /// The page after this one, whose last user has the number `last`.
    pub fn next(mut self, last: i64) -> Self {
        self.before.push(last);
        self
    }

    /// The page before this one.
    pub fn previous(mut self) -> Self {
        self.before.pop();
        self
    }

    /// Whether nothing is before it.
    pub fn is_first(&self) -> bool {
        self.before.is_empty()
    }

    /// Where it is to be had.
    pub fn address(&self) -> String {
        let mut address = ["/api/users/?limit=", &(FIT + 1).to_string()].concat();
        if let Some(last) = self.before.last() {
            address += "&after=";
            address += &last.to_string();
        }
        if !self.search.is_empty() {
            address += "&search=";
            address += &client::encode(&self.search);
        }
        address
    }

    /// Which of all users these are, in words; empty where there is nothing to tell apart.
    pub fn words(&self, users: &[ListedUser], has_more: bool) -> String {
        if users.is_empty() || (self.is_first() && !has_more) {
            return String::new();
        }
        let before = self.before.len() * FIT;
        let (first, last) = (before + 1, before + users.len());
        let rest = if has_more { "" } else { ", the last ones" };
        [
            "Users ",
            &first.to_string(),
            " to ",
            &last.to_string(),
            rest,
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(count: i64) -> Vec<ListedUser> {
        let user = |id| ListedUser {
            id,
            username: String::new(),
            email: String::new(),
        };
        (0..count).map(user).collect()
    }

    #[test]
    fn pages_are_found_again() {
        let first = Part::of(" ö&x ");
        assert_eq!(first.address(), "/api/users/?limit=51&search=%C3%B6%26x");
        let second = first.clone().next(70);
        assert_eq!(
            second.address(),
            "/api/users/?limit=51&after=70&search=%C3%B6%26x"
        );
        assert!(first.is_first() && !second.is_first());
        assert_eq!(second.previous().address(), first.address());
        assert_eq!(Part::default().previous().address(), "/api/users/?limit=51");
    }

    #[test]
    fn where_one_is_is_said_where_there_are_several_pages() {
        let first = Part::default();
        assert_eq!(first.words(&users(3), false), "");
        assert_eq!(first.words(&users(50), true), "Users 1 to 50");
        assert_eq!(
            first.next(50).words(&users(7), false),
            "Users 51 to 57, the last ones"
        );
        assert_eq!(Part::default().words(&[], false), "");
    }
}
