//! The list of users, and which of them a filter means. Neither passwords nor their hashes are read for it.

use serde::Serialize;

use super::latest_sessions::{LiveSessions, live_sessions};
use super::scan::{List, Narrow, Order, Scope, Sql, bound, order_by};
use crate::clock::UnixSeconds;
use crate::token::Jti;

/// Whether a user may log in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UserStatus {
    /// They may.
    Active,
    /// They may not.
    ShutOut,
}

/// What a user may do in the admin, at the least.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UserRole {
    /// See it, and revoke.
    Staff,
    /// Everything.
    Superuser,
}

/// Which users. All conditions that are there must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UserFilter {
    /// These only; nobody where there is none.
    pub ids: Option<Vec<i64>>,
    /// The one whose session this is.
    pub session: Option<String>,
    /// The one whose token has this name.
    pub token: Option<Jti>,
    /// Whether they may log in.
    pub status: Option<UserStatus>,
    /// What they may do.
    pub role: Option<UserRole>,
    /// Joined then, or later.
    pub from: Option<UnixSeconds>,
    /// Joined before then.
    pub until: Option<UnixSeconds>,
}

/// A user as the list shows them.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedUser {
    /// Their number.
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
    /// When they were added.
    pub joined_at: UnixSeconds,
    /// Their last login, where `UPDATE_LAST_LOGIN` is on.
    pub last_login_at: Option<UnixSeconds>,
    /// How many of their latest sessions are live; none where that was not asked for.
    #[sqlx(flatten)]
    #[serde(skip)]
    pub sessions: LiveSessions,
}

/// By when they joined.
const BY_JOINING: Order = order_by!("joined", "date_joined" as Number, "id" as Number);

/// By name, in lower case.
const BY_NAME: Order = order_by!("username", "username_folded" as Text).descending(false);

/// By number. Those of a role, and those who are shut out, have this order.
const BY_NUMBER: Order = order_by!("number", "id" as Number);

/// The last login on record: the column is kept only where `UPDATE_LAST_LOGIN` is on, and a login opens a session. One row
/// for each user; their events would be hundreds, read from all over the disk.
const LAST_LOGIN: &str = ", coalesce((select s.opened_at from sessions s where s.user_id = t.id
                                      order by s.id desc limit 1), t.last_login) as last_login_at";

impl UserFilter {
    /// The orders that an index has for these users; a few are sorted.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        let is_few = self.ids.is_some() || self.session.is_some() || self.token.is_some();
        let is_narrow = self.role.is_some() || self.status == Some(UserStatus::ShutOut);
        let has_days = self.from.is_some() || self.until.is_some();
        match (is_few, is_narrow, has_days) {
            (false, true, _) => &[BY_NUMBER],
            (false, false, true) => &[BY_JOINING],
            (true, _, _) | (false, false, false) => &[BY_JOINING, BY_NAME],
        }
    }

    fn scope(&self, order: Order) -> Scope {
        let mut scope = Scope::narrowed(self.narrow());
        let joined = bound(
            ["t.date_joined >= ", "t.date_joined < "],
            self.from,
            self.until,
        );
        if order.name == BY_JOINING.name {
            scope.within(joined);
        } else {
            scope.row.extend(joined);
        }
        if self.role == Some(UserRole::Superuser) {
            scope.row.push(Sql::new("t.is_superuser"));
        }
        if self.status == Some(UserStatus::Active) {
            scope.row.push(Sql::new("t.is_active"));
        }
        scope
    }

    /// What an index answers, the narrowest first.
    fn narrow(&self) -> impl Iterator<Item = Narrow> {
        let token = self.token.as_ref().map(|jti| {
            let user = Sql::new("t.id = (select user_id from outstanding_tokens where jti = ");
            Narrow::to(user.bind(jti.as_str()).push(")"))
        });
        let session = self.session.as_deref().map(|id| {
            let user = Sql::new("t.id = (select user_id from sessions where id = ");
            Narrow::to(user.bind(id).push(")"))
        });
        let ids = self.ids.as_deref();
        let ids = ids.map(|ids| Narrow::to_those_in("t.id in ", ids.iter().copied()));
        let staff = self
            .role
            .is_some()
            .then(|| Narrow::to(Sql::new("t.is_staff")));
        let is_shut_out = self.status == Some(UserStatus::ShutOut);
        let shut_out = is_shut_out.then(|| Narrow::to(Sql::new("not t.is_active")));
        [token, session, ids, staff, shut_out].into_iter().flatten()
    }

    /// Their list, with how many of the latest sessions of each are live.
    #[must_use]
    pub fn list_with_sessions(&self, order: Order, now: UnixSeconds) -> List {
        let list = self.list(order);
        List {
            beside: live_sessions("s.user_id = t.id", now).add(list.beside),
            ..list
        }
    }

    /// Their list.
    #[must_use]
    pub fn list(&self, order: Order) -> List {
        List {
            columns: "select t.id, t.username, t.email, t.is_active, t.is_staff, t.is_superuser,
                             t.date_joined as joined_at",
            beside: Sql::new(LAST_LOGIN),
            table: "users",
            joins: "",
            order,
            scope: self.scope(order),
        }
    }
}
