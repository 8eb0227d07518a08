//! A statement that is put together from literal pieces; every value is bound.

use crate::store::NameEnd;

/// A value of a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Bind {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Bind {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Bind {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Bind {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A piece of SQL with its values, in the order of their `?`.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    /// Text of this program.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        Self::default().push(text)
    }

    /// Goes on with text of this program.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Goes on with a value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.text.push('?');
        self.binds.push(value.into());
        self
    }

    /// Goes on with values in parentheses, such as those of `in`.
    #[must_use]
    pub fn bind_all<B: Into<Bind>>(mut self, values: impl IntoIterator<Item = B>) -> Self {
        self.text.push('(');
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.text.push_str(", ");
            }
            self = self.bind(value);
        }
        self.text.push(')');
        self
    }

    /// Goes on with another piece.
    #[must_use]
    pub fn add(mut self, other: Self) -> Self {
        self.text.push_str(&other.text);
        self.binds.extend(other.binds);
        self
    }

    /// The pieces, each pair joined by `by`.
    #[must_use]
    pub fn join(pieces: impl IntoIterator<Item = Self>, by: &'static str) -> Self {
        let mut all = Self::default();
        for (n, piece) in pieces.into_iter().enumerate() {
            if n > 0 {
                all.text.push_str(by);
            }
            all = all.add(piece);
        }
        all
    }

    /// Whether a column's text ends so. An end has no letter that means something in a pattern.
    #[must_use]
    pub fn ends(column: &'static str, ending: &NameEnd) -> Self {
        let pattern = format!("%{}", ending.as_str());
        Self::new(column).push(" like ").bind(pattern)
    }

    /// Any of these conditions.
    #[must_use]
    pub fn any(conditions: Vec<Self>) -> Self {
        if conditions.is_empty() {
            return Self::new("false");
        }
        Self::new("(").add(Self::join(conditions, " or ")).push(")")
    }

    /// The statement as both databases read it, and its values. No literal of ours has a question mark.
    pub(in crate::store) fn finish(self) -> (String, Vec<Bind>) {
        let mut text = String::with_capacity(self.text.len() + 2 * self.binds.len());
        for (n, piece) in self.text.split('?').enumerate() {
            if n > 0 {
                text.push('$');
                text.push_str(&n.to_string());
            }
            text.push_str(piece);
        }
        (text, self.binds)
    }
}

/// Binds the values of a finished statement. It is not kept prepared: there are as many as there are filters, and
/// PostgreSQL plans best with the values before it.
macro_rules! ask {
    ($query:expr, $binds:expr) => {{
        let mut query = $query.persistent(false);
        for bind in $binds {
            query = match bind {
                $crate::store::scan::Bind::Number(number) => query.bind(number),
                $crate::store::scan::Bind::Text(text) => query.bind(text),
            };
        }
        query
    }};
}

pub(in crate::store) use ask;

#[cfg(test)]
mod tests {
    use super::{Bind, Sql};

    #[test]
    fn values_are_numbered_in_their_order() {
        let inner = Sql::new("b in ").bind_all(["x", "y"]);
        let all = Sql::new("a = ")
            .bind(1)
            .push(" and ")
            .add(inner)
            .push(" limit ")
            .bind(2);
        let (text, binds) = all.finish();
        assert_eq!(text, "a = $1 and b in ($2, $3) limit $4");
        let expected = [1.into(), "x".into(), "y".into(), Bind::Number(2)];
        assert_eq!(binds, expected);
    }
}
