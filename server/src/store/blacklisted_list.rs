//! The list of blacklisted tokens. It is walked by the time of blacklisting; what belongs to somebody is found among
//! their tokens, in the order of issue.

use serde::Serialize;

use super::NameEnd;
use super::scan::{List, Narrow, Order, Scope, Sql, bound, order_by};
use super::session_list::used_from;
use crate::clock::UnixSeconds;
use crate::network::Block;

/// Which blacklisted tokens. All conditions that are there must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BlacklistedFilter {
    /// The one of this name.
    pub jti: Option<String>,
    /// Those whose name ends so; hexadecimal.
    pub ending: Option<NameEnd>,
    /// Those of this session.
    pub session: Option<String>,
    /// Those of these users; of nobody where there is none.
    pub users: Option<Vec<i64>>,
    /// Those of sessions that were used from there.
    pub address: Option<Block>,
    /// A name of [`crate::token::TokenType`].
    pub token_type: Option<&'static str>,
    /// Why: [`super::ROTATED`], or a name of [`crate::session::EndReason`].
    pub reason: Option<&'static str>,
    /// True: those that were revoked, false: those that a rotation spent.
    pub is_revoked: Option<bool>,
    /// Who did it.
    pub actor: Option<String>,
    /// Blacklisted then, or later.
    pub from: Option<UnixSeconds>,
    /// Blacklisted before then.
    pub until: Option<UnixSeconds>,
}

/// A blacklisted token as the list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedBlacklisted {
    /// The token's row number.
    pub token_id: i64,
    /// Its name.
    pub jti: String,
    /// A name of [`crate::token::TokenType`].
    pub token_type: String,
    /// Its session.
    pub session_id: String,
    /// Its user's number.
    pub user_id: Option<i64>,
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

/// By when they were blacklisted.
const BY_TIME: Order = order_by!(
    "blacklisted",
    "blacklisted_at" as Number,
    "token_id" as Number
);

/// By when they were issued, among all blacklisted ones.
const BY_ISSUE: Order = order_by!("issued", "token_id" as Number);

/// The same, among somebody's.
const BY_ISSUE_OF_SOME: Order = order_by!("issued", "id" as Number);

impl BlacklistedFilter {
    /// The orders that an index has for these tokens.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        match (self.is_of_somebody(), self.is_rare()) {
            (true, _) => &[BY_ISSUE_OF_SOME],
            (false, true) => &[BY_TIME],
            (false, false) => &[BY_TIME, BY_ISSUE],
        }
    }

    fn is_of_somebody(&self) -> bool {
        self.jti.is_some() || self.session.is_some() || self.users.is_some()
    }

    /// Whether these are among those that were revoked, which have an index of their own.
    fn is_rare(&self) -> bool {
        let is_revoked = self.reason.is_some_and(|reason| reason != super::ROTATED);
        is_revoked || self.is_revoked == Some(true) || self.actor.is_some()
    }

    /// Their list.
    #[must_use]
    pub fn list(&self, order: Order) -> List {
        if self.is_of_somebody() {
            self.among_tokens(order)
        } else {
            self.among_blacklisted(order)
        }
    }

    fn among_blacklisted(&self, order: Order) -> List {
        let mut scope = if self.is_rare() {
            Scope::along([Sql::new("t.reason <> 'rotated'")])
        } else {
            Scope::all()
        };
        let at = bound(
            ["t.blacklisted_at >= ", "t.blacklisted_at < "],
            self.from,
            self.until,
        );
        if order.name == BY_TIME.name {
            scope.within(at.collect::<Vec<_>>());
        } else {
            scope.row.extend(at);
        }
        scope.row.extend(
            self.reason
                .map(|reason| Sql::new("t.reason = ").bind(reason)),
        );
        if self.is_revoked == Some(false) {
            scope.row.push(Sql::new("t.reason = 'rotated'"));
        }
        let actor = self.actor.as_deref();
        scope
            .row
            .extend(actor.map(|actor| Sql::new("t.actor = ").bind(actor)));
        if let Some(token_type) = self.token_type {
            let of = Sql::new(
                "(select o.token_type from outstanding_tokens o where o.id = t.token_id) = ",
            );
            scope.look_ups.push(of.bind(token_type));
        }
        if let Some(ending) = &self.ending {
            let jti = "(select o.jti from outstanding_tokens o where o.id = t.token_id)";
            scope.look_ups.push(Sql::ends(jti, ending));
        }
        let session = "(select o.session_id from outstanding_tokens o where o.id = t.token_id)";
        scope
            .look_ups
            .extend(self.address.map(|block| used_from(block, session)));
        List {
            columns: "select t.token_id, o.jti, o.token_type, o.session_id, o.user_id, u.username, o.created_at,
                             o.expires_at, t.blacklisted_at, t.reason, t.actor, t.note",
            beside: Sql::default(),
            table: "blacklisted_tokens",
            joins: "join outstanding_tokens o on o.id = t.token_id left join users u on u.id = o.user_id",
            order,
            scope,
        }
    }

    fn among_tokens(&self, order: Order) -> List {
        let jti = self
            .jti
            .as_deref()
            .map(|jti| vec![Sql::new("t.jti = ").bind(jti)]);
        let session = self.session.as_deref();
        let session = session.map(|id| vec![Sql::new("t.session_id = ").bind(id)]);
        let users = self.users.as_deref();
        let users = users.map(|ids| {
            ids.iter()
                .map(|id| Sql::new("t.user_id = ").bind(*id))
                .collect()
        });
        let narrow = [jti, session, users].into_iter().flatten();
        let mut scope = Scope::narrowed(narrow.map(Narrow::to_any));
        let ending = self.ending.as_ref();
        scope
            .row
            .extend(ending.map(|ending| Sql::ends("t.jti", ending)));
        let token_type = self.token_type;
        scope
            .row
            .extend(token_type.map(|name| Sql::new("t.token_type = ").bind(name)));
        let mut is_blacklisted =
            Sql::new("(select count(*) from blacklisted_tokens b where b.token_id = t.id");
        let reason = self
            .reason
            .map(|reason| Sql::new(" and b.reason = ").bind(reason));
        let revoked = self.is_revoked.map(|revoked| {
            Sql::new(if revoked {
                " and b.reason <> 'rotated'"
            } else {
                " and b.reason = 'rotated'"
            })
        });
        let actor = self
            .actor
            .as_deref()
            .map(|actor| Sql::new(" and b.actor = ").bind(actor));
        let at = bound(
            [" and b.blacklisted_at >= ", " and b.blacklisted_at < "],
            self.from,
            self.until,
        );
        for condition in reason.into_iter().chain(revoked).chain(actor).chain(at) {
            is_blacklisted = is_blacklisted.add(condition);
        }
        scope.look_ups.push(is_blacklisted.push(") > 0"));
        scope
            .look_ups
            .extend(self.address.map(|block| used_from(block, "t.session_id")));
        List {
            columns: "select t.id as token_id, t.jti, t.token_type, t.session_id, t.user_id, u.username, t.created_at,
                             t.expires_at, b.blacklisted_at, b.reason, b.actor, b.note",
            beside: Sql::default(),
            table: "outstanding_tokens",
            joins: "join blacklisted_tokens b on b.token_id = t.id left join users u on u.id = t.user_id",
            order,
            scope,
        }
    }
}
