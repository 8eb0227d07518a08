//! The table `api_tokens`: one a user, of which only a hash is known.

use super::tokens_page::{limit, patterns};
use super::{Direction, Page, Result, Store, Tx, User, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::UserId;

/// What is kept of an API token.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct ApiTokenRow {
    /// What the token is made of, beside the user's number and the server's secret.
    pub salt: String,
    /// SHA-256 of the token, lower-case hexadecimal.
    pub sha256: String,
}

/// An API token as a list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
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

/// The rows on one side of a key, in the order that leads away from it.
macro_rules! api_tokens_beside {
    ($side:literal, $order:literal) => {
        concat!(
            r"select t.user_id, u.username, t.created_at, t.last_used_at
              from api_tokens t join users u on u.id = t.user_id
              where t.user_id ",
            $side,
            r" $1 and u.username_folded like $2 escape '\'
              order by t.user_id ",
            $order,
            " limit $3"
        )
    };
}

impl Store {
    /// The user whose API token has this hash.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_of_api_token(&self, sha256: &str) -> Result<Option<User>> {
        let user = reading!(self, db => {
            sqlx::query_as(
                "select u.id, u.username, u.email, u.is_active, u.is_staff, u.is_superuser, u.date_joined,
                        u.last_login, u.tokens_valid_after
                 from api_tokens t join users u on u.id = t.user_id
                 where t.sha256 = $1",
            )
            .bind(sha256)
            .fetch_optional(db)
            .await
        })?;
        Ok(user)
    }

    /// A user's API token, as a list shows it.
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

    /// A page of API tokens whose user's name contains `search`, by the users' numbers, highest first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn api_tokens(
        &self,
        search: &str,
        from: Direction<UserId>,
    ) -> Result<Page<ListedApiToken>> {
        let (sql, key) = match from {
            Direction::Newest => (api_tokens_beside!("<", "desc"), i64::MAX),
            Direction::OlderThan(id) => (api_tokens_beside!("<", "desc"), id.0),
            Direction::NewerThan(id) => (api_tokens_beside!(">", "asc"), id.0),
        };
        let (name, _) = patterns(search);
        let rows = reading!(self, db => {
            sqlx::query_as(sql).bind(key).bind(name).bind(limit()).fetch_all(db).await
        })?;
        Ok(Page::cut(rows, &from))
    }
}

impl Tx {
    /// What is kept of a user's API token.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn api_token(&mut self, user: UserId) -> Result<Option<ApiTokenRow>> {
        let row = writing!(self, db => {
            sqlx::query_as("select salt, sha256 from api_tokens where user_id = $1")
                .bind(user.0)
                .fetch_optional(db)
                .await
        })?;
        Ok(row)
    }

    /// Gives a user another API token; the one they had is over.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when the user is gone.
    pub async fn put_api_token(
        &mut self,
        user: UserId,
        row: &ApiTokenRow,
        now: UnixSeconds,
    ) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "insert into api_tokens (user_id, salt, sha256, created_at) values ($1, $2, $3, $4)
                 on conflict (user_id) do update
                 set salt = excluded.salt, sha256 = excluded.sha256, created_at = excluded.created_at,
                     last_used_at = null",
            )
            .bind(user.0)
            .bind(&row.salt)
            .bind(&row.sha256)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }

    /// Ends a user's API token. False when they had none.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_api_token(&mut self, user: UserId) -> Result<bool> {
        let done = writing!(self, db => {
            sqlx::query("delete from api_tokens where user_id = $1")
                .bind(user.0)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }

    /// Ends everybody's API token.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_all_api_tokens(&mut self) -> Result<()> {
        writing!(self, db => sqlx::query("delete from api_tokens").execute(db).await.map(drop))?;
        Ok(())
    }

    /// Notes when the API tokens of these users were last used. A token that was made since was not.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn note_api_tokens_used(&mut self, used: &[(UserId, UnixSeconds)]) -> Result<()> {
        for (user, at) in used {
            writing!(self, db => {
                sqlx::query(
                    "update api_tokens set last_used_at = $2
                     where user_id = $1 and created_at <= $2 and (last_used_at is null or last_used_at < $2)",
                )
                .bind(user.0)
                .bind(at)
                .execute(db)
                .await
                .map(drop)
            })?;
        }
        Ok(())
    }
}
