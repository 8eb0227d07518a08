//! The session somebody works in the admin with: asked at every page, so it is one statement.

use super::{Result, Store, Tx, User, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::SessionId;

/// A live session, with its user as they are now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AdminSession {
    /// Whose it is.
    #[sqlx(flatten)]
    pub user: User,
    /// When they last gave their password in it.
    pub confirmed_at: UnixSeconds,
}

impl Store {
    /// The session, if it is live at `now`, is not about to end with everyone's, and has a user. Whether they may see the
    /// admin is for others to say.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn admin_session(
        &self,
        id: SessionId,
        now: UnixSeconds,
    ) -> Result<Option<AdminSession>> {
        let session = reading!(self, db => {
            sqlx::query_as(
                "select u.id, u.username, u.email, u.is_active, u.is_staff, u.is_superuser, u.date_joined,
                        u.last_login, u.tokens_valid_after, s.confirmed_at
                 from sessions s
                 join users u on u.id = s.user_id
                 where s.id = $1 and s.ended_at is null and s.expires_at > $2
                   and not exists (select 1 from warrants
                                   where finished_at is null and target = '\"everyone\"'
                                     and last_id >= $1 and spared <> $1)",
            )
            .bind(id.to_string())
            .bind(now)
            .fetch_optional(db)
            .await
        })?;
        Ok(session)
    }
}

impl Tx {
    /// Notes that the password was given again in a session. False, and nothing noted, when it has ended.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn confirm_session(&mut self, id: SessionId, now: UnixSeconds) -> Result<bool> {
        let done = writing!(self, db => {
            sqlx::query("update sessions set confirmed_at = $2 where id = $1 and ended_at is null")
                .bind(id.to_string())
                .bind(now)
                .execute(db)
                .await
                .map(|done| done.rows_affected())
        })?;
        Ok(done > 0)
    }
}
