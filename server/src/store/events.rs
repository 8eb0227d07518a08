//! The table `events`: rows are added and never changed.

use sqlx::QueryBuilder;

use super::{Result, Store, TokenId, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::network::Network;
use crate::token::{SessionId, UserId};

/// How many events one statement adds: 13 values each, and SQLite takes 32766.
const AT_ONCE: usize = 500;

/// An event as it was kept.
#[derive(Clone, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub struct EventRow {
    /// Its number; later events have greater ones.
    pub id: i64,
    /// When it happened.
    pub at: UnixSeconds,
    /// What happened, a name of [`Kind`].
    pub kind: String,
    /// Whom it concerns.
    pub user_id: Option<i64>,
    /// Their name at that time.
    pub username: Option<String>,
    /// Which session.
    pub session_id: Option<String>,
    /// Who did it, where that is not the user.
    pub actor: Option<String>,
    /// Where the request came from; empty where there was none.
    pub ip: String,
    /// The network of that address.
    pub network: String,
    /// The program that sent it.
    pub user_agent: String,
    /// What else is to be known.
    pub detail: Option<String>,
    /// Whether the user is to see it.
    pub notice: bool,
}

/// Which events to read; each condition that is there must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventFilter<'f> {
    /// Those that concern this user.
    pub user: Option<UserId>,
    /// Those that concern whoever had this name then.
    pub username: Option<&'f str>,
    /// Those of this session.
    pub session: Option<SessionId>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Those the user is to see.
    pub notices_only: bool,
}

impl Store {
    /// The latest events, latest first; at most `limit`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn events(&self, filter: EventFilter<'_>, limit: i64) -> Result<Vec<EventRow>> {
        let rows = reading!(self, db => {
            let mut query = QueryBuilder::new(
                "select id, at, kind, user_id, username, session_id, actor, ip, network, user_agent, detail, notice
                 from events where true",
            );
            if let Some(user) = filter.user {
                query.push(" and user_id = ").push_bind(user.0);
            }
            if let Some(name) = filter.username {
                query.push(" and username = ").push_bind(name);
            }
            if let Some(session) = filter.session {
                query.push(" and session_id = ").push_bind(session.to_string());
            }
            if let Some(kind) = filter.kind {
                query.push(" and kind = ").push_bind(kind.as_str());
            }
            if filter.notices_only {
                query.push(" and notice");
            }
            query.push(" order by id desc limit ").push_bind(limit);
            query.build_query_as().fetch_all(db).await
        })?;
        Ok(rows)
    }
}

impl Tx {
    /// Keeps an event, if and only if the transaction is committed; then it is told, too.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn note(&mut self, event: Event) -> Result<()> {
        self.note_all(vec![event]).await
    }

    /// Keeps several events.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn note_all(&mut self, events: Vec<Event>) -> Result<()> {
        for some in events.chunks(AT_ONCE) {
            let some: Vec<_> = some
                .iter()
                .map(|event| (TokenId::next().0, event))
                .collect();
            self.insert_events(&some).await?;
            let sent: Vec<_> = some
                .iter()
                .filter(|(_, event)| self.outlet.sends(event.kind))
                .map(|(id, event)| (*id, event.at))
                .collect();
            self.insert_deliveries(&sent).await?;
        }
        self.noted.extend(events);
        Ok(())
    }

    async fn insert_events(&mut self, events: &[(i64, &Event)]) -> Result<()> {
        writing!(self, db => {
            // Whoever knows a user by number only leaves it to the database to say who that is now.
            let mut query = QueryBuilder::new(
                "with event (id, at, kind, user_id, username, session_id, actor, ip, network, network_number,
                             user_agent, detail, notice) as (",
            );
            query.push_values(events, |mut row, (id, event)| {
                let network = Network::of(&event.origin.ip);
                row.push_bind(*id)
                    .push_bind(event.at)
                    .push_bind(event.kind.as_str())
                    .push_bind(event.user.map(|id| id.0))
                    .push_bind(event.username.clone())
                    .push_bind(event.session.map(|id| id.to_string()))
                    .push_bind(event.actor.clone())
                    .push_bind(event.origin.ip.clone())
                    .push_bind(network.to_string())
                    .push_bind(network.number())
                    .push_bind(event.origin.user_agent.clone())
                    .push_bind(event.detail.clone())
                    .push_bind(event.notice);
            });
            query.push(
                ") insert into events (id, at, kind, user_id, username, session_id, actor, ip, network, network_number,
                                      user_agent, detail, notice)
                 select event.id, at, kind, event.user_id, coalesce(event.username, users.username), session_id,
                        actor, ip, network, network_number, user_agent, detail, notice
                 from event left join users on users.id = event.user_id",
            );
            query.build().execute(db).await.map(drop)
        })?;
        Ok(())
    }

    async fn insert_deliveries(&mut self, events: &[(i64, UnixSeconds)]) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        writing!(self, db => {
            let mut query = QueryBuilder::new("insert into webhook_deliveries (event_id, attempts, next_at) ");
            query.push_values(events, |mut row, (id, at)| {
                row.push_bind(*id).push_bind(0_i64).push_bind(*at);
            });
            query.build().execute(db).await.map(drop)
        })?;
        Ok(())
    }
}
