//! What superusers change of users, in the table `users`. Whoever does holds the counter of users first, so that they
//! follow one another.

use super::{Result, Store, Tx, User, reading, writing};
use crate::account::Role;
use crate::token::UserId;

impl Store {
    /// Whether any superuser may log in.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn has_superuser(&self) -> Result<bool> {
        let (has,): (bool,) = reading!(self, db => {
            sqlx::query_as("select exists (select 1 from users where is_staff and is_superuser and is_active)")
                .fetch_one(db)
                .await
        })?;
        Ok(has)
    }
}

impl Tx {
    /// Waits for whoever else manages users, and says whether `by` is an active superuser still.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn hold_users(&mut self, by: UserId) -> Result<bool> {
        writing!(self, db => {
            sqlx::query("update counters set value = value where name = 'users'").execute(db).await.map(drop)
        })?;
        let (may,): (bool,) = writing!(self, db => {
            sqlx::query_as(
                "select exists (select 1 from users where id = $1 and is_staff and is_superuser and is_active)",
            )
            .bind(by.0)
            .fetch_one(db)
            .await
        })?;
        Ok(may)
    }

    /// Holds the user's row until the end of the transaction; `None` when there is no such user.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn hold_user(&mut self, id: UserId) -> Result<Option<User>> {
        let user = writing!(self, db => {
            sqlx::query_as(
                "update users set is_active = is_active where id = $1
                 returning id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                           tokens_valid_after",
            )
            .bind(id.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(user)
    }

    /// Sets what a user may do.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn set_role(&mut self, id: UserId, role: Option<Role>) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update users set is_staff = $2, is_superuser = $3 where id = $1")
                .bind(id.0)
                .bind(role.is_some())
                .bind(role == Some(Role::Superuser))
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(())
    }
}
