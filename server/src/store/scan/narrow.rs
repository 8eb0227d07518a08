//! What narrows a list down: conditions that an index answers. The narrowest is walked along; of the others each row that
//! is met is asked.

use super::{Bind, Scope, Sql};

/// Any one of some conditions that an index answers, each by a walk of its own; a row fulfils one at most.
#[derive(Clone, Debug)]
pub struct Narrow(Vec<Sql>);

impl Narrow {
    /// This condition.
    #[must_use]
    pub fn to(condition: Sql) -> Self {
        Self(vec![condition])
    }

    /// Any of these; without one there is nothing.
    #[must_use]
    pub fn to_any(conditions: impl IntoIterator<Item = Sql>) -> Self {
        Self(conditions.into_iter().collect())
    }

    /// The rows with one of these values in a column, which is written with the `in`, such as `t.id in `.
    #[must_use]
    pub fn to_those_in<B: Into<Bind>>(
        column: &'static str,
        values: impl IntoIterator<Item = B>,
    ) -> Self {
        let mut values = values.into_iter().peekable();
        let any = values.peek().is_some();
        Self::to_any(any.then(|| Sql::new(column).bind_all(values)))
    }

    fn condition(self) -> Sql {
        if self.0.is_empty() {
            return Sql::new("false");
        }
        Sql::new("(").add(Sql::join(self.0, " or ")).push(")")
    }
}

impl Scope {
    /// The rows for which all of these hold, the narrowest first.
    #[must_use]
    pub fn narrowed(by: impl IntoIterator<Item = Narrow>) -> Self {
        let mut by = by.into_iter();
        let mut scope = by
            .next()
            .map_or_else(Self::all, |first| Self::along(first.0));
        scope.row.extend(by.map(Narrow::condition));
        scope
    }
}
