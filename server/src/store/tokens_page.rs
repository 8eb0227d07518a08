//! Outstanding tokens a page at a time, newest first. Pages are cut by key, never by offset: without a search the
//! thousandth costs what the first does, and a token issued meanwhile shifts nothing.

use super::{Result, Store, TokenId, reading, users::fold};
use crate::clock::UnixSeconds;

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

/// A token as the list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OutstandingRow {
    /// The row's number.
    pub id: i64,
    /// Its name.
    pub jti: String,
    /// `access`, `refresh` or `admin`.
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// Its generation.
    pub generation: i64,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
    /// When its session ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why its session ended.
    pub end_reason: Option<String>,
    /// When it was blacklisted.
    pub blacklisted_at: Option<UnixSeconds>,
    /// Why it was blacklisted.
    pub blacklist_reason: Option<String>,
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

/// The rows on one side of a key, in the order that leads away from it.
macro_rules! tokens_beside {
    ($side:literal, $order:literal) => {
        concat!(
            r"select t.id, t.jti, t.token_type, t.session_id, t.generation, u.username, t.created_at,
                     t.expires_at, s.ended_at, s.end_reason, b.blacklisted_at, b.reason as blacklist_reason
              from outstanding_tokens t
              join sessions s on s.id = t.session_id
              left join users u on u.id = t.user_id
              left join blacklisted_tokens b on b.token_id = t.id
              where t.id ", $side, r" $1 and (u.username_folded like $2 escape '\' or t.jti like $3 escape '\')
              order by t.id ", $order, " limit $4"
        )
    };
}

impl Store {
    /// A page of outstanding tokens whose user's name contains `search`, or whose `jti` contains it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn outstanding(
        &self,
        search: &str,
        from: Direction<TokenId>,
    ) -> Result<Page<OutstandingRow>> {
        let (sql, key) = match from {
            Direction::Newest => (tokens_beside!("<", "desc"), i64::MAX),
            Direction::OlderThan(id) => (tokens_beside!("<", "desc"), id.0),
            Direction::NewerThan(id) => (tokens_beside!(">", "asc"), id.0),
        };
        let (name, jti) = patterns(search);
        let rows = reading!(self, db => {
            sqlx::query_as(sql)
                .bind(key)
                .bind(name)
                .bind(jti)
                .bind(limit())
                .fetch_all(db)
                .await
        })?;
        Ok(Page::cut(rows, &from))
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
