//! Pages that are cut by key, never by offset: the thousandth costs what the first does, and a row that comes meanwhile
//! shifts nothing.

use super::users::fold;

/// Which rows a page begins with.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Direction<K> {
    /// The newest there are.
    #[default]
    Newest,
    /// Those older than this one.
    OlderThan(K),
    /// Those just newer than this one.
    NewerThan(K),
}

/// Some rows, newest first, and whether there are more on either side.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// There are newer ones.
    pub has_newer: bool,
    /// There are older ones.
    pub has_older: bool,
}

impl<T> Page<T> {
    /// The keys of the first and the last row, where there are newer and older ones.
    pub fn edges(&self, key: impl Fn(&T) -> String) -> (Option<String>, Option<String>) {
        let newer = self.rows.first().filter(|_| self.has_newer).map(&key);
        let older = self.rows.last().filter(|_| self.has_older).map(&key);
        (newer, older)
    }

    /// How many rows a page has.
    pub const SIZE: usize = 50;

    /// Cuts a page out of at most [`Page::SIZE`] + 1 rows that were read in the order of `from`.
    pub(super) fn cut<K>(mut rows: Vec<T>, from: &Direction<K>) -> Self {
        let more = rows.len() > Self::SIZE;
        rows.truncate(Self::SIZE);
        match from {
            Direction::Newest => Self {
                rows,
                has_newer: false,
                has_older: more,
            },
            Direction::OlderThan(_) => Self {
                rows,
                has_newer: true,
                has_older: more,
            },
            Direction::NewerThan(_) => {
                rows.reverse();
                Self {
                    rows,
                    has_newer: more,
                    has_older: true,
                }
            }
        }
    }
}

/// The patterns a search stands for: a part of the name, a part of the `jti`.
pub(super) fn patterns(search: &str) -> (String, String) {
    let escape = |text: String| {
        text.replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_")
    };
    // PostgreSQL's text has no NUL; nothing on record contains one.
    let search = search.trim().replace('\0', "\u{fffd}");
    (
        format!("%{}%", escape(fold(&search))),
        format!("%{}%", escape(search)),
    )
}

/// One row more than a page, to know whether there is another.
pub(super) fn limit() -> i64 {
    i64::try_from(Page::<()>::SIZE + 1).unwrap_or(i64::MAX)
}
