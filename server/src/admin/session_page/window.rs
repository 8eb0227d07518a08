//! Which generations of a long session are shown at once. Pure. A generation is shown whole, unless it alone is more than a
//! page: then its newest tokens are, and the page says so.

use crate::store::SessionToken;

/// How many generations a page has at most.
pub const GENERATIONS: usize = 50;

/// How many tokens a page has at most.
pub const TOKENS: usize = 120;

/// The generations that are shown.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Window<'t> {
    /// Their tokens, in the order of their issue.
    pub tokens: Vec<&'t SessionToken>,
    /// The newest generation of the page before this one in the order of time.
    pub older: Option<i64>,
    /// The newest generation of the page after it.
    pub newer: Option<i64>,
    /// The one generation that is shown has more tokens than a page.
    pub overflows: bool,
}

impl<'t> Window<'t> {
    /// Generation `upto` and those before it, of a session that is at `current`. `tokens` are in the order of their issue,
    /// and have the newest [`TOKENS`] of these generations.
    #[must_use]
    pub fn of(tokens: &'t [SessionToken], upto: i64, current: i64) -> Self {
        let asked = tokens.iter().rev().filter(|t| t.generation <= upto);
        let asked: Vec<_> = asked.take(TOKENS).collect();
        let is_cut = asked.len() == TOKENS;
        let mut generations: Vec<_> = asked.iter().map(|t| t.generation).collect();
        generations.sort_unstable_by(|a, b| b.cmp(a));
        generations.dedup();
        let last_on_record = generations.last().copied();
        if is_cut && generations.len() > 1 {
            generations.pop();
        }
        generations.truncate(GENERATIONS);
        let (Some(&newest), Some(&oldest)) = (generations.first(), generations.last()) else {
            return Self::default();
        };
        let mut shown: Vec<_> = asked;
        shown.retain(|t| t.generation >= oldest);
        shown.reverse();
        let has_older = last_on_record.is_some_and(|last| last < oldest) || is_cut && oldest > 0;
        let page = i64::try_from(GENERATIONS).unwrap_or(i64::MAX);
        Self {
            overflows: is_cut && generations.len() == 1 && last_on_record == Some(oldest),
            tokens: shown,
            older: has_older.then(|| oldest - 1),
            newer: (newest < current).then(|| (newest + page).min(current)),
        }
    }

    /// The oldest and the newest generation that are shown.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        let generations = || self.tokens.iter().map(|t| t.generation);
        Some((generations().min()?, generations().max()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many tokens of each generation, from the first to `last`.
    fn tokens(last: i64, of_each: usize) -> Vec<SessionToken> {
        let generations = (0..=last).flat_map(|n| std::iter::repeat_n(n, of_each));
        let numbered = (1..).zip(generations);
        numbered
            .map(|(id, generation)| SessionToken {
                id,
                generation,
                ..SessionToken::default()
            })
            .collect()
    }

    #[test]
    fn a_long_session_is_read_to_its_beginning_and_back() {
        let all = tokens(120, 2);
        let (mut upto, mut seen) = (120, Vec::new());
        let mut newer = Vec::new();
        loop {
            let window = Window::of(&all, upto, 120);
            assert!(window.tokens.is_sorted_by_key(|t| t.id));
            assert!(!window.overflows);
            seen.extend(window.span());
            newer.push(window.newer);
            match window.older {
                Some(older) => upto = older,
                None => break,
            }
        }
        assert_eq!(seen, [(71, 120), (21, 70), (0, 20)]);
        assert_eq!(newer, [None, Some(120), Some(70)]);
    }

    #[test]
    fn a_generation_is_shown_whole() {
        let all = tokens(9, 40);
        let window = Window::of(&all, 9, 9);
        assert_eq!((window.span(), window.older), (Some((8, 9)), Some(7)));
        assert_eq!((window.tokens.len(), window.overflows), (80, false));
    }

    #[test]
    fn a_generation_that_is_more_than_a_page_is_cut() {
        let all = tokens(1, 400);
        let window = Window::of(&all, 1, 1);
        assert_eq!((window.span(), window.older), (Some((1, 1)), Some(0)));
        assert_eq!((window.tokens.len(), window.overflows), (TOKENS, true));
        let first = Window::of(&all, 0, 1);
        assert_eq!(
            (first.older, first.newer, first.overflows),
            (None, Some(1), true)
        );
    }

    #[test]
    fn what_clean_up_left_of_a_session_is_all_there_is() {
        let all = tokens(3, 2).split_off(4);
        let window = Window::of(&all, 3, 3);
        assert_eq!((window.span(), window.older), (Some((2, 3)), None));
        assert_eq!(Window::of(&all, 1, 3), Window::default());
    }
}
