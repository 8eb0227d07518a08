//! The tokens of a session as the tree they grew into: each under the one it was issued for. Pure, and without
//! recursion: a session may be refreshed ten thousand times. It judges nothing but order; a token whose parent is not
//! among the tokens given is a root.

use std::collections::HashMap;

use crate::clock::UnixSeconds;
use crate::token::{Generation, TokenType};

/// A token of a session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TreeToken {
    /// The number of its row; grows in the order of issue.
    pub id: i64,
    /// The number of the token it was issued for; `None` for what a login issued first.
    pub parent: Option<i64>,
    /// The generation it belongs to.
    pub generation: Generation,
    /// `access`, `refresh`, and what else there may be.
    pub token_type: String,
    /// Its name.
    pub jti: String,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// When it stops, or stopped, being valid.
    pub expires_at: UnixSeconds,
    /// What became of it.
    pub state: TokenState,
    /// The address it was issued to.
    pub ip: String,
}

/// What became of a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TokenState {
    /// It may be used.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked or spent before its time; the word for why.
    Blacklisted(String),
}

impl TokenState {
    /// The state of a token that was blacklisted for `reason`, if it was. That a token was revoked stays true when its
    /// time is over, too.
    #[must_use]
    pub fn of(reason: Option<String>, expires_at: UnixSeconds, now: UnixSeconds) -> Self {
        match reason {
            Some(reason) => Self::Blacklisted(reason),
            None if expires_at <= now => Self::Expired,
            None => Self::Active,
        }
    }
}

/// Tokens, children under their parent.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    tokens: Vec<TreeToken>,
    /// The places of the children of the token at each place, in order of issue.
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

/// A token where it stands in a tree that is read from the top.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Branch<'t> {
    /// How far it stands from the left. The successor of a refresh token stands where that does, so that a session that
    /// was refreshed a thousand times is a thousand lines long and not as wide.
    pub depth: usize,
    /// The token.
    pub token: &'t TreeToken,
}

impl Tree {
    /// Puts every token under its parent.
    #[must_use]
    pub fn new(mut tokens: Vec<TreeToken>) -> Self {
        tokens.sort_by_key(|token| token.id);
        let places: HashMap<_, _> = tokens.iter().zip(0..).map(|(t, n)| (t.id, n)).collect();
        let mut tree = Self {
            children: vec![Vec::new(); tokens.len()],
            roots: Vec::new(),
            tokens,
        };
        for (place, token) in tree.tokens.iter().enumerate() {
            // A parent is older than its child; whatever says otherwise could make a circle.
            let parent = token.parent.and_then(|id| places.get(&id).copied());
            match parent.filter(|parent| *parent < place) {
                Some(parent) => tree.children[parent].push(place),
                None => tree.roots.push(place),
            }
        }
        tree
    }

    /// How many tokens it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// How many of its tokens have no parent in it: one, unless a fork outlived it.
    #[must_use]
    pub fn roots(&self) -> usize {
        self.roots.len()
    }

    /// Every token after its parent: what was issued for it first, its successor last.
    #[must_use]
    pub fn branches(&self) -> Vec<Branch<'_>> {
        let mut found = Vec::with_capacity(self.tokens.len());
        // What is still to be read, the next one last.
        let mut ahead: Vec<_> = self.roots.iter().rev().map(|root| (*root, 0)).collect();
        while let Some((place, depth)) = ahead.pop() {
            let token = &self.tokens[place];
            found.push(Branch { depth, token });
            let children = &self.children[place];
            let successor = children
                .iter()
                .rposition(|child| self.succeeds(place, *child));
            if let Some(successor) = successor {
                ahead.push((children[successor], depth));
            }
            let others = children.iter().enumerate().rev();
            let others = others.filter(|(n, _)| Some(*n) != successor);
            ahead.extend(others.map(|(_, child)| (*child, depth + 1)));
        }
        found
    }

    /// A token that may itself be refreshed, and took the place of one that could.
    fn succeeds(&self, parent: usize, child: usize) -> bool {
        let access = TokenType::Access.as_str();
        self.tokens[parent].token_type != access && self.tokens[child].token_type != access
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: i64, parent: Option<i64>, token_type: &str) -> TreeToken {
        TreeToken {
            id,
            parent,
            generation: Generation(0),
            token_type: token_type.to_owned(),
            jti: format!("jti-{id}"),
            issued_at: id,
            expires_at: id + 10,
            state: TokenState::Active,
            ip: String::new(),
        }
    }

    fn read(tree: &Tree) -> Vec<(i64, usize)> {
        let branches = tree.branches();
        let shown = branches
            .iter()
            .map(|branch| (branch.token.id, branch.depth));
        shown.collect()
    }

    #[test]
    fn a_successor_follows_all_that_its_predecessor_was_good_for() {
        let tree = Tree::new(vec![
            token(1, None, "refresh"),
            token(2, Some(1), "access"),
            token(3, Some(1), "refresh"),
            token(4, Some(3), "access"),
            token(5, Some(3), "access"),
            token(6, Some(1), "access"),
        ]);
        let expected = [(1, 0), (2, 1), (6, 1), (3, 0), (4, 1), (5, 1)];
        assert_eq!(read(&tree), expected);
        assert_eq!((tree.len(), tree.roots()), (6, 1));
    }

    #[test]
    fn a_fork_stands_beside_the_branch_that_went_on_last() {
        let tree = Tree::new(vec![
            token(1, None, "refresh"),
            token(2, Some(1), "refresh"),
            token(3, Some(2), "refresh"),
            token(4, Some(1), "refresh"),
        ]);
        assert_eq!(read(&tree), [(1, 0), (2, 1), (3, 1), (4, 0)]);
    }

    #[test]
    fn what_has_lost_its_parent_is_a_root_and_no_circle_is_followed() {
        let tree = Tree::new(vec![
            token(7, Some(5), "refresh"),
            token(8, Some(7), "access"),
            token(9, Some(9), "refresh"),
            token(10, Some(11), "refresh"),
            token(11, Some(10), "refresh"),
        ]);
        assert_eq!(tree.roots(), 3);
        assert_eq!(read(&tree), [(7, 0), (8, 1), (9, 0), (10, 0), (11, 0)]);
    }

    #[test]
    fn ten_thousand_generations_need_no_stack() {
        let chain = (1..=10_000).map(|id| token(id, Some(id - 1), "refresh"));
        let chain = Tree::new(chain.collect()).branches().len();
        let stairs = (1..=10_000).map(|id| token(id, Some(id - 1), "access"));
        let stairs = Tree::new(stairs.collect());
        assert_eq!((chain, stairs.branches().len()), (10_000, 10_000));
        assert_eq!(stairs.branches().last().map(|last| last.depth), Some(9_999));
    }

    #[test]
    fn a_token_that_was_revoked_stays_so_when_its_time_is_over() {
        let of = |reason: Option<&str>, exp| TokenState::of(reason.map(str::to_owned), exp, 100);
        assert_eq!(of(None, 101), TokenState::Active);
        assert_eq!(of(None, 100), TokenState::Expired);
        assert_eq!(
            of(Some("logout"), 50),
            TokenState::Blacklisted("logout".into())
        );
    }
}
