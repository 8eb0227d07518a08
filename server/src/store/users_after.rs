//! The list of users as a client reads it: a page at a time, by number.

use super::scan::{Sql, fetch};
use super::{Result, Store, User, reading};

/// The most users a search stands for. They are looked up along two indexes whose order is another one, so all of them are
/// looked up for each page.
const FOUND: usize = 500;

/// A page of users.
#[derive(Clone, Debug)]
pub struct UsersPage {
    /// They, by number.
    pub users: Vec<User>,
    /// The number behind which the next page begins; `None` where this is the last.
    pub next: Option<i64>,
}

impl Store {
    /// At most `limit` users behind the number `after`; with `search` those whose name or e-mail address begins so, in any
    /// case, out of the first 500 there are.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn users_after(
        &self,
        search: Option<&str>,
        after: i64,
        limit: usize,
    ) -> Result<UsersPage> {
        let mut users = match search {
            None => self.users_behind(after, limit).await?,
            Some(text) => self.users_found(text, after, limit).await?,
        };
        let has_more = users.len() > limit;
        users.truncate(limit);
        let last = users.last().map(|user| user.id);
        Ok(UsersPage {
            users,
            next: last.filter(|_| has_more),
        })
    }

    /// One more than `limit`, to know whether there are others.
    async fn users_behind(&self, after: i64, limit: usize) -> Result<Vec<User>> {
        let users = reading!(self, db => {
            sqlx::query_as(
                "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                        tokens_valid_after
                 from users where id > $1 order by id limit $2",
            )
            .bind(after)
            .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
            .fetch_all(db)
            .await
        })?;
        Ok(users)
    }

    async fn users_found(&self, text: &str, after: i64, limit: usize) -> Result<Vec<User>> {
        let found = self.users_beginning(text, FOUND).await?;
        let mut ids: Vec<_> = found.into_iter().take(FOUND).map(|id| id.0).collect();
        ids.sort_unstable();
        let ids: Vec<_> = ids
            .into_iter()
            .filter(|id| *id > after)
            .take(limit + 1)
            .collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let users = Sql::new(
            "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login, tokens_valid_after
             from users where id in ",
        );
        fetch(self, users.bind_all(ids).push(" order by id")).await
    }
}
