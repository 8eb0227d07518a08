//! Reads all tokens of a session at once, however long the chain: every token carries its session, so nobody follows
//! it from parent to child.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::session::{TokenState, TreeToken};
use crate::token::{Generation, SessionId};

/// Which tokens of a session are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// All that are on record.
    All,
    /// Those that may be used now.
    Active,
    /// Those that may not: expired, spent or revoked.
    Over,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    parent_id: Option<i64>,
    generation: i64,
    token_type: String,
    jti: String,
    created_at: UnixSeconds,
    expires_at: UnixSeconds,
    reason: Option<String>,
    ip: String,
}

macro_rules! tokens_where {
    ($condition:literal) => {
        concat!(
            "select t.id, t.parent_id, t.generation, t.token_type, t.jti, t.created_at, t.expires_at, b.reason, t.ip
             from outstanding_tokens t
             left join blacklisted_tokens b on b.token_id = t.id
             where t.session_id = $1 and ",
            $condition,
            " order by t.id"
        )
    };
}

impl Store {
    /// The tokens of a session as they are at `now`, in the order of their issue. One statement.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn tokens_of_session(
        &self,
        id: SessionId,
        which: Which,
        now: UnixSeconds,
    ) -> Result<Vec<TreeToken>> {
        let sql = match which {
            Which::All => tokens_where!("$2 = $2"),
            Which::Active => tokens_where!("t.expires_at > $2 and b.token_id is null"),
            Which::Over => tokens_where!("(t.expires_at <= $2 or b.token_id is not null)"),
        };
        let rows: Vec<Row> = reading!(self, db => {
            sqlx::query_as(sql).bind(id.to_string()).bind(now).fetch_all(db).await
        })?;
        Ok(rows.into_iter().map(|row| row.token(now)).collect())
    }
}

impl Row {
    fn token(self, now: UnixSeconds) -> TreeToken {
        TreeToken {
            id: self.id,
            parent: self.parent_id,
            generation: Generation(self.generation),
            token_type: self.token_type,
            jti: self.jti,
            issued_at: self.created_at,
            expires_at: self.expires_at,
            state: TokenState::of(self.reason, self.expires_at, now),
            ip: self.ip,
        }
    }
}
