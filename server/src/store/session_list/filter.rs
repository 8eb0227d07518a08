//! Which sessions a filter means: where to walk, and what to look at there. A field that is new here does not compile until
//! it is looked at.

use serde::{Deserialize, Serialize};

use super::{BY_END, BY_EXPIRY, BY_OPENING, used_from};
use crate::clock::UnixSeconds;
use crate::network::Block;
use crate::session::EndReason;
use crate::store::scan::{Narrow, Order, Scope, Sql, bound};
use crate::store::{NameEnd, among};
use crate::token::{Jti, SessionId, UserId};

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
    /// Those whose id ends so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<NameEnd>,
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
    /// Those that ended for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<EndReason>,
    /// Those that this warrant ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warrant: Option<i64>,
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

impl SessionStatus {
    /// The condition on a row of `sessions t`.
    pub(in crate::store) fn condition(self, now: UnixSeconds) -> Sql {
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
        let is_narrow = self.users.is_some()
            || self.device.is_some()
            || self.reason.is_some()
            || self.warrant.is_some();
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
    pub(super) fn scope(&self, order: Order, nearby: Option<&[String]>, now: UnixSeconds) -> Scope {
        // Every field is named, here and in `narrow`: what is not asked of a row would end everybody's sessions.
        let Self {
            ids: _,
            token: _,
            users: _,
            device: _,
            reason: _,
            warrant: _,
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
        let ending = ending.as_ref().map(|ending| Sql::ends("t.id", ending));
        scope.row.extend(ending);
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
            warrant,
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
        let reason = reason.map(|reason| {
            let ended = Sql::new("t.end_reason = ").bind(reason.as_str());
            Narrow::to(ended)
        });
        let warrant = warrant.map(|id| Narrow::to(Sql::new("t.warrant_id = ").bind(id)));
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
            warrant,
            reason,
            of_admin,
        ];
        all.into_iter().flatten()
    }

    /// Whether the address is what these sessions are found by.
    pub(super) fn is_found_by_address(&self) -> Option<Block> {
        let others = self.token.is_some() || self.ids.is_some() || self.users.is_some();
        let others = others || self.device.is_some() || self.warrant.is_some();
        self.address.filter(|_| !others)
    }

    /// The same, of these users only.
    #[must_use]
    pub fn of_users(self, ids: &[UserId]) -> Self {
        Self {
            users: Some(among(self.users.as_deref(), ids)),
            ..self
        }
    }

    /// The same, with these ids only.
    #[must_use]
    pub fn of_ids(self, ids: &[String]) -> Self {
        let is_chosen = |id: &&String| self.ids.as_ref().is_none_or(|chosen| chosen.contains(*id));
        let ids = ids.iter().filter(is_chosen).cloned().collect();
        Self {
            ids: Some(ids),
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
