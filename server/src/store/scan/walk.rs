//! Walks along a list: the page, where the walk was given up, and how many rows there are.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use super::sql::ask;
use super::{COUNTED, Count, Cursor, Found, Order, Part, Scope, Sql};
use crate::store::{Result, Store, reading};

/// The rows of a table that match, in an order, as they are shown.
#[derive(Clone, Debug)]
pub struct List {
    /// `select` and what is selected from the rows `t`, up to `from`.
    pub(in crate::store) columns: &'static str,
    /// More columns, which are found out for the rows of a part only: such as `, (select …) as name`.
    pub(in crate::store) beside: Sql,
    /// The table.
    pub(in crate::store) table: &'static str,
    /// What is joined to the rows that were found.
    pub(in crate::store) joins: &'static str,
    /// The order.
    pub(in crate::store) order: Order,
    /// Which rows.
    pub(in crate::store) scope: Scope,
}

/// A row and its place.
#[derive(FromRow)]
struct Placed<T> {
    #[sqlx(flatten)]
    row: T,
    place: String,
}

/// What the rows of a list are read into.
pub trait Shown:
    Send + Unpin + 'static + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
}

impl<T> Shown for T where
    T: Send + Unpin + 'static + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>
{
}

impl List {
    /// The order it is in.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// How many rows are looked at for a page, where not every one matches.
    #[must_use]
    pub fn looks_at(&self) -> i64 {
        self.scope.rows_to_look_at().unwrap_or(COUNTED)
    }

    /// A part of the list, of at most `size` rows. One statement, two where not every row that is walked past matches.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn page<T: Shown>(
        &self,
        store: &Store,
        part: &Part,
        size: usize,
    ) -> Result<Found<T>> {
        let budget = self.scope.budget();
        // What a walk finds behind the place where another gave up is not all there is.
        let together = self.scope.walks.len() > 1;
        let mut stopped = match budget {
            Some(budget) if together => self.stop(store, part, budget).await?,
            _ => None,
        };
        let mut rows: Vec<Placed<T>> = self.rows(store, part, size, stopped.as_ref()).await?;
        let has_more = rows.len() > size;
        rows.truncate(size);
        if let Some(budget) = budget.filter(|_| !has_more && !together) {
            stopped = self.stop(store, part, budget).await?;
        }
        if matches!(part, Part::Before(_)) {
            rows.reverse();
        }
        let place = |row: Option<&Placed<T>>| row.and_then(|row| self.order.read(&row.place));
        let (first, last) = (place(rows.first()), place(rows.last()));
        let gave_up = !has_more && stopped.is_some();
        let ahead = |edge: Option<Cursor>| if has_more { edge } else { stopped.clone() };
        let (prev, next) = match part {
            Part::First => (None, ahead(last)),
            Part::After(from) => (Some(first.unwrap_or_else(|| from.clone())), ahead(last)),
            Part::Before(from) => (ahead(first), Some(last.unwrap_or_else(|| from.clone()))),
        };
        Ok(Found {
            rows: rows.into_iter().map(|placed| placed.row).collect(),
            prev,
            next,
            gave_up,
        })
    }

    /// How many rows match, as far as that is cheap. One statement.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn count(&self, store: &Store) -> Result<Count> {
        if self.scope.walks.is_empty() {
            return Ok(Count::Exactly(0));
        }
        // An index alone counts quickly; where rows have to be looked at, no more are than for a page.
        let most = self.looks_at();
        let each = self.scope.share(most).max(1) + 1;
        let (looked, matched) = match self.scope.conditions() {
            None => ("1 as one", Sql::new("count(*)")),
            Some(conditions) => {
                let sum = Sql::new("coalesce(sum(case when ").add(conditions);
                ("t.*", sum.push(" then 1 else 0 end), 0)"))
            }
        };
        let counted = self.scope.walks.iter().map(|walk| {
            Sql::new("select count(*) as walked, ")
                .add(matched.clone())
                .push(" as matched from (select ")
                .push(looked)
                .push(" from ")
                .push(self.table)
                .push(" t where ")
                .add(walk.clone())
                .push(" limit ")
                .bind(each)
                .push(") t")
        });
        let counted: Vec<(i64, i64)> = fetch(store, Sql::join(counted, " union all ")).await?;
        let matched = counted.iter().map(|(_, matched)| matched).sum();
        let all = counted.iter().all(|(walked, _)| *walked < each);
        Ok(if all {
            Count::Exactly(matched)
        } else {
            Count::AtLeast(matched.min(most))
        })
    }

    /// One look at the list, as deep as for a page that not every row matches: the statement of a column of the rows that
    /// match, and the condition that there are rows behind them.
    pub(in crate::store) fn one_look(&self, column: &'static str) -> (Sql, Sql) {
        let budget = self.scope.share(self.looks_at());
        let rows = self.walks(&Part::First, "t.*", |walk| {
            walk.push(" limit ").bind(budget)
        });
        let found = Sql::new("select ")
            .push(column)
            .push(" from (")
            .add(rows)
            .push(") t");
        let found = match self.scope.conditions() {
            Some(conditions) => found.push(" where ").add(conditions),
            None => found,
        };
        let behind = self.walks(&Part::First, self.order.columns(), |walk| {
            walk.push(" limit 1 offset ").bind(budget)
        });
        let more = Sql::new("exists (select 1 from (").add(behind).push(") t)");
        (found, more)
    }

    async fn rows<T: Shown>(
        &self,
        store: &Store,
        part: &Part,
        size: usize,
        stopped: Option<&Cursor>,
    ) -> Result<Vec<Placed<T>>> {
        if self.scope.walks.is_empty() {
            return Ok(Vec::new());
        }
        // One row more than a page, to know whether there is another.
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let backwards = matches!(part, Part::Before(_));
        let budget = self.scope.budget().unwrap_or(limit);
        let walks = self.walks(part, "t.*", |walk| walk.push(" limit ").bind(budget));
        let stopped = stopped.map(|place| self.order.passed(place, backwards));
        let conditions: Vec<_> = self.scope.conditions().into_iter().chain(stopped).collect();
        let mut found = Sql::new("select t.* from (").add(walks).push(") t");
        if !conditions.is_empty() {
            found = found.push(" where ").add(Sql::join(conditions, " and "));
        }
        let clause = self.order.clause(backwards);
        let found = found
            .push(" order by ")
            .push(clause)
            .push(" limit ")
            .bind(limit);
        let shown = Sql::new(self.columns)
            .add(self.beside.clone())
            .push(", ")
            .push(self.order.place())
            .push(" as place from (")
            .add(found)
            .push(") t ")
            .push(self.joins)
            .push(" order by ")
            .push(clause);
        fetch(store, shown).await
    }

    /// Where the first walk stops that has more rows than its share.
    async fn stop(&self, store: &Store, part: &Part, budget: i64) -> Result<Option<Cursor>> {
        if self.scope.walks.is_empty() {
            return Ok(None);
        }
        let backwards = matches!(part, Part::Before(_));
        let last = self.walks(part, self.order.columns(), |walk| {
            walk.push(" limit 1 offset ").bind(budget - 1)
        });
        let first_of_them = Sql::new("select ")
            .push(self.order.place())
            .push(" as place from (")
            .add(last)
            .push(") t order by ")
            .push(self.order.clause(backwards))
            .push(" limit 1");
        let stops: Vec<(String,)> = fetch(store, first_of_them).await?;
        Ok(stops.first().and_then(|(place,)| self.order.read(place)))
    }

    fn walks(&self, part: &Part, columns: &'static str, limit: impl Fn(Sql) -> Sql) -> Sql {
        let (from, backwards) = match part {
            Part::First => (None, false),
            Part::After(place) => (Some(place), false),
            Part::Before(place) => (Some(place), true),
        };
        let walks = self.scope.walks.iter().map(|walk| {
            let mut conditions = vec![walk.clone()];
            conditions.extend(from.map(|place| self.order.beyond(place, backwards)));
            let walk = Sql::new("select * from (select ")
                .push(columns)
                .push(" from ")
                .push(self.table)
                .push(" t where ")
                .add(Sql::join(conditions, " and "))
                .push(" order by ")
                .push(self.order.clause(backwards));
            limit(walk).push(") w")
        });
        Sql::join(walks, " union all ")
    }
}

/// The rows of a statement.
pub(in crate::store) async fn fetch<T: Shown>(store: &Store, sql: Sql) -> Result<Vec<T>> {
    let (text, binds) = sql.finish();
    let rows = reading!(store, db => {
        ask!(sqlx::query_as(AssertSqlSafe(text)), binds).fetch_all(db).await
    })?;
    Ok(rows)
}
