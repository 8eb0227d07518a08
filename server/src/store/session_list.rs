//! The list of sessions. Whoever revokes what a filter matches walks the same list.

mod filter;

use serde::Serialize;

use super::scan::{List, Order, Sql, order_by};
use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::network::Block;

pub use filter::{SessionFilter, SessionStatus};

/// Up to how many sessions that were used from a block of addresses are taken by name. Where there are more they are not
/// rare, and a walk along the list meets them soon.
const RARE: i64 = 500;

/// A session as the list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedSession {
    /// Its id.
    pub id: String,
    /// Its user's number.
    pub user_id: Option<i64>,
    /// The name of its user; `None` when that user was deleted.
    pub username: Option<String>,
    /// When it was opened.
    pub opened_at: UnixSeconds,
    /// The last time tokens were issued in it, or one of them was used.
    pub last_seen_at: UnixSeconds,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// When the last of its tokens expires.
    pub tokens_expire_at: UnixSeconds,
    /// When the last of its access tokens expires; nought in sessions of the admin.
    pub access_expires_at: UnixSeconds,
    /// How often it was rotated.
    pub generation: i64,
    /// When it ended.
    pub ended_at: Option<UnixSeconds>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// The address tokens were last issued to.
    pub ip: String,
    /// The country of its network; empty or `None` where that is not known.
    pub country: Option<String>,
    /// Its device.
    pub device_id: Option<String>,
    /// The user's word for that.
    pub device_name: Option<String>,
    /// The device's browser.
    pub browser: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
}

/// By when sessions were opened. Every filter has this order.
const BY_OPENING: Order = order_by!("opened", "id" as Id);

/// By their absolute end.
const BY_EXPIRY: Order = order_by!("expires", "expires_at" as Number, "id" as Id);

/// By when they were ended; those that were not are not in it.
const BY_END: Order = order_by!("ended", "ended_at" as Number, "id" as Id);

/// Whether a session was used from a block of addresses; its id is this column.
pub(super) fn used_from(block: Block, id: &'static str) -> Sql {
    let (first, last) = block.numbers();
    Sql::new("(select count(*) from session_addresses a where a.session_id = ")
        .push(id)
        .push(" and a.network_number between ")
        .bind(first)
        .push(" and ")
        .bind(last)
        .push(") > 0")
}

impl Store {
    /// The sessions of a filter. One statement where they are found by a block of addresses, else none.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session_list(
        &self,
        filter: &SessionFilter,
        order: Order,
        now: UnixSeconds,
    ) -> Result<List> {
        let nearby = match filter.is_found_by_address() {
            Some(block) => self.sessions_used_from(block).await?,
            None => None,
        };
        Ok(List {
            columns: "select t.id, t.user_id, u.username, t.opened_at, t.last_seen_at, t.expires_at,
                             t.tokens_expire_at, t.access_expires_at, t.generation, t.ended_at, t.end_reason, t.ended_by,
                             t.ip, a.country, t.device_id, d.name as device_name, d.browser, d.os",
            beside: Sql::default(),
            table: "sessions",
            joins: "left join users u on u.id = t.user_id
                    left join devices d on d.id = t.device_id
                    left join session_addresses a on a.session_id = t.id and a.network = t.network",
            order,
            scope: filter.scope(order, nearby.as_deref(), now),
        })
    }

    /// The sessions that were used from a block of addresses; `None` when they are more than [`RARE`].
    pub(super) async fn sessions_used_from(&self, block: Block) -> Result<Option<Vec<String>>> {
        let (first, last) = block.numbers();
        let rows: Vec<(String,)> = reading!(self, db => {
            sqlx::query_as(
                "select session_id from session_addresses where network_number between $1 and $2 limit $3",
            )
            .bind(first)
            .bind(last)
            .bind(RARE + 1)
            .fetch_all(db)
            .await
        })?;
        // A session has a row a network: what the limit left out may be of others.
        let few = rows.len() <= usize::try_from(RARE).unwrap_or(usize::MAX);
        let mut ids: Vec<_> = rows.into_iter().map(|(id,)| id).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(few.then_some(ids))
    }
}
