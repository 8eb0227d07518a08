//! The list of outstanding tokens. Whoever revokes what a filter matches walks along its tokens.

mod filter;

use serde::Serialize;

use super::scan::{List, Order, Sql, order_by};
use super::{Result, Store};
use crate::clock::UnixSeconds;
use crate::network::Block;

pub use filter::{TokenFilter, TokenStatus};

/// Up to how many sessions that were used from a block of addresses are each walked along.
const RARE: usize = 50;

/// A token as the list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedToken {
    /// The row's number.
    pub id: i64,
    /// Its name.
    pub jti: String,
    /// A name of [`crate::token::TokenType`].
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// Its generation.
    pub generation: i64,
    /// Its user's number.
    pub user_id: Option<i64>,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was issued.
    pub created_at: UnixSeconds,
    /// When it stops being valid.
    pub expires_at: UnixSeconds,
    /// The address it was issued to.
    pub ip: String,
    /// When its session ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why its session ended.
    pub end_reason: Option<String>,
    /// When it was blacklisted.
    pub blacklisted_at: Option<UnixSeconds>,
    /// Why it was blacklisted.
    pub blacklist_reason: Option<String>,
}

/// By when tokens were issued. Every filter has this order.
pub(super) const BY_ISSUE: Order = order_by!("issued", "id" as Number);

/// By when they stop being valid.
const BY_EXPIRY: Order = order_by!("expires", "expires_at" as Number, "id" as Number);

/// The same, those that expire next first.
const EXPIRES_NEXT: Order = BY_EXPIRY.descending(false);

/// Tokens that were revoked, which are few among many, along an index of theirs. A cross join is walked as it is written.
const REVOKED: &str = "(select b.token_id as id, o.jti, o.token_type, o.session_id, o.generation, o.user_id, o.created_at,
                               o.expires_at, o.ip
                        from blacklisted_tokens b cross join outstanding_tokens o
                        where o.id = b.token_id and b.reason <> 'rotated')";

pub(super) const ENDED: &str = "(select s.ended_at from sessions s where s.id = t.session_id)";
impl Store {
    /// The tokens of a filter. One statement where they are found by a block of addresses, else none.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn token_list(
        &self,
        filter: &TokenFilter,
        order: Order,
        now: UnixSeconds,
    ) -> Result<List> {
        let nearby = match filter.is_found_by_address() {
            Some(block) => self.few_sessions_used_from(block).await?,
            None => None,
        };
        let scope = filter.scope(order, nearby.as_deref(), now);
        let is_wide = filter.narrow(nearby.as_deref()).is_empty();
        Ok(List {
            columns: "select t.id, t.jti, t.token_type, t.session_id, t.generation, t.user_id, u.username, t.created_at,
                             t.expires_at, t.ip, s.ended_at, s.end_reason, b.blacklisted_at,
                             b.reason as blacklist_reason",
            beside: Sql::default(),
            table: match filter.status {
                Some(TokenStatus::Blacklisted) if is_wide => REVOKED,
                _ => "outstanding_tokens",
            },
            joins: "join sessions s on s.id = t.session_id
                    left join users u on u.id = t.user_id
                    left join blacklisted_tokens b on b.token_id = t.id",
            order,
            scope,
        })
    }

    /// The sessions that were used from a block of addresses; `None` when they are too many to walk along each.
    pub(super) async fn few_sessions_used_from(&self, block: Block) -> Result<Option<Vec<String>>> {
        let nearby = self.sessions_used_from(block).await?;
        Ok(nearby.filter(|ids| ids.len() <= RARE))
    }
}
