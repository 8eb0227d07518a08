//! The latest events an operator should look at. A few of each kind: however many there are, reading them is a step into an
//! index and a few rows.

use sqlx::QueryBuilder;

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;
use crate::event::Kind;

/// How many of a kind are read.
pub const MOST_ALARMS: usize = 20;

/// An event an operator should look at.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Alarm {
    /// What happened, a name of [`Kind`].
    pub kind: String,
    /// When.
    pub at: UnixSeconds,
    /// Whom it concerns.
    pub user_id: Option<i64>,
    /// Their name at that time.
    pub username: Option<String>,
    /// Which session.
    pub session_id: Option<String>,
    /// Where the request came from; empty where there was none.
    pub ip: String,
    /// What else is to be known.
    pub detail: Option<String>,
    /// Whether that session still goes on.
    pub goes_on: bool,
}

impl Store {
    /// The latest alarming events after `since`, at most [`MOST_ALARMS`] of each kind, the latest of each first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn alarms(&self, since: UnixSeconds, now: UnixSeconds) -> Result<Vec<Alarm>> {
        let rows = reading!(self, db => {
            let mut query = QueryBuilder::new(
                "select e.kind, e.at, e.user_id, e.username, e.session_id, e.ip, e.detail,
                        (s.id is not null and s.ended_at is null and s.tokens_expire_at > ",
            );
            query.push_bind(now).push(") as goes_on from (");
            let alarming = Kind::ALL.into_iter().filter(|kind| kind.is_alarming());
            for (n, kind) in alarming.enumerate() {
                query.push(if n == 0 { "" } else { " union all " });
                // The limit comes first: a kind may have happened a million times, and not lately.
                query
                    .push("select * from (select id, kind, at, user_id, username, session_id, ip, detail from events where kind = ")
                    .push_bind(kind.as_str())
                    .push(" order by id desc limit ")
                    .push_bind(i64::try_from(MOST_ALARMS).unwrap_or(i64::MAX))
                    .push(") latest where at > ")
                    .push_bind(since);
            }
            query.push(") e left join sessions s on s.id = e.session_id order by e.id desc");
            query.build_query_as().fetch_all(db).await
        })?;
        Ok(rows)
    }
}
