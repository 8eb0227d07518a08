//! Lists of millions of rows, read so that no page can take long. A list is walked along an index, in the order it is
//! shown in; what an index can answer chooses where to walk, and every other condition is looked at row by row, for a
//! bounded number of rows. If the page is not full by then, it says how far it looked, and the next one goes on there.
//!
//! Text comes only from this program; what a client sent is bound.

mod key;
mod narrow;
mod scope;
mod sql;
mod walk;

pub(super) use key::order_by;
pub use key::{Cursor, Order, Place};
pub(super) use narrow::Narrow;
pub(super) use scope::{Scope, bound};
pub(super) use sql::{Bind, Sql};
pub(super) use walk::fetch;
pub use walk::{List, Shown};

/// How many rows a page of a list has.
pub const PAGE_SIZE: usize = 50;

/// How many rows of a list are looked at for one page, where a look stays within the row.
const ROWS: i64 = 2_500;

/// How many, where a look leads to other tables.
pub(super) const LOOK_UPS: i64 = 1_000;

/// Up to how many rows are counted, where every row of the walk counts.
pub(super) const COUNTED: i64 = 10_000;

/// Some rows of a list, in its order.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the rows before these end; `None` when there are none.
    pub prev: Option<Cursor>,
    /// Where the rows after these begin; `None` when there are none.
    pub next: Option<Cursor>,
    /// The search was given up before the page was full. [`Found::next`], or [`Found::prev`] where it went backwards,
    /// goes on where it stopped.
    pub gave_up: bool,
}

/// How many rows match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// At least so many; more were not counted.
    AtLeast(i64),
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Part {
    /// Its beginning.
    #[default]
    First,
    /// What follows this place.
    After(Cursor),
    /// What ends before this place.
    Before(Cursor),
}
