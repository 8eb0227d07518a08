//! What the refresh of a sliding token writes: a compare-and-swap on the session's row, and how long the one row of the
//! token must be remembered. The token keeps its name, so it has no successor.

use super::{Result, TokenId, Tx, writing};
use crate::clock::UnixSeconds;
use crate::token::SessionId;

/// A sliding token that goes on.
#[derive(Clone, Copy, Debug)]
pub struct Slide {
    /// Its session, which must be live.
    pub session: SessionId,
    /// Its row, where that is still on record.
    pub token: Option<TokenId>,
    /// Now.
    pub at: UnixSeconds,
    /// Its user must be there and may log in (`CHECK_USER_IS_ACTIVE`).
    pub check_user_is_active: bool,
    /// The last moment any form of it can be valid.
    pub last: UnixSeconds,
}

impl Tx {
    /// Lets a sliding token go on. False, and nothing changed, when its session is over or its user may not log in.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn slide(&mut self, slide: Slide) -> Result<bool> {
        let moved = writing!(self, db => {
            sqlx::query(
                "update sessions set
                    last_seen_at = $2,
                    access_expires_at = case when access_expires_at < $3 then $3 else access_expires_at end,
                    tokens_expire_at = case when tokens_expire_at < $3 then $3 else tokens_expire_at end
                 where id = $1 and ended_at is null and expires_at > $2
                   and ($4 = 1
                        or exists (select 1 from users where users.id = sessions.user_id and users.is_active))",
            )
            .bind(slide.session.to_string())
            .bind(slide.at)
            .bind(slide.last)
            .bind(i64::from(!slide.check_user_is_active))
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        let Some(token) = slide.token.filter(|_| moved == 1) else {
            return Ok(moved == 1);
        };
        writing!(self, db => {
            sqlx::query("update outstanding_tokens set expires_at = $2 where id = $1 and expires_at < $2")
                .bind(token.0)
                .bind(slide.last)
                .execute(db)
                .await
                .map(drop)
        })?;
        Ok(true)
    }
}
