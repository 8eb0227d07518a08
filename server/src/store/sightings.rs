//! From where sessions are used: the table `session_addresses`, and when sessions were last seen.

use sqlx::QueryBuilder;

use super::{Result, Store, Tx, reading, writing};
use crate::clock::UnixSeconds;
use crate::network::Network;
use crate::token::SessionId;

/// How many networks of one session are kept; whoever holds a token could make up any number of them.
const NETWORKS: i64 = 200;

/// A session that was seen, as it is to be kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// Which.
    pub session: SessionId,
    /// When.
    pub at: UnixSeconds,
    /// The network; empty where it is not known.
    pub network: String,
    /// The address in it.
    pub ip: String,
    /// The country it is in; empty where that is not known.
    pub country: String,
}

/// Where a session was used from.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct SessionAddress {
    /// The network.
    pub network: String,
    /// The latest address in it.
    pub ip: String,
    /// The country it is in; empty where that is not known.
    pub country: String,
    /// When it was first seen there.
    pub first_seen_at: UnixSeconds,
    /// When it was last seen there.
    pub last_seen_at: UnixSeconds,
}

impl Store {
    /// Where a session was used from, the latest first.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn session_addresses(&self, id: SessionId) -> Result<Vec<SessionAddress>> {
        let rows = reading!(self, db => {
            sqlx::query_as(
                "select network, ip, country, first_seen_at, last_seen_at from session_addresses
                 where session_id = $1 order by last_seen_at desc, network",
            )
            .bind(id.to_string())
            .fetch_all(db)
            .await
        })?;
        Ok(rows)
    }
}

impl Tx {
    /// Notes where sessions were seen; each network of a session is named once.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn note_seen(&mut self, seen: &[Seen]) -> Result<()> {
        let mut latest: Vec<(SessionId, UnixSeconds)> = Vec::with_capacity(seen.len());
        for one in seen {
            match latest.iter_mut().find(|(id, _)| *id == one.session) {
                Some((_, at)) => *at = one.at.max(*at),
                None => latest.push((one.session, one.at)),
            }
        }
        self.note_last_seen(&latest).await?;
        let placed: Vec<_> = seen.iter().filter(|one| !one.network.is_empty()).collect();
        self.note_addresses(&placed).await
    }

    async fn note_last_seen(&mut self, latest: &[(SessionId, UnixSeconds)]) -> Result<()> {
        if latest.is_empty() {
            return Ok(());
        }
        writing!(self, db => {
            let mut query = QueryBuilder::new("with seen (id, at) as (");
            query.push_values(latest, |mut row, (id, at)| {
                row.push_bind(id.to_string()).push_bind(*at);
            });
            query.push(
                ") update sessions set last_seen_at = seen.at from seen
                 where sessions.id = seen.id and sessions.last_seen_at < seen.at",
            );
            query.build().persistent(false).execute(db).await.map(drop)
        })?;
        Ok(())
    }

    async fn note_addresses(&mut self, seen: &[&Seen]) -> Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        writing!(self, db => {
            let mut query = QueryBuilder::new("with seen (id, network, number, ip, country, at) as (");
            query.push_values(seen, |mut row, one| {
                row.push_bind(one.session.to_string())
                    .push_bind(one.network.clone())
                    .push_bind(Network::parse(&one.network).number())
                    .push_bind(one.ip.clone())
                    .push_bind(one.country.clone())
                    .push_bind(one.at);
            });
            query.push(
                ") insert into session_addresses (session_id, network, network_number, ip, country, first_seen_at,
                                                 last_seen_at)
                 select seen.id, seen.network, seen.number, seen.ip, seen.country, seen.at, seen.at
                 from seen join sessions on sessions.id = seen.id
                 where exists (select 1 from session_addresses a
                               where a.session_id = seen.id and a.network = seen.network)
                    or (select count(*) from session_addresses a where a.session_id = seen.id) < ",
            );
            query.push_bind(NETWORKS);
            query.push(
                " on conflict (session_id, network) do update set
                    ip = excluded.ip,
                    country = excluded.country,
                    last_seen_at = case when session_addresses.last_seen_at < excluded.last_seen_at
                                        then excluded.last_seen_at else session_addresses.last_seen_at end",
            );
            query.build().persistent(false).execute(db).await.map(drop)
        })?;
        Ok(())
    }
}
