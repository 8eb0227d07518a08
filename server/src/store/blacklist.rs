//! The table `blacklisted_tokens`. Rows are added, never taken back.

use super::tokens_page::{limit, patterns};
use super::{Direction, Ending, Page, Result, Store, TokenId, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::SessionId;

/// The reason of a token that was spent by a rotation; the others are those of [`crate::session::EndReason`].
pub const ROTATED: &str = "rotated";

/// A blacklisted token as the list shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BlacklistedRow {
    /// The token's row number.
    pub token_id: i64,
    /// Its name.
    pub jti: String,
    /// `access`, `refresh` or `admin`.
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it would have stopped being valid.
    pub expires_at: UnixSeconds,
    /// When it was blacklisted.
    pub blacklisted_at: UnixSeconds,
    /// Why.
    pub reason: String,
    /// By whom; `None` where the server acted by itself.
    pub actor: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
}

/// Where a row stands in the list: time, then number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BlacklistedPosition {
    /// When the token was blacklisted.
    pub at: UnixSeconds,
    /// The token's row number.
    pub id: TokenId,
}

impl Tx {
    /// Blacklists one token. False when it was blacklisted before: the first reason stays.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn blacklist(&mut self, id: TokenId, ending: &Ending) -> Result<bool> {
        let rows = writing!(self, db => {
            sqlx::query(
                "insert into blacklisted_tokens (token_id, blacklisted_at, reason, actor, note)
                 values ($1, $2, $3, $4, $5)
                 on conflict (token_id) do nothing",
            )
            .bind(id.0)
            .bind(ending.at)
            .bind(ending.reason.as_str())
            .bind(&ending.by)
            .bind(&ending.note)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Blacklists every token of a session that could still be used.
    ///
    /// # Errors
    /// The database is out of reach.
    pub(super) async fn blacklist_session(&mut self, id: SessionId, ending: &Ending) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "insert into blacklisted_tokens (token_id, blacklisted_at, reason, actor, note)
                 select id, $2, $3, $4, $5 from outstanding_tokens where session_id = $1 and expires_at > $2
                 on conflict (token_id) do nothing",
            )
            .bind(id.to_string())
            .bind(ending.at)
            .bind(ending.reason.as_str())
            .bind(&ending.by)
            .bind(&ending.note)
            .execute(db)
            .await
        }
        .map(drop))?;
        Ok(())
    }
}

/// The rows on one side of a position, in the order that leads away from it.
macro_rules! blacklisted_beside {
    ($side:literal, $order:literal) => {
        concat!(
            r"select b.token_id, t.jti, t.token_type, t.session_id, u.username, t.created_at, t.expires_at,
                     b.blacklisted_at, b.reason, b.actor, b.note
              from blacklisted_tokens b
              join outstanding_tokens t on t.id = b.token_id
              left join users u on u.id = t.user_id
              where (b.blacklisted_at, b.token_id) ", $side, r" ($1, $2)
                and (u.username_folded like $3 escape '\' or t.jti like $4 escape '\')
              order by b.blacklisted_at ", $order, ", b.token_id ", $order, " limit $5"
        )
    };
}

impl Store {
    /// A page of blacklisted tokens, latest first, whose user's name contains `search`, or whose `jti` contains
    /// it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn blacklisted(
        &self,
        search: &str,
        from: Direction<BlacklistedPosition>,
    ) -> Result<Page<BlacklistedRow>> {
        const END: BlacklistedPosition = BlacklistedPosition {
            at: i64::MAX,
            id: TokenId(i64::MAX),
        };
        let (sql, position) = match from {
            Direction::Newest => (blacklisted_beside!("<", "desc"), END),
            Direction::OlderThan(position) => (blacklisted_beside!("<", "desc"), position),
            Direction::NewerThan(position) => (blacklisted_beside!(">", "asc"), position),
        };
        let (name, jti) = patterns(search);
        let rows = reading!(self, db => {
            sqlx::query_as(sql)
                .bind(position.at)
                .bind(position.id.0)
                .bind(name)
                .bind(jti)
                .bind(limit())
                .fetch_all(db)
                .await
        })?;
        Ok(Page::cut(rows, &from))
    }
}
