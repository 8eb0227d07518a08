//! Which rows of a list match: where to walk, and what to look at there. It knows how far a look may go, and asks no database.

use super::{Bind, LOOK_UPS, ROWS, Sql};

/// Which rows of a list match.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Conditions on the table `t` that an index answers in the list's order, each by a walk of its own; a row fulfils one
    /// at most. None: there is nothing to walk along.
    pub walks: Vec<Sql>,
    /// Conditions that a row answers by itself.
    pub row: Vec<Sql>,
    /// Conditions that lead to other tables: subqueries of one value, so that no planner makes a join of them.
    pub look_ups: Vec<Sql>,
}

impl Scope {
    /// Every row.
    #[must_use]
    pub fn all() -> Self {
        Self::along([Sql::new("true")])
    }

    /// The rows along these walks.
    #[must_use]
    pub fn along(walks: impl IntoIterator<Item = Sql>) -> Self {
        Self {
            walks: walks.into_iter().collect(),
            row: Vec::new(),
            look_ups: Vec::new(),
        }
    }

    /// Shortens every walk by conditions that the same index answers.
    pub fn within(&mut self, conditions: impl IntoIterator<Item = Sql>) {
        for condition in conditions {
            for walk in &mut self.walks {
                *walk = std::mem::take(walk).push(" and ").add(condition.clone());
            }
        }
    }

    /// What a row of a walk must fulfil; `None` when every row matches.
    pub(in crate::store) fn conditions(&self) -> Option<Sql> {
        let all: Vec<_> = self.row.iter().chain(&self.look_ups).cloned().collect();
        (!all.is_empty()).then(|| Sql::join(all, " and "))
    }

    /// How many rows each walk looks at; `None` when every row matches.
    pub(super) fn budget(&self) -> Option<i64> {
        self.rows_to_look_at().map(|all| self.share(all))
    }

    /// How many rows all walks together look at; `None` when every row matches.
    pub(super) fn rows_to_look_at(&self) -> Option<i64> {
        match (self.row.is_empty(), self.look_ups.is_empty()) {
            (true, true) => None,
            (false, true) => Some(ROWS),
            (_, false) => Some(LOOK_UPS),
        }
    }

    /// How many of so many rows are each walk's.
    pub(in crate::store) fn share(&self, all: i64) -> i64 {
        let walks = i64::try_from(self.walks.len()).unwrap_or(i64::MAX);
        all / walks.max(1)
    }
}

/// A condition that a column of `t` lies between two values, both optional: `column` is `t.id >= ` and `t.id < `.
pub(in crate::store) fn bound(
    [from, until]: [&'static str; 2],
    first: Option<impl Into<Bind>>,
    end: Option<impl Into<Bind>>,
) -> impl Iterator<Item = Sql> {
    let first = first.map(|value| Sql::new(from).bind(value));
    let end = end.map(|value| Sql::new(until).bind(value));
    first.into_iter().chain(end)
}
