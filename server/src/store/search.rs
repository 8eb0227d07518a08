//! What an admin types into a search: a name, an address, an id. Which of them it is shows in its form; who is meant by a
//! name is asked of the database.

use super::scan::Sql;
use super::{NameEnd, Result, Store, fold, reading};
use crate::network::Block;
use crate::token::{Jti, SessionId, UserId};

/// The most users one search stands for.
const USERS: usize = 20;

/// What was typed, by its form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Search {
    /// Nothing.
    Everything,
    /// An address or a block of addresses.
    Address(Block),
    /// A session's id, or the name of a token of another issuer that looks like one.
    Id(SessionId),
    /// A token's name, as they are given here.
    Token(Jti),
    /// The beginning of a username or an e-mail address; or any other token's name.
    Words(String),
}

/// What it stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Sought {
    /// Everything.
    Everything,
    /// What was used from there.
    Address(Block),
    /// A session, or a token of this name.
    Id(SessionId),
    /// A token.
    Token(Jti),
    /// A session or a token whose name ends so, as lists shorten them. No index knows that: it is looked for row by row.
    Ending(NameEnd),
    /// What belongs to these users.
    Users {
        /// Who they are; nobody, where no name begins so.
        ids: Vec<UserId>,
        /// There are others.
        more: bool,
    },
}

impl Search {
    /// Tells by its form what a text is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // PostgreSQL's text has no NUL; nothing on record contains one.
        let text = text.trim().replace('\0', "\u{fffd}");
        if text.is_empty() {
            return Self::Everything;
        }
        if let Some(block) = Block::parse(&text) {
            return Self::Address(block);
        }
        if let Some(id) = SessionId::parse(&text.to_ascii_lowercase()) {
            return Self::Id(id);
        }
        let is_name_of_ours = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match Jti::parse(&text.to_ascii_lowercase()) {
            Some(jti) if is_name_of_ours => Self::Token(jti),
            _ => Self::Words(text),
        }
    }
}

/// The users a search stands for, out of those a filter leaves, where it names some.
#[must_use]
pub fn among(chosen: Option<&[i64]>, ids: &[UserId]) -> Vec<i64> {
    let ids = ids.iter().map(|id| id.0);
    let is_chosen = |id: &i64| chosen.is_none_or(|chosen| chosen.contains(id));
    ids.filter(is_chosen).collect()
}

/// Users one of whose texts lies between `$1` and `$2`, in the order of bytes.
macro_rules! users_between {
    ($from:literal, $until:literal) => {
        concat!(
            "select id from (select id from users
                             where username_folded ",
            $from,
            " $1 and username_folded ",
            $until,
            " $2 limit $3) n
             union
             select id from (select id from users
                             where email_folded ",
            $from,
            " $1 and email_folded ",
            $until,
            " $2
                               and email_folded <> '' limit $3) e
             limit $3"
        )
    };
}

/// Whether the user of the number in `t.user_id` has a name or an e-mail address that begins so, in any case. For rows that
/// are found by something else.
pub(super) fn is_of_user_beginning(text: &str) -> Sql {
    let begins = |column| {
        let folded = fold(text);
        Sql::new("substr(")
            .push(column)
            .push(", 1, length(")
            .bind(folded.clone())
            .push(")) = ")
            .bind(folded)
    };
    Sql::new("(select count(*) from users u where u.id = t.user_id and (")
        .add(begins("u.username_folded"))
        .push(" or ")
        .add(begins("u.email_folded"))
        .push(")) > 0")
}

impl Store {
    /// What a search stands for. Asks nothing but who begins with some words.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn seek(&self, search: Search) -> Result<Sought> {
        self.seek_up_to(search, USERS).await
    }

    /// The same, where a name stands for up to `most` users.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn seek_up_to(&self, search: Search, most: usize) -> Result<Sought> {
        Ok(match search {
            Search::Everything => Sought::Everything,
            Search::Address(block) => Sought::Address(block),
            Search::Id(id) => Sought::Id(id),
            Search::Token(jti) => Sought::Token(jti),
            Search::Words(text) => {
                let mut ids = self.users_beginning(&text, most).await?;
                let more = ids.len() > most;
                ids.truncate(most);
                if !ids.is_empty() {
                    return Ok(Sought::Users { ids, more });
                }
                match (NameEnd::typed(&text), Jti::parse(&text)) {
                    (Some(ending), _) => Sought::Ending(ending),
                    (None, Some(jti)) => Sought::Token(jti),
                    (None, None) => Sought::Users { ids, more },
                }
            }
        })
    }

    /// Users whose name or e-mail address begins so, in any case; one more than `most` at most.
    pub(super) async fn users_beginning(&self, text: &str, most: usize) -> Result<Vec<UserId>> {
        let from = fold(text);
        let until = format!("{from}\u{10ffff}");
        let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
        let sql = match self.db() {
            super::Db::Sqlite { .. } => users_between!(">=", "<"),
            // The operators of `text_pattern_ops`.
            super::Db::Postgres(_) => users_between!("~>=~", "~<~"),
        };
        let rows: Vec<(i64,)> = reading!(self, db => {
            sqlx::query_as(sql).bind(from).bind(until).bind(limit).fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_shows_by_its_form_what_it_is() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let jti = "01890a5dac96774bbcceb302099a8057";
        for (text, expected) in [
            ("  ", Search::Everything),
            (" Alice ", Search::Words("Alice".into())),
            ("a@example.com", Search::Words("a@example.com".into())),
            (
                "203.0.113.7",
                Search::Address(Block::parse("203.0.113.7").expect("one")),
            ),
            (
                "2001:db8::/32",
                Search::Address(Block::parse("2001:db8::/32").expect("one")),
            ),
            (
                &id.to_uppercase(),
                Search::Id(SessionId::parse(id).expect("an id")),
            ),
            (
                &jti.to_uppercase(),
                Search::Token(Jti::parse(jti).expect("a name")),
            ),
            ("01890a5d", Search::Words("01890a5d".into())),
        ] {
            assert_eq!(Search::of(text), expected, "{text}");
        }
    }
}
