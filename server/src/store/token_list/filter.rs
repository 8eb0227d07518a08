//! Which tokens a filter means: where to walk, and what to look at there. A field that is new here does not compile until
//! it is looked at.

use serde::{Deserialize, Serialize};

use super::{BY_EXPIRY, BY_ISSUE, ENDED, EXPIRES_NEXT};
use crate::clock::UnixSeconds;
use crate::network::Block;
use crate::session::EndReason;
use crate::store::scan::{Narrow, Order, Scope, Sql, bound};
use crate::store::session_list::used_from;
use crate::store::{NameEnd, ROTATED, TokenId};
use crate::token::TokenType;

/// What may have become of a token.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenStatus {
    /// It may be used.
    Live,
    /// A rotation spent it.
    Rotated,
    /// It was revoked alone.
    Blacklisted,
    /// Its session ended.
    Ended,
    /// Its time is over.
    Expired,
}

/// Which tokens. All conditions that are there must hold. What is not there is not written either, as with
/// [`crate::store::SessionFilter`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenFilter {
    /// The one of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Those whose name, or whose session's, ends so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<NameEnd>,
    /// Those of this session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Those of these users; of nobody where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<i64>>,
    /// Those of sessions on this device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Those of sessions that were used from there; where it is a single address, those issued to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Block>,
    /// Those of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<TokenType>,
    /// What became of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TokenStatus>,
    /// Those of sessions that ended for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<EndReason>,
    /// Issued then, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<UnixSeconds>,
    /// Issued before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixSeconds>,
}

const REASON: &str = "(select b.reason from blacklisted_tokens b where b.token_id = t.id)";

impl TokenStatus {
    /// All of them, with the words an address has for them.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Live, Self::Live.as_str()),
        (Self::Rotated, Self::Rotated.as_str()),
        (Self::Blacklisted, Self::Blacklisted.as_str()),
        (Self::Ended, Self::Ended.as_str()),
        (Self::Expired, Self::Expired.as_str()),
    ];

    /// What became of a token that was blacklisted for `reason`, if it was, in a session that ended then, if it did. That
    /// a refresh spent it stays true when its session is over.
    #[must_use]
    pub fn of(
        ended_at: Option<UnixSeconds>,
        reason: Option<&str>,
        expires_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Self {
        match (ended_at, reason) {
            (_, Some(ROTATED)) => Self::Rotated,
            (Some(_), _) => Self::Ended,
            (None, Some(_)) => Self::Blacklisted,
            (None, None) if expires_at <= now => Self::Expired,
            (None, None) => Self::Live,
        }
    }

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Rotated => "rotated",
            Self::Blacklisted => "blacklisted",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }

    /// What an index of expiry answers.
    fn expiry(self, now: UnixSeconds) -> Option<Sql> {
        match self {
            Self::Live => Some(Sql::new("t.expires_at > ").bind(now)),
            Self::Expired => Some(Sql::new("t.expires_at <= ").bind(now)),
            Self::Rotated | Self::Blacklisted | Self::Ended => None,
        }
    }

    fn narrow(self, scope: &mut Scope, now: UnixSeconds) {
        let alone = |scope: &mut Scope| scope.look_ups.push(Sql::new(ENDED).push(" is null"));
        let unnamed = |scope: &mut Scope| scope.look_ups.push(Sql::new(REASON).push(" is null"));
        match self {
            Self::Live => {
                scope.row.push(Sql::new("t.expires_at > ").bind(now));
                unnamed(scope);
                alone(scope);
            }
            Self::Expired => {
                scope.row.push(Sql::new("t.expires_at <= ").bind(now));
                unnamed(scope);
                alone(scope);
            }
            Self::Rotated => scope.look_ups.push(Sql::new(REASON).push(" = 'rotated'")),
            Self::Blacklisted => {
                scope.look_ups.push(Sql::new(REASON).push(" <> 'rotated'"));
                alone(scope);
            }
            Self::Ended => {
                scope.look_ups.push(Sql::new(ENDED).push(" is not null"));
                let other = Sql::new("coalesce(")
                    .push(REASON)
                    .push(", '') <> 'rotated'");
                scope.look_ups.push(other);
            }
        }
    }
}

impl TokenFilter {
    /// The orders that an index has for these tokens.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        let narrow = self.session.is_some() || self.users.is_some() || self.device.is_some();
        let is_indexed = self.address.is_none() && self.token_type != Some(TokenType::Admin);
        match self.status {
            _ if narrow || !is_indexed => &[BY_ISSUE],
            Some(TokenStatus::Blacklisted) => &[BY_ISSUE],
            // Theirs is a short life: those that are live are the first to expire.
            Some(TokenStatus::Live) if self.token_type == Some(TokenType::Access) => {
                &[EXPIRES_NEXT, BY_ISSUE]
            }
            _ => &[BY_ISSUE, BY_EXPIRY],
        }
    }

    /// `nearby` are the sessions used from the block, where they are few and it is what the tokens are found by.
    pub(in crate::store) fn scope(
        &self,
        order: Order,
        nearby: Option<&[String]>,
        now: UnixSeconds,
    ) -> Scope {
        // Every field is named, here and in `narrow`: what is not asked of a row would end everybody's sessions.
        let Self {
            jti: _,
            session: _,
            users: _,
            ending,
            device,
            address,
            token_type,
            status,
            reason,
            from,
            until,
        } = self;
        let mut scope = Scope::narrowed(self.narrow(nearby).into_iter().map(Narrow::to_any));
        let issued: Vec<_> = bound(
            ["t.id >= ", "t.id < "],
            from.map(|at| TokenId::since(at).0),
            until.map(|at| TokenId::since(at).0),
        )
        .collect();
        if order.name == BY_ISSUE.name {
            scope.within(issued);
        } else {
            scope.row.extend(issued);
        }
        if order.name == BY_EXPIRY.name {
            scope.within(status.and_then(|status| status.expiry(now)));
        }
        if let Some(ending) = ending {
            let either = ["t.jti", "t.session_id"].map(|name| Sql::ends(name, ending));
            scope.row.push(Sql::any(either.into()));
        }
        if let Some(token_type) = token_type.filter(|kind| *kind != TokenType::Admin) {
            scope
                .row
                .push(Sql::new("t.token_type = ").bind(token_type.as_str()));
        }
        if let Some(device) = device {
            let on = Sql::new("(select s.device_id from sessions s where s.id = t.session_id) = ");
            scope.look_ups.push(on.bind(device.as_str()));
        }
        if let Some(block) = *address {
            scope
                .row
                .extend(block.single().map(|ip| Sql::new("t.ip = ").bind(ip)));
            if nearby.is_none() && block.single().is_none() {
                scope.look_ups.push(used_from(block, "t.session_id"));
            }
        }
        if let Some(reason) = reason {
            let why =
                Sql::new("(select s.end_reason from sessions s where s.id = t.session_id) = ");
            scope.look_ups.push(why.bind(reason.as_str()));
        }
        if let Some(status) = status {
            status.narrow(&mut scope, now);
        }
        scope
    }

    /// What an index answers, the narrowest first; each is fulfilled by any of its conditions.
    pub(super) fn narrow(&self, nearby: Option<&[String]>) -> Vec<Vec<Sql>> {
        let Self {
            jti,
            session,
            users,
            device,
            token_type,
            ending: _,
            address: _,
            status: _,
            reason: _,
            from: _,
            until: _,
        } = self;
        let of_session = |id: &String| Sql::new("t.session_id = ").bind(id.as_str());
        let jti = jti
            .as_deref()
            .map(|jti| vec![Sql::new("t.jti = ").bind(jti)]);
        let session = session.as_ref().map(|id| vec![of_session(id)]);
        let any_user = users.as_deref().map(|ids| {
            ids.iter()
                .map(|id| Sql::new("t.user_id = ").bind(*id))
                .collect()
        });
        let device = device.as_deref().filter(|_| users.is_none());
        let device = device.map(|id| {
            let owner = Sql::new("t.user_id = (select user_id from devices where id = ");
            vec![owner.bind(id).push(")")]
        });
        let nearby = nearby.map(|ids| ids.iter().map(of_session).collect());
        // The index of these rare ones is told by the word itself.
        let of_admin = (*token_type == Some(TokenType::Admin))
            .then(|| vec![Sql::new("t.token_type = 'admin'")]);
        [jti, session, any_user, device, nearby, of_admin]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Whether the address is what these tokens are found by.
    pub(in crate::store) fn is_found_by_address(&self) -> Option<Block> {
        let others = self.jti.is_some() || self.session.is_some() || self.users.is_some();
        self.address.filter(|_| !others && self.device.is_none())
    }
}
