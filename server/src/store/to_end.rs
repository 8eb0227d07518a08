//! The sessions that a revocation ends, walked along in parts: along their own list, or along the tokens that stand for them.

use std::collections::HashSet;

use super::scan::{List, Sql};
use super::{Extent, Found, LiveTokens, Meant, Part, Result, SessionFilter, SessionStatus, Store};
use crate::clock::UnixSeconds;

/// When tokens are looked at, and for how many seconds after they expired they are accepted then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Accepted {
    /// When.
    pub now: UnixSeconds,
    /// `LEEWAY`, in seconds.
    pub leeway: i64,
}

impl Accepted {
    /// Tokens are accepted that expire after this time.
    #[must_use]
    pub fn since(self) -> UnixSeconds {
        self.now - self.leeway
    }
}

/// A session that is to end.
#[derive(sqlx::FromRow)]
struct ToEnd {
    id: String,
}

impl Store {
    /// The ids of a part of the sessions that are to end, latest first, or those with the latest tokens.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn sessions_to_end(
        &self,
        extent: &Extent,
        part: &Part,
        size: usize,
        accepted: Accepted,
    ) -> Result<Found<String>> {
        let list = match &extent.meant {
            Meant::Sessions(filter) => {
                extent.within(self.session_ids(filter, accepted.since()).await?)
            }
            Meant::Tokens(tokens) => self.tokens_in(tokens, extent, accepted).await?,
        };
        let found: Found<ToEnd> = list.page(self, part, size).await?;
        let mut ids: Vec<_> = found.rows.into_iter().map(|row| row.id).collect();
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        Ok(Found {
            rows: ids,
            prev: found.prev,
            next: found.next,
            gave_up: found.gave_up,
        })
    }

    /// The sessions that are to end as a list of their own; and the condition that there are more than it has, where it was
    /// made of one look at tokens.
    pub(super) async fn sessions_to_count(
        &self,
        extent: &Extent,
        accepted: Accepted,
    ) -> Result<(List, Option<Sql>)> {
        let (list, more) = match &extent.meant {
            Meant::Sessions(filter) => (self.session_ids(filter, accepted.since()).await?, None),
            Meant::Tokens(tokens) => self.sessions_with(tokens, extent, accepted).await?,
        };
        Ok((extent.within(list), more))
    }

    /// The sessions of a filter, by their ids alone.
    async fn session_ids(&self, filter: &SessionFilter, since: UnixSeconds) -> Result<List> {
        let list = self.session_list(filter, filter.orders()[0], since).await?;
        Ok(List {
            columns: "select t.id",
            joins: "",
            ..list
        })
    }

    /// The tokens whose sessions are to end.
    async fn tokens_in(
        &self,
        tokens: &LiveTokens,
        extent: &Extent,
        accepted: Accepted,
    ) -> Result<List> {
        let mut list = self.sessions_of(tokens, accepted.leeway).await?;
        let greatest = extent.last_id.as_deref();
        let greatest = greatest.map(|id| Sql::new("t.session_id <= ").bind(id));
        let spared = extent.spared.map(|id| id.to_string());
        let spared = spared.map(|id| Sql::new("t.session_id <> ").bind(id));
        list.scope.row.extend(greatest.into_iter().chain(spared));
        Ok(list)
    }

    /// The live sessions that have such a token, as far as one look at the tokens goes.
    async fn sessions_with(
        &self,
        tokens: &LiveTokens,
        extent: &Extent,
        accepted: Accepted,
    ) -> Result<(List, Option<Sql>)> {
        let live = SessionFilter {
            status: Some(SessionStatus::Live),
            ..SessionFilter::default()
        };
        let mut list = self.session_ids(&live, accepted.since()).await?;
        let tokens = self.tokens_in(tokens, extent, accepted).await?;
        if tokens.scope.walks.is_empty() {
            list.scope.walks = Vec::new();
            return Ok((list, None));
        }
        let (ids, more) = tokens.one_look("t.session_id");
        list.scope.walks = vec![Sql::new("t.id in (").add(ids).push(")")];
        Ok((list, Some(more)))
    }
}

impl Extent {
    /// A list of sessions without those that are not to end.
    fn within(&self, mut list: List) -> List {
        let greatest = self.last_id.as_deref();
        list.scope
            .within(greatest.map(|id| Sql::new("t.id <= ").bind(id)));
        list.scope.row.push(Sql::new("t.ended_at is null"));
        let spared = self.spared.map(|id| id.to_string());
        let spared = spared.map(|id| Sql::new("t.id <> ").bind(id));
        list.scope.row.extend(spared);
        list
    }
}
