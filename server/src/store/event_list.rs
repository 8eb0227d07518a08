//! The audit trail as a list, and which events a filter means. It is only read here; nothing changes an event.

use serde::Serialize;

use super::scan::{List, Narrow, Order, Scope, Sql, bound, order_by};
use super::{Result, Store, TokenId, reading};
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::network::Block;
use crate::token::Jti;

/// Up to how many events from a block of addresses are taken by number. Where there are more they are not rare, and a walk
/// along the list meets them soon.
const RARE: i64 = 500;

/// Whom an event is to be seen by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TrailStatus {
    /// By an operator.
    Alarming,
    /// By its user, who is told of it at their sessions.
    Told,
}

/// Which events. All conditions that are there must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trail {
    /// Those of this session.
    pub session: Option<String>,
    /// Those of the session of the token of this name.
    pub token: Option<Jti>,
    /// Those that concern these users; nobody where there is none.
    pub users: Option<Vec<i64>>,
    /// What somebody of this name did, to others or as the command line.
    pub actor: Option<String>,
    /// Those from there.
    pub address: Option<Block>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Whom they are to be seen by.
    pub status: Option<TrailStatus>,
    /// What happened then, or later.
    pub from: Option<UnixSeconds>,
    /// What happened before then.
    pub until: Option<UnixSeconds>,
}

/// An event as the list shows it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ListedEvent {
    /// Its number.
    pub id: i64,
    /// When it happened.
    pub at: UnixSeconds,
    /// What happened, a name of [`Kind`].
    pub kind: String,
    /// Whom it concerns.
    pub user_id: Option<i64>,
    /// Their name at that time.
    pub username: Option<String>,
    /// The session it is about.
    pub session_id: Option<String>,
    /// Who did it, where that is not the user.
    pub actor: Option<String>,
    /// Where the request came from; empty where there was none.
    pub ip: String,
    /// What sent it.
    pub user_agent: String,
    /// What else is to be known.
    pub detail: Option<String>,
    /// The user is told.
    pub notice: bool,
    /// The user is still there.
    #[serde(skip)]
    pub has_user: bool,
    /// The session is still on record.
    #[serde(skip)]
    pub has_session: bool,
}

/// By when they happened.
const BY_TIME: Order = order_by!("at", "id" as Number);

impl Trail {
    /// The order that every index has.
    #[must_use]
    pub fn orders(&self) -> &'static [Order] {
        &[BY_TIME]
    }

    /// Where to walk, and what to look at there. `nearby` are the events from the block, if they are few.
    fn scope(&self, nearby: Option<&[i64]>) -> Scope {
        let mut scope = Scope::narrowed(self.narrow(nearby));
        scope.within(bound(
            ["t.id >= ", "t.id < "],
            self.from.map(|at| TokenId::since(at).0),
            self.until.map(|at| TokenId::since(at).0),
        ));
        if let (Some(block), None) = (self.address, nearby) {
            let (first, last) = block.numbers();
            if first != last {
                let within = Sql::new("t.network_number between ").bind(first);
                scope.row.push(within.push(" and ").bind(last));
            }
        }
        scope
    }

    /// What an index answers, the narrowest first.
    fn narrow(&self, nearby: Option<&[i64]>) -> impl Iterator<Item = Narrow> {
        let token = self.token.as_ref().map(|jti| {
            let session =
                Sql::new("t.session_id = (select session_id from outstanding_tokens where jti = ");
            Narrow::to(session.bind(jti.as_str()).push(")"))
        });
        let session = self.session.as_deref();
        let session = session.map(|id| Narrow::to(Sql::new("t.session_id = ").bind(id)));
        let nearby = nearby.map(|ids| Narrow::to_those_in("t.id in ", ids.iter().copied()));
        let users = self
            .users
            .as_deref()
            .map(|users| Narrow::to_any(users.iter().map(|id| Sql::new("t.user_id = ").bind(*id))));
        let actor = self.actor.as_deref();
        let actor = actor.map(|name| Narrow::to(Sql::new("t.actor = ").bind(name)));
        let network = self.address.map(Block::numbers);
        let network = network.filter(|(first, last)| first == last);
        let network =
            network.map(|(number, _)| Narrow::to(Sql::new("t.network_number = ").bind(number)));
        let told = self.status == Some(TrailStatus::Told);
        let told = told.then(|| Narrow::to(Sql::new("t.notice")));
        let of_kind = |kind: Kind| Sql::new("t.kind = ").bind(kind.as_str());
        let kind = self.kind.map(|kind| Narrow::to(of_kind(kind)));
        let alarming = (self.status == Some(TrailStatus::Alarming)).then(|| {
            let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_alarming());
            Narrow::to_any(kinds.map(of_kind))
        });
        let all = [
            token, session, nearby, users, actor, network, told, kind, alarming,
        ];
        all.into_iter().flatten()
    }

    /// Whether a block of many networks is what these events are found by.
    fn is_found_by_address(&self) -> Option<Block> {
        let others = self.token.is_some() || self.session.is_some() || self.users.is_some();
        let block = self.address.filter(|_| !others)?;
        let (first, last) = block.numbers();
        (first != last).then_some(block)
    }
}

impl Store {
    /// The events of a filter. One statement where they are found by a block of addresses, else none.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn trail_list(&self, filter: &Trail, order: Order) -> Result<List> {
        let nearby = match filter.is_found_by_address() {
            Some(block) => self.events_from(block).await?,
            None => None,
        };
        Ok(List {
            columns: "select t.id, t.at, t.kind, t.user_id, t.username, t.session_id, t.actor, t.ip, t.user_agent, t.detail,
                             t.notice, u.id is not null as has_user, s.id is not null as has_session",
            beside: Sql::default(),
            table: "events",
            joins: "left join users u on u.id = t.user_id
                    left join sessions s on s.id = t.session_id",
            order,
            scope: filter.scope(nearby.as_deref()),
        })
    }

    /// The events from a block of addresses; `None` when they are more than [`RARE`].
    async fn events_from(&self, block: Block) -> Result<Option<Vec<i64>>> {
        let (first, last) = block.numbers();
        let rows: Vec<(i64,)> = reading!(self, db => {
            sqlx::query_as("select id from events where network_number between $1 and $2 limit $3")
                .bind(first)
                .bind(last)
                .bind(RARE + 1)
                .fetch_all(db)
                .await
        })?;
        let few = rows.len() <= usize::try_from(RARE).unwrap_or(usize::MAX);
        Ok(few.then(|| rows.into_iter().map(|(id,)| id).collect()))
    }
}
