//! What a revocation would end, counted before it is done. Counting stops where it would take long, and says so; a page
//! that waits for a count of millions is of no use to whoever has a thief in an account.

use super::scan::{COUNTED, LOOK_UPS, List, Sql, fetch};
use super::{Accepted, Count, Extent, Result, Store};
use crate::clock::UnixSeconds;

/// Up to how many sessions have their tokens counted one by one.
const FEW: i64 = 100;

/// How many of a session's latest tokens are looked at: those that are alive are among them, unless it is refreshed all
/// the time.
const LATEST: i64 = 12;

/// What a revocation would end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Radius {
    /// Sessions.
    pub sessions: Count,
    /// The users those are of.
    pub users: Count,
    /// Access tokens that would be accepted now.
    pub access: Count,
    /// Tokens of other types that would: refresh tokens, sliding ones, those of the admin.
    pub others: Count,
    /// When the last of the access tokens expires; `None` where there is none.
    pub last_access_at: Option<UnixSeconds>,
}

/// What one walk found.
#[derive(sqlx::FromRow)]
struct Walked {
    looked_at: i64,
    sessions: i64,
    users: i64,
    with_access: i64,
    last_access_at: UnixSeconds,
}

/// The tokens of a few sessions.
#[derive(sqlx::FromRow)]
struct Tokens {
    access: i64,
    others: i64,
    /// Sessions that may have more access tokens that are alive.
    more_access: i64,
    /// Sessions that have more tokens.
    more_others: i64,
}

impl Radius {
    /// Nothing.
    pub const NOTHING: Self = Self {
        sessions: Count::Exactly(0),
        users: Count::Exactly(0),
        access: Count::Exactly(0),
        others: Count::Exactly(0),
        last_access_at: None,
    };

    /// Whether there is nothing that it would end.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.sessions == Count::Exactly(0)
    }
}

impl Store {
    /// What a revocation would end: at most two statements, three where it is found by an address. Sessions count
    /// one of whose tokens is accepted; tokens count that have not expired. `spent_fall` says that a token that was rotated is
    /// blacklisted.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn radius(
        &self,
        extent: &Extent,
        spent_fall: bool,
        accepted: Accepted,
    ) -> Result<Radius> {
        let now = accepted.now;
        let (list, more) = self.sessions_to_count(extent, accepted).await?;
        if list.scope.walks.is_empty() {
            return Ok(Radius::NOTHING);
        }
        let radius = walked(self, &list, more, now).await?;
        match radius.sessions {
            Count::Exactly(1..=FEW) => with_tokens(self, &list, radius, spent_fall, now).await,
            Count::Exactly(_) | Count::AtLeast(_) => Ok(radius),
        }
    }
}

/// Counts along the walks of a list; `more` is a condition that tells whether there is more than it has.
async fn walked(store: &Store, list: &List, more: Option<Sql>, now: UnixSeconds) -> Result<Radius> {
    let most = if list.scope.look_ups.is_empty() {
        COUNTED
    } else {
        LOOK_UPS
    };
    let each = list.scope.share(most).max(1) + 1;
    let counted = list.scope.walks.iter().map(|walk| {
        let hit = match list.scope.conditions() {
            Some(conditions) => Sql::new("case when ")
                .add(conditions)
                .push(" then 1 else 0 end"),
            None => Sql::new("1"),
        };
        // The limit keeps planners from asking the conditions again for every sum.
        Sql::new(
            "select count(*) as looked_at, coalesce(sum(hit), 0) as sessions,
                    count(distinct case when hit = 1 then user_id end) as users,
                    coalesce(sum(case when hit = 1 and access_expires_at > ",
        )
        .bind(now)
        .push(
            " then 1 else 0 end), 0) as with_access,
                    coalesce(max(case when hit = 1 then access_expires_at end), 0) as last_access_at
             from (select t.user_id, t.access_expires_at, ",
        )
        .add(hit)
        .push(" as hit from sessions t where ")
        .add(walk.clone())
        .push(" order by t.id desc limit ")
        .bind(each)
        .push(") t")
    });
    let more = more.map(|more| {
        let looked_at = Sql::new("select case when ").add(more).push(" then ");
        looked_at
            .bind(each)
            .push(" else 0 end as looked_at, 0, 0, 0, 0")
    });
    let walks: Vec<Walked> = fetch(store, Sql::join(counted.chain(more), " union all ")).await?;
    let is_all = walks.iter().all(|walk| walk.looked_at < each);
    let sum = |of: fn(&Walked) -> i64| walks.iter().map(of).sum::<i64>();
    let count = |n: i64| {
        if is_all {
            Count::Exactly(n)
        } else {
            Count::AtLeast(n.min(most))
        }
    };
    let sessions = sum(|walk| walk.sessions);
    let latest = walks.iter().map(|walk| walk.last_access_at).max();
    Ok(Radius {
        sessions: count(sessions),
        // Several walks are of a user each.
        users: count(sum(|walk| walk.users)),
        access: match sum(|walk| walk.with_access) {
            0 => count(0),
            n => Count::AtLeast(n.min(most)),
        },
        others: Count::AtLeast(sessions.min(most)),
        last_access_at: latest.filter(|at| *at > now),
    })
}

async fn with_tokens(
    store: &Store,
    list: &List,
    radius: Radius,
    spent_fall: bool,
    now: UnixSeconds,
) -> Result<Radius> {
    let latest = || {
        Sql::new("(select t.* from outstanding_tokens t where t.session_id = s.id order by t.id desc limit ")
            .bind(LATEST)
            .push(") t")
    };
    let alive = |types: &'static str| {
        Sql::new("(select count(*) from ")
            .add(latest())
            .push(" where t.token_type ")
            .push(types)
            .push(" 'access' and t.expires_at > ")
            .bind(now)
            .push(" and not exists (select 1 from blacklisted_tokens b where b.token_id = t.id))")
    };
    let sessions = list.scope.walks.iter().map(|walk| {
        let conditions = list.scope.conditions();
        let all: Vec<_> = [walk.clone()].into_iter().chain(conditions).collect();
        Sql::new("select * from (select t.id from sessions t where ")
            .add(Sql::join(all, " and "))
            .push(" limit ")
            .bind(FEW)
            .push(") w")
    });
    // Tokens expire in the order of their issue: if the oldest that was looked at has, so have all before it.
    let tokens = Sql::new(
        "select coalesce(cast(sum(access) as bigint), 0) as access, coalesce(cast(sum(others) as bigint), 0) as others,
                coalesce(sum(case when looked = ",
    )
    .bind(LATEST)
    .push(" and coalesce(oldest, ")
    .bind(now + 1)
    .push(") > ")
    .bind(now)
    .push(" then 1 else 0 end), 0) as more_access, coalesce(sum(case when looked = ")
    .bind(LATEST)
    .push(" then 1 else 0 end), 0) as more_others from (select ")
    .add(alive("="))
    .push(" as access, ")
    .add(alive("<>"))
    .push(" as others, (select count(*) from ")
    .add(latest())
    .push(") as looked, (select min(t.expires_at) from ")
    .add(latest())
    .push(" where t.token_type = 'access') as oldest from (")
    .add(Sql::join(sessions, " union all "))
    .push(") s) t");
    let rows: Vec<Tokens> = fetch(store, tokens).await?;
    let Some(found) = rows.into_iter().next() else {
        return Ok(radius);
    };
    let count = |n, is_all: bool| {
        if is_all {
            Count::Exactly(n)
        } else {
            Count::AtLeast(n)
        }
    };
    Ok(Radius {
        access: count(
            found.access,
            found.more_access == 0 || radius.last_access_at.is_none(),
        ),
        others: count(found.others, spent_fall || found.more_others == 0),
        ..radius
    })
}
