//! The list of sessions, and which of them a filter means. Whoever revokes what a filter matches walks the same list.

use serde::{Deserialize, Serialize};

use super::scan::{COUNTED, List, Narrow, Order, Scope, Sql, bound, order_by};
use super::{Result, Store, among, reading};
use crate::clock::UnixSeconds;
use crate::network::Block;
use crate::token::{Jti, SessionId, UserId};

/// Up to how many sessions that were used from a block of addresses are taken by name. Where there are more they are not
/// rare, and a walk along the list meets them soon.
const RARE: i64 = 500;

/// What may have become of a session.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionStatus {
    /// It goes on.
    Live,
    /// Nobody ended it; none of its tokens can be used any more.
    RunOut,
    /// It was ended.
    Ended,
}

/// Which sessions. All conditions that are there must hold. What is not there is not written either, so that what one
/// version puts on record another can read as long as it knows what was asked for.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionFilter {
    /// These only; one of them may be told by a token of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<String>>,
    /// The session of the token of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Those whose id ends so; hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// Those of these users; of nobody where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<i64>>,
    /// Those on this device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Those that were used from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Block>,
    /// What became of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SessionStatus>,
    /// A name of [`crate::session::EndReason`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Those of the admin, or those of clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_admin: Option<bool>,
    /// Opened then, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<UnixSeconds>,
    /// Opened before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixSeconds>,
}

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

impl SessionStatus {
    /// The condition on a row of `sessions t`.
    pub(super) fn condition(self, now: UnixSeconds) -> Sql {
        match self {
            Self::Live => Sql::new("(t.ended_at is null and t.expires_at > ")
                .bind(now)
                .push(" and t.tokens_expire_at > ")
                .bind(now)
                .push(")"),
            Self::RunOut => Sql::new("(t.ended_at is null and (t.expires_at <= ")
                .bind(now)
                .push(" or t.tokens_expire_at <= ")
                .bind(now)
                .push("))"),
            Self::Ended => Sql::new("t.ended_at is not null"),
        }
    }
}

impl SessionFilter {
    /// The orders that an index has for these sessions.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        let is_narrow = self.users.is_some() || self.device.is_some() || self.reason.is_some();
        if is_narrow || self.of_admin == Some(true) {
            &[BY_OPENING]
        } else {
            &[BY_OPENING, BY_EXPIRY, BY_END]
        }
    }

    /// Nothing was asked for: these are all sessions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Where to walk, and what to look at there. `nearby` are the sessions used from the block, if they are few.
    fn scope(&self, order: Order, nearby: Option<&[String]>, now: UnixSeconds) -> Scope {
        // Every field is named, here and in `narrow`: what is not asked of a row would end everybody's sessions.
        let Self {
            ids: _,
            token: _,
            users: _,
            device: _,
            reason: _,
            ending,
            address,
            status,
            of_admin,
            from,
            until,
        } = self;
        let opened: Vec<_> = bound(
            ["t.id >= ", "t.id < "],
            from.map(|at| SessionId::since(at).to_string()),
            until.map(|at| SessionId::since(at).to_string()),
        )
        .collect();
        let mut narrow: Vec<_> = self.narrow(nearby).collect();
        let is_open = matches!(status, Some(SessionStatus::Live | SessionStatus::RunOut));
        // Those that were not ended have an index of their own, in this order.
        if narrow.is_empty() && is_open && order.name == BY_OPENING.name {
            narrow.push(Narrow::to(Sql::new("t.ended_at is null")));
        }
        let mut scope = Scope::narrowed(narrow);
        if order.name == BY_OPENING.name {
            scope.within(opened);
        } else {
            scope.row.extend(opened);
        }
        if order.name == BY_END.name {
            scope.within([Sql::new("t.ended_at is not null")]);
        }
        let ending = ending.as_deref();
        scope
            .row
            .extend(ending.map(|ending| Sql::ends("t.id", ending)));
        scope.row.extend(status.map(|status| status.condition(now)));
        if *of_admin == Some(false) {
            scope.row.push(Sql::new("t.access_expires_at > 0"));
        }
        if let (Some(block), None) = (*address, nearby) {
            scope.look_ups.push(used_from(block, "t.id"));
        }
        scope
    }

    /// What an index answers, the narrowest first.
    fn narrow(&self, nearby: Option<&[String]>) -> impl Iterator<Item = Narrow> {
        let Self {
            ids,
            token,
            users,
            device,
            reason,
            of_admin,
            ending: _,
            address: _,
            status: _,
            from: _,
            until: _,
        } = self;
        let one_of =
            |ids: &[String]| Narrow::to_those_in("t.id in ", ids.iter().map(String::as_str));
        let token = token.as_deref().map(|jti| {
            let session =
                Sql::new("t.id = (select session_id from outstanding_tokens where jti = ");
            Narrow::to(session.bind(jti).push(")"))
        });
        let users = users
            .as_deref()
            .map(|users| Narrow::to_any(users.iter().map(|id| Sql::new("t.user_id = ").bind(*id))));
        let device = device.as_deref();
        let device = device.map(|id| Narrow::to(Sql::new("t.device_id = ").bind(id)));
        let reason = reason.as_deref();
        let reason = reason.map(|reason| Narrow::to(Sql::new("t.end_reason = ").bind(reason)));
        // The index of these rare ones is told by the number itself.
        let is_of_admin = *of_admin == Some(true);
        let of_admin = is_of_admin.then(|| Narrow::to(Sql::new("t.access_expires_at = 0")));
        let ids = ids.as_deref().map(one_of);
        let all = [
            token,
            ids,
            users,
            device,
            nearby.map(one_of),
            reason,
            of_admin,
        ];
        all.into_iter().flatten()
    }

    /// Whether the address is what these sessions are found by.
    fn is_found_by_address(&self) -> Option<Block> {
        let others = self.token.is_some() || self.ids.is_some() || self.users.is_some();
        self.address.filter(|_| !others && self.device.is_none())
    }
}

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

    /// The id of the oldest session that is live at `now`; `None` where none of those that were opened first is.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn oldest_live_session(&self, now: UnixSeconds) -> Result<Option<String>> {
        let (id,): (Option<String>,) = reading!(self, db => {
            sqlx::query_as(
                "select min(id) from (select id, expires_at, tokens_expire_at from sessions
                                      where ended_at is null order by id limit $2) t
                 where expires_at > $1 and tokens_expire_at > $1",
            )
            .bind(now)
            .bind(COUNTED)
            .fetch_one(db)
            .await
        })?;
        Ok(id)
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

/// The form in which filters keep ids: as they stand in tables.
impl SessionFilter {
    /// The same, of these users only.
    #[must_use]
    pub fn of_users(self, ids: &[UserId]) -> Self {
        Self {
            users: Some(among(self.users.as_deref(), ids)),
            ..self
        }
    }

    /// The same, of the token of this name only.
    #[must_use]
    pub fn of_token(self, jti: &Jti) -> Self {
        Self {
            token: Some(jti.as_str().to_owned()),
            ..self
        }
    }
}
