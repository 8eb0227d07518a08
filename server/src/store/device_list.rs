//! The list of devices, and which of them a filter means.

use serde::Serialize;

use super::latest_sessions::{LiveSessions, live_sessions};
use super::scan::{List, Narrow, Order, Scope, Sql, bound, order_by};
use super::search::is_of_user_beginning;
use crate::clock::UnixSeconds;
use crate::device::Kind;
use crate::token::{Jti, SessionId};

/// Which devices. All conditions that are there must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DeviceFilter {
    /// These only; none where there is none.
    pub ids: Option<Vec<String>>,
    /// The one of this id, or the one that the session of this id was opened on.
    pub either: Option<String>,
    /// The one that the session of the token of this name was opened on.
    pub token: Option<Jti>,
    /// Those of these users; of nobody where there is none.
    pub users: Option<Vec<i64>>,
    /// Those of users whose name or e-mail address begins so. Looked at device by device.
    pub of_user_beginning: Option<String>,
    /// What kind of thing they are.
    pub kind: Option<Kind>,
    /// First seen then, or later.
    pub from: Option<UnixSeconds>,
    /// First seen before then.
    pub until: Option<UnixSeconds>,
}

/// A device as the list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedDevice {
    /// Its id.
    pub id: String,
    /// Its user's number.
    pub user_id: i64,
    /// Its user's name.
    pub username: Option<String>,
    /// Its user's word for it; empty where there is none.
    pub name: String,
    /// Empty where unknown, as the following.
    pub browser: String,
    /// The browser's version.
    pub browser_version: String,
    /// The operating system.
    pub os: String,
    /// Its version.
    pub os_version: String,
    /// The model.
    pub model: String,
    /// What kind of thing it is: a name of [`Kind`].
    pub kind: String,
    /// When a session was first opened on it.
    pub first_seen_at: UnixSeconds,
    /// The last time one was used.
    pub last_seen_at: UnixSeconds,
    /// How many of its latest sessions are live; none where that was not asked for.
    #[sqlx(flatten)]
    #[serde(skip)]
    pub sessions: LiveSessions,
}

/// By when they were first seen.
const BY_FIRST: Order = order_by!("first", "id" as Id);

/// By when they were last seen.
const BY_LAST: Order = order_by!("last", "last_seen_at" as Number, "id" as Id);

impl DeviceFilter {
    /// The orders that an index has for these devices; a few are sorted. Where rows must be looked at one by one, those
    /// that follow each other lie beside each other only in the order of their ids.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        let is_few = self.ids.is_some()
            || self.either.is_some()
            || self.token.is_some()
            || self.users.is_some();
        let is_looked_at = self.kind.is_some() || self.from.is_some() || self.until.is_some();
        if is_few || !is_looked_at {
            &[BY_FIRST, BY_LAST]
        } else {
            &[BY_FIRST]
        }
    }

    fn scope(&self, order: Order) -> Scope {
        let mut scope = Scope::narrowed(self.narrow());
        // Ids of devices are UUIDv7, too.
        let first_seen = bound(
            ["t.id >= ", "t.id < "],
            self.from.map(|at| SessionId::since(at).to_string()),
            self.until.map(|at| SessionId::since(at).to_string()),
        );
        if order.name == BY_FIRST.name {
            scope.within(first_seen);
        } else {
            scope.row.extend(first_seen);
        }
        let kind = self
            .kind
            .map(|kind| Sql::new("t.kind = ").bind(kind.as_str()));
        scope.row.extend(kind);
        let named = self.of_user_beginning.as_deref();
        scope.look_ups.extend(named.map(is_of_user_beginning));
        scope
    }

    /// What an index answers, the narrowest first.
    fn narrow(&self) -> impl Iterator<Item = Narrow> {
        let token = self.token.as_ref().map(|jti| {
            let device = Sql::new(
                "t.id = (select device_id from sessions
                         where id = (select session_id from outstanding_tokens where jti = ",
            );
            Narrow::to(device.bind(jti.as_str()).push("))"))
        });
        let either = self.either.as_deref().map(|id| {
            let session = Sql::new("t.id = (select device_id from sessions where id = ");
            Narrow::to_any([Sql::new("t.id = ").bind(id), session.bind(id).push(")")])
        });
        let ids = self.ids.as_deref();
        let ids = ids.map(|ids| Narrow::to_those_in("t.id in ", ids.iter().map(String::as_str)));
        let users = self
            .users
            .as_deref()
            .map(|users| Narrow::to_any(users.iter().map(|id| Sql::new("t.user_id = ").bind(*id))));
        [token, either, ids, users].into_iter().flatten()
    }

    /// Their list, with how many of the latest sessions of each are live.
    #[must_use]
    pub fn list_with_sessions(&self, order: Order, now: UnixSeconds) -> List {
        List {
            beside: live_sessions("s.device_id = t.id", now),
            ..self.list(order)
        }
    }

    /// Their list.
    #[must_use]
    pub fn list(&self, order: Order) -> List {
        List {
            columns: "select t.id, t.user_id, u.username, t.name, t.browser, t.browser_version, t.os, t.os_version,
                             t.model, t.kind, t.first_seen_at, t.last_seen_at",
            beside: Sql::default(),
            table: "devices",
            joins: "left join users u on u.id = t.user_id",
            order,
            scope: self.scope(order),
        }
    }
}
