//! The table `blacklisted_tokens`. Rows are added, never taken back.

use sqlx::QueryBuilder;

use super::{Ending, Result, Revocation, Revoked, Step, Stride, TokenId, Tx, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::token::{Jti, TokenType};

/// The reason of a token that was spent by a rotation, or superseded by a refresh; the others are those of [`crate::session::EndReason`].
pub const ROTATED: &str = "rotated";

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

    /// Blacklists every token that could still be used of the sessions among what was revoked.
    ///
    /// # Errors
    /// The database is out of reach.
    pub(super) async fn blacklist_sessions(
        &mut self,
        revoked: &[Revocation],
        ending: &Ending,
    ) -> Result<()> {
        let sessions = revoked
            .iter()
            .filter_map(|revocation| match revocation.what {
                Revoked::Session(id) => Some(id.to_string()),
                Revoked::Token(_) | Revoked::User(_) | Revoked::Everyone => None,
            });
        let sessions: Vec<_> = sessions.collect();
        for some in sessions.chunks(SESSIONS_AT_ONCE) {
            writing!(self, db => {
                let mut query = QueryBuilder::new(
                    "insert into blacklisted_tokens (token_id, blacklisted_at, reason, actor, note) select id, ",
                );
                query.push_bind(ending.at).push(", ").push_bind(ending.reason.as_str());
                query.push(", ").push_bind(ending.by.clone()).push(", ").push_bind(ending.note.clone());
                query.push(" from outstanding_tokens where expires_at > ").push_bind(ending.at);
                query.push(" and session_id in ");
                query.push_tuples(some, |mut tuple, id| { tuple.push_bind(id.clone()); });
                query.push(" on conflict (token_id) do nothing");
                query.build().execute(db).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Blacklists what a step supersedes: the earlier access tokens of its session that expire after `since`, and, where
    /// it rotates, the earlier refresh tokens, too. Answers the access tokens, to be announced when all else is done.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn supersede(&mut self, step: &Step, since: UnixSeconds) -> Result<Vec<Revocation>> {
        let rows: Vec<Superseded> = writing!(self, db => {
            sqlx::query_as(
                "select t.id, t.jti, t.token_type, t.expires_at from outstanding_tokens t
                 left join blacklisted_tokens b on b.token_id = t.id
                 where t.session_id = $1 and t.expires_at > $2 and b.token_id is null
                   and (t.token_type = 'access' or $3)",
            )
            .bind(step.session.to_string())
            .bind(since)
            .bind(step.stride == Stride::Rotate)
            .fetch_all(db)
            .await
        })?;
        let is_new = |row: &Superseded| step.tokens.iter().any(|token| token.id.0 == row.id);
        let rows: Vec<_> = rows.into_iter().filter(|row| !is_new(row)).collect();
        for some in rows.chunks(SUPERSEDED_AT_ONCE) {
            writing!(self, db => {
                let mut query = QueryBuilder::new("insert into blacklisted_tokens (token_id, blacklisted_at, reason) ");
                query.push_values(some, |mut values, row| {
                    values.push_bind(row.id).push_bind(step.at).push_bind(ROTATED);
                });
                query.push(" on conflict (token_id) do nothing");
                query.build().execute(db).await.map(drop)
            })?;
        }
        let accesses = rows
            .into_iter()
            .filter(|row| row.token_type == TokenType::Access.as_str());
        accesses.map(Superseded::revocation).collect()
    }
}

/// Of how many sessions one statement blacklists the tokens.
const SESSIONS_AT_ONCE: usize = 500;

/// How many tokens one statement blacklists: three values each, and SQLite takes 32766.
const SUPERSEDED_AT_ONCE: usize = 1000;

#[derive(sqlx::FromRow)]
struct Superseded {
    id: i64,
    jti: String,
    token_type: String,
    expires_at: UnixSeconds,
}

impl Superseded {
    fn revocation(self) -> Result<Revocation> {
        let jti = Jti::parse(&self.jti).ok_or_else(|| unreadable("outstanding_tokens"))?;
        Ok(Revocation {
            what: Revoked::Token(jti),
            value: self.expires_at,
        })
    }
}
