//! The table `api_tokens`: one a user, of which only a hash is known.

use super::{Result, Store, Tx, User, reading, writing};
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
