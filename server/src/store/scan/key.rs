//! The orders a list can be shown in, and places in them. Every order ends with a column that has each value once, so a
//! place is exact and a row that comes or goes meanwhile shifts nothing.

use super::sql::{Bind, Sql};
use crate::token::SessionId;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// Numbers.
    Number,
    /// Texts, of which no other column follows.
    Text,
    /// Ids as sessions and devices have them.
    Id,
}

/// An order that an index has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Order {
    /// Its name in addresses.
    pub name: &'static str,
    /// The columns, as they are written in SQL: one, or two in parentheses.
    columns: &'static str,
    /// A row's place, as text.
    place: &'static str,
    /// The columns, each with `asc`, and each with `desc`.
    ascending: &'static str,
    descending: &'static str,
    kinds: &'static [Place],
    /// Whether the list begins with the greatest.
    pub is_descending: bool,
}

/// An order by one column of the table `t`.
macro_rules! order_by {
    ($name:literal, $column:literal as $kind:ident) => {
        $crate::store::scan::Order::new(
            $name,
            concat!("t.", $column),
            concat!("cast(t.", $column, " as text)"),
            concat!("t.", $column, " asc"),
            concat!("t.", $column, " desc"),
            &[$crate::store::scan::Place::$kind],
        )
    };
    ($name:literal, $first:literal as $kind:ident, $second:literal as $other:ident) => {
        $crate::store::scan::Order::new(
            $name,
            concat!("(t.", $first, ", t.", $second, ")"),
            concat!(
                "cast(t.",
                $first,
                " as text) || '~' || cast(t.",
                $second,
                " as text)"
            ),
            concat!("t.", $first, " asc, t.", $second, " asc"),
            concat!("t.", $first, " desc, t.", $second, " desc"),
            &[
                $crate::store::scan::Place::$kind,
                $crate::store::scan::Place::$other,
            ],
        )
    };
}

pub(in crate::store) use order_by;

/// A place in an order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cursor(pub(super) Vec<Bind>);

impl Order {
    /// An order, greatest first.
    pub(in crate::store) const fn new(
        name: &'static str,
        columns: &'static str,
        place: &'static str,
        ascending: &'static str,
        descending: &'static str,
        kinds: &'static [Place],
    ) -> Self {
        Self {
            name,
            columns,
            place,
            ascending,
            descending,
            kinds,
            is_descending: true,
        }
    }

    /// The same order, with the least first where `descending` is false.
    #[must_use]
    pub const fn descending(self, descending: bool) -> Self {
        Self {
            is_descending: descending,
            ..self
        }
    }

    /// The columns, without parentheses.
    pub(super) fn columns(&self) -> &'static str {
        self.columns.trim_matches(['(', ')'])
    }

    /// A row's place, as [`Order::read`] reads it.
    pub(super) fn place(&self) -> &'static str {
        self.place
    }

    /// `order by` of a walk along the list, or against it.
    pub(super) fn clause(&self, backwards: bool) -> &'static str {
        if self.is_descending == backwards {
            self.ascending
        } else {
            self.descending
        }
    }

    /// The condition of what lies behind a place on a walk along the list, or against it.
    pub(super) fn beyond(&self, place: &Cursor, backwards: bool) -> Sql {
        self.beside(
            place,
            if self.is_descending == backwards {
                " > "
            } else {
                " < "
            },
        )
    }

    /// The condition of what such a walk has passed when it is at a place, the place included.
    pub(super) fn passed(&self, place: &Cursor, backwards: bool) -> Sql {
        self.beside(
            place,
            if self.is_descending == backwards {
                " <= "
            } else {
                " >= "
            },
        )
    }

    fn beside(&self, place: &Cursor, sign: &'static str) -> Sql {
        let values = place.0.iter().cloned();
        match self.kinds {
            [_] => Sql::new(self.columns).push(sign).add(Sql::join(
                values.map(|value| Sql::default().bind(value)),
                ", ",
            )),
            _ => Sql::new(self.columns).push(sign).bind_all(values),
        }
    }

    /// Reads a place as [`Cursor`] writes it; `None` when it is none of this order.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Cursor> {
        if text.contains('\0') {
            return None;
        }
        let mut parts = text.splitn(self.kinds.len(), '~');
        let values = self.kinds.iter().map(|kind| {
            let part = parts.next()?;
            match kind {
                Place::Number => part.parse().ok().map(Bind::Number),
                Place::Id => SessionId::parse(part).map(|_| Bind::Text(part.to_owned())),
                Place::Text => (!part.is_empty()).then(|| Bind::Text(part.to_owned())),
            }
        });
        values.collect::<Option<_>>().map(Cursor)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, value) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("~")?;
            }
            match value {
                Bind::Number(number) => write!(f, "{number}")?,
                Bind::Text(text) => f.write_str(text)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_TIME: Order = order_by!("ended", "ended_at" as Number, "id" as Id);

    const ID: &str = "0198c9a1-7c2b-7d3e-8f10-2233445566aa";

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let by_name = order_by!("username", "username_folded" as Text);
        for (order, text) in [
            (BY_TIME, format!("1800000000~{ID}")),
            (by_name, "a~b".to_owned()),
        ] {
            assert_eq!(order.read(&text).map(|place| place.to_string()), Some(text));
        }
        for nonsense in ["", "1", "x~a", "1~", "1~\0", "1~a"] {
            assert_eq!(BY_TIME.read(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn what_lies_behind_a_place_depends_on_the_way() {
        let place = BY_TIME.read(&format!("5~{ID}")).expect("a place");
        let text = |order: Order, backwards| order.beyond(&place, backwards).finish().0;
        assert_eq!(text(BY_TIME, false), "(t.ended_at, t.id) < ($1, $2)");
        assert_eq!(text(BY_TIME, true), "(t.ended_at, t.id) > ($1, $2)");
        assert_eq!(
            text(BY_TIME.descending(false), false),
            "(t.ended_at, t.id) > ($1, $2)"
        );
        assert_eq!(BY_TIME.clause(true), "t.ended_at asc, t.id asc");
    }
}
