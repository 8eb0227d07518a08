//! The table `users`.

use uuid::Uuid;

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::UserId;

/// A user, without the password.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct User {
    /// The user's number.
    pub id: i64,
    /// The name they log in with.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// May log in.
    pub is_active: bool,
    /// May see the admin.
    pub is_staff: bool,
    /// May do everything.
    pub is_superuser: bool,
    /// When the user was added.
    pub date_joined: UnixSeconds,
    /// The last login, where `UPDATE_LAST_LOGIN` is on.
    pub last_login: Option<UnixSeconds>,
    /// Tokens of other issuers count only when they are younger than this.
    pub tokens_valid_after: UnixSeconds,
}

/// What a transaction that holds a user's row knows of them.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct LockedUser {
    /// May log in.
    pub is_active: bool,
    /// Tokens of other issuers count only when they are younger than this.
    pub tokens_valid_after: UnixSeconds,
}

impl User {
    /// The user's number as it stands in tokens.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId(self.id)
    }
}

/// A user to add.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name, as it is to be shown.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// A PHC string.
    pub password: String,
    /// May log in.
    pub is_active: bool,
    /// May see the admin.
    pub is_staff: bool,
    /// May do everything.
    pub is_superuser: bool,
}

/// A user who comes from elsewhere under a number of their own.
#[derive(Clone, Debug)]
pub struct ImportedUser {
    /// The number, which tokens issued there carry.
    pub id: UserId,
    /// The name, as it is to be shown.
    pub username: String,
    /// Empty where unknown.
    pub email: String,
    /// A hash, in the form of where it was made.
    pub password: String,
    /// May log in.
    pub is_active: bool,
    /// May see the admin.
    pub is_staff: bool,
    /// May do everything.
    pub is_superuser: bool,
    /// When the user was added there.
    pub date_joined: UnixSeconds,
    /// Their last login there.
    pub last_login: Option<UnixSeconds>,
}

/// The form in which two names or addresses are compared.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[derive(sqlx::FromRow)]
struct WithPassword {
    #[sqlx(flatten)]
    user: User,
    password: String,
}

/// The user a condition on `$1` selects, with the password hash.
macro_rules! user_with_password_where {
    ($store:expr, $condition:literal, $key:expr) => {{
        let row: Option<WithPassword> = reading!($store, db => {
            sqlx::query_as(concat!(
                "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                        tokens_valid_after, password
                 from users where ", $condition,
            ))
            .bind($key)
            .fetch_optional(db)
            .await
        })?;
        row
    }};
}

impl Store {
    /// The user of this name, in exactly this spelling, with the password hash.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_with_password(&self, username: &str) -> Result<Option<(User, String)>> {
        let row = user_with_password_where!(self, "username = $1", username);
        Ok(row.map(|row| (row.user, row.password)))
    }

    /// The user with this number, with the password hash.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_with_password_of(&self, id: UserId) -> Result<Option<(User, String)>> {
        let row = user_with_password_where!(self, "id = $1", id.0);
        Ok(row.map(|row| (row.user, row.password)))
    }

    /// The user with this e-mail address, in any case, with the password hash.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user_with_password_at(&self, email: &str) -> Result<Option<(User, String)>> {
        let row = user_with_password_where!(
            self,
            "email_folded = $1 and email_folded <> ''",
            fold(email)
        );
        Ok(row.map(|row| (row.user, row.password)))
    }

    /// The user with this number.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let user = reading!(self, db => {
            sqlx::query_as(
                "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                        tokens_valid_after
                 from users where id = $1",
            )
            .bind(id.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(user)
    }

    /// The mark of a user's password, which changes with it; `None` when there is no such user.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn password_mark(&self, id: UserId) -> Result<Option<String>> {
        let row: Option<(String,)> = reading!(self, db => {
            sqlx::query_as("select password_mark from users where id = $1")
                .bind(id.0)
                .fetch_optional(db)
                .await
        })?;
        Ok(row.map(|(mark,)| mark))
    }

    /// All users by number.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn users(&self) -> Result<Vec<User>> {
        let users = reading!(self, db => {
            sqlx::query_as(
                "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                        tokens_valid_after
                 from users order by id",
            )
            .fetch_all(db)
            .await
        })?;
        Ok(users)
    }
}

impl Tx {
    /// Adds a user under a number that was never used before.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when the name, in any case, or the address is taken.
    pub async fn add_user(&mut self, new: &NewUser, now: UnixSeconds) -> Result<UserId> {
        let (id,): (i64,) = writing!(self, db => {
            sqlx::query_as("update counters set value = value + 1 where name = 'users' returning value")
                .fetch_one(db)
                .await
        })?;
        writing!(self, db => {
            sqlx::query(
                "insert into users (id, username, username_folded, email, email_folded, password,
                                    is_active, is_staff, is_superuser, date_joined, tokens_valid_after)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
            )
            .bind(id)
            .bind(&new.username)
            .bind(fold(&new.username))
            .bind(&new.email)
            .bind(fold(&new.email))
            .bind(&new.password)
            .bind(new.is_active)
            .bind(new.is_staff)
            .bind(new.is_superuser)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(UserId(id))
    }

    /// Adds a user under a number of their own; numbers that are handed out later are greater. False, and nothing added,
    /// when the number or the name, in any case, is taken.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when the address is taken.
    pub async fn import_user(&mut self, user: &ImportedUser) -> Result<bool> {
        writing!(self, db => {
            sqlx::query("update counters set value = $1 where name = 'users' and value < $1")
                .bind(user.id.0)
                .execute(db)
                .await
                .map(drop)
        })?;
        let added = writing!(self, db => {
            sqlx::query(
                "insert into users (id, username, username_folded, email, email_folded, password, is_active, is_staff,
                                    is_superuser, date_joined, last_login, tokens_valid_after)
                 select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0
                 where not exists (select 1 from users where id = $1 or username_folded = $3)",
            )
            .bind(user.id.0)
            .bind(&user.username)
            .bind(fold(&user.username))
            .bind(&user.email)
            .bind(fold(&user.email))
            .bind(&user.password)
            .bind(user.is_active)
            .bind(user.is_staff)
            .bind(user.is_superuser)
            .bind(user.date_joined)
            .bind(user.last_login)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(added == 1)
    }

    /// Whether somebody has this address, in its folded form.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn is_email_taken(&mut self, folded: &str) -> Result<bool> {
        let (taken,): (bool,) = writing!(self, db => {
            sqlx::query_as("select exists (select 1 from users where email_folded = $1)")
                .bind(folded)
                .fetch_one(db)
                .await
        })?;
        Ok(taken)
    }

    /// Holds the user's row until the end of the transaction, if `checked` is still the password's hash, and says
    /// whether they may log in. A login that took this lock is either seen by a change of the user that follows,
    /// or sees it. Keeps `last_login` and the hash `fresh`, where given.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn lock_user_with_password(
        &mut self,
        id: UserId,
        checked: &str,
        fresh: Option<&str>,
        last_login: Option<UnixSeconds>,
    ) -> Result<Option<bool>> {
        let row: Option<(bool,)> = writing!(self, db => {
            sqlx::query_as(
                "update users set password = coalesce($3, password), last_login = coalesce($4, last_login)
                 where id = $1 and password = $2
                 returning is_active",
            )
            .bind(id.0)
            .bind(checked)
            .bind(fresh)
            .bind(last_login)
            .fetch_optional(db)
            .await
        })?;
        Ok(row.map(|(is_active,)| is_active))
    }

    /// Holds the user's row until the end of the transaction; `None` when there is no such user.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn lock_user(&mut self, id: UserId) -> Result<Option<LockedUser>> {
        let row = writing!(self, db => {
            sqlx::query_as(
                "update users set is_active = is_active where id = $1 returning is_active, tokens_valid_after",
            )
            .bind(id.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(row)
    }

    /// Lets a user in, or shuts them out; then their API token is over, too.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn set_active(&mut self, id: UserId, is_active: bool) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update users set is_active = $2 where id = $1").bind(id.0).bind(is_active).execute(db).await
        }
        .map(drop))?;
        if !is_active {
            self.end_api_token(id).await?;
        }
        Ok(())
    }

    /// Refuses tokens of other issuers that were issued to the user until `now`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn refuse_older_tokens(&mut self, id: UserId, now: UnixSeconds) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update users set tokens_valid_after = $2 where id = $1 and tokens_valid_after < $2")
                .bind(id.0)
                .bind(now)
                .execute(db)
                .await
        }
        .map(drop))?;
        Ok(())
    }

    /// Sets the hash of a user's new password, and with it another mark (`CHECK_REVOKE_TOKEN`). Ends their API token:
    /// whoever knew the old password could have fetched it, and would keep it. Django REST framework leaves it alone.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn set_password(&mut self, id: UserId, password: &str) -> Result<()> {
        writing!(self, db => {
            sqlx::query("update users set password = $2, password_mark = $3 where id = $1")
                .bind(id.0)
                .bind(password)
                .bind(Uuid::new_v4().simple().to_string())
                .execute(db)
                .await
        }
        .map(drop))?;
        self.end_api_token(id).await?;
        Ok(())
    }

    /// Removes a user. Their sessions and tokens stay on record, without a name.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn delete_user(&mut self, id: UserId) -> Result<()> {
        // Before the user: where PostgreSQL lets go of both at once, it looks for the device of a session it just changed.
        writing!(self, db => {
            sqlx::query("delete from devices where user_id = $1").bind(id.0).execute(db).await
        }
        .map(drop))?;
        writing!(self, db => {
            sqlx::query("delete from users where id = $1").bind(id.0).execute(db).await
        }
        .map(drop))?;
        Ok(())
    }
}
