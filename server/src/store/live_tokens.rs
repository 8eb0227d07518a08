//! Sessions that are told by a token: those that the live tokens of a filter belong to. Which tokens were live is decided
//! once, when the page was shown: a refresh that comes in between spends a token, and must not take its session out of
//! reach.

use serde::{Deserialize, Serialize};

use super::scan::{List, Order, Scope, Sql};
use super::token_list::{BY_ISSUE, ENDED};
use super::{Result, Store, TokenFilter, TokenStatus};
use crate::clock::UnixSeconds;

/// The tokens of a filter that were live at a time.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LiveTokens {
    /// Which tokens, were they live.
    pub filter: TokenFilter,
    /// When.
    pub at: UnixSeconds,
}

impl LiveTokens {
    /// The order they are walked in: that of issue, in which no token moves. A sliding token's expiry does.
    pub const ORDER: Order = BY_ISSUE;

    /// Whether the filter asks for what no live token is: a status of others, or a session that ended.
    #[must_use]
    pub fn are_none(&self) -> bool {
        let is_live = matches!(self.filter.status, None | Some(TokenStatus::Live));
        !is_live || self.filter.reason.is_some()
    }

    /// Where to walk, and what to look at there. `nearby` is that of [`TokenFilter::scope`].
    fn scope(&self, nearby: Option<&[String]>, leeway: i64) -> Scope {
        if self.are_none() {
            return Scope::along([]);
        }
        // What of these is said by being live is not asked again of tokens that were spent since.
        let filter = TokenFilter {
            status: None,
            reason: None,
            ..self.filter.clone()
        };
        let mut scope = filter.scope(Self::ORDER, nearby, self.at);
        let since = self.at.saturating_sub(leeway);
        scope.row.push(Sql::new("t.expires_at > ").bind(since));
        let spent_since = Sql::new(
            "coalesce((select case when b.reason = 'rotated' then b.blacklisted_at else 0 end
                       from blacklisted_tokens b where b.token_id = t.id), ",
        );
        let was_live = spent_since.bind(self.at).push(") >= ").bind(self.at);
        scope.look_ups.push(was_live);
        scope.look_ups.push(Sql::new(ENDED).push(" is null"));
        scope
    }
}

impl Store {
    /// The sessions of these tokens, as often as they have some: `id`. One statement where they are found by a block of
    /// addresses, else none. Tokens are accepted for `leeway` seconds after they expired.
    pub(super) async fn sessions_of(&self, tokens: &LiveTokens, leeway: i64) -> Result<List> {
        let nearby = match tokens.filter.is_found_by_address() {
            Some(block) => self.few_sessions_used_from(block).await?,
            None => None,
        };
        Ok(List {
            columns: "select t.session_id as id",
            beside: Sql::default(),
            table: "outstanding_tokens",
            joins: "",
            order: LiveTokens::ORDER,
            scope: tokens.scope(nearby.as_deref(), leeway),
        })
    }
}
