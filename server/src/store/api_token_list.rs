//! The list of who has an API token. Neither the tokens' hashes nor what they are made of are read for it.

use serde::Serialize;

use super::scan::{List, Narrow, Order, Scope, Sql, bound, order_by};
use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::token::UserId;

/// Which API tokens. All conditions that are there must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ApiTokenFilter {
    /// Those of these users; of nobody where there is none.
    pub users: Option<Vec<i64>>,
    /// Those that were used, or those that never were.
    pub is_used: Option<bool>,
    /// Made then, or later.
    pub from: Option<UnixSeconds>,
    /// Made before then.
    pub until: Option<UnixSeconds>,
}

/// An API token as a list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedApiToken {
    /// Its user's number.
    pub user_id: i64,
    /// Its user's name.
    pub username: String,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<UnixSeconds>,
}

/// By their users' numbers.
const BY_USER: Order = order_by!("user", "user_id" as Number);

impl ApiTokenFilter {
    /// The order that the table has.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        &[BY_USER]
    }

    fn scope(&self) -> Scope {
        let users = self.users.as_deref();
        let users = users.map(|users| Narrow::to_those_in("t.user_id in ", users.iter().copied()));
        let mut scope = Scope::narrowed(users);
        scope.row.extend(self.is_used.map(|is_used| {
            if is_used {
                Sql::new("t.last_used_at is not null")
            } else {
                Sql::new("t.last_used_at is null")
            }
        }));
        let made = bound(
            ["t.created_at >= ", "t.created_at < "],
            self.from,
            self.until,
        );
        scope.row.extend(made);
        scope
    }

    /// Their list.
    #[must_use]
    pub fn list(&self, order: Order) -> List {
        List {
            columns: "select t.user_id, u.username, t.created_at, t.last_used_at",
            beside: Sql::default(),
            table: "api_tokens",
            joins: "join users u on u.id = t.user_id",
            order,
            scope: self.scope(),
        }
    }
}

impl Store {
    /// A user's API token, as the list shows it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn api_token_of(&self, user: UserId) -> Result<Option<ListedApiToken>> {
        let row = reading!(self, db => {
            sqlx::query_as(
                "select t.user_id, u.username, t.created_at, t.last_used_at
                 from api_tokens t join users u on u.id = t.user_id
                 where t.user_id = $1",
            )
            .bind(user.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }
}
