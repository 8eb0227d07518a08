//! A row of the table `warrants`, and how it is read.

use super::{Alive, UnreadableWarrant, Warrant, WarrantId};
use crate::clock::UnixSeconds;
use crate::store::{Count, Origin};
use crate::token::SessionId;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    begun_at: UnixSeconds,
    actor: String,
    note: String,
    ip: String,
    user_agent: String,
    target: String,
    spared: String,
    last_id: String,
    expected: i64,
    is_more_expected: bool,
    alive_access: Option<i64>,
    is_more_access: bool,
    alive_others: Option<i64>,
    is_more_others: bool,
    position: String,
    ended: i64,
    users: Option<i64>,
    finished_at: Option<UnixSeconds>,
    claimed_until: UnixSeconds,
}

impl Row {
    /// The warrant; what is known of it where its target is not of this version.
    pub(super) fn read(self) -> std::result::Result<Warrant, UnreadableWarrant> {
        let Ok(target) = serde_json::from_str(&self.target) else {
            return Err(UnreadableWarrant {
                id: WarrantId(self.id),
                begun_at: self.begun_at,
                actor: self.actor,
                note: self.note,
                ended: self.ended,
                finished_at: self.finished_at,
            });
        };
        let alive = self.alive_access.zip(self.alive_others);
        let alive = alive.map(|(access, others)| Alive {
            access: count(access, self.is_more_access),
            others: count(others, self.is_more_others),
        });
        let origin = Origin {
            ip: self.ip,
            user_agent: self.user_agent,
            ..Origin::default()
        };
        Ok(Warrant {
            id: WarrantId(self.id),
            begun_at: self.begun_at,
            actor: self.actor,
            note: self.note,
            origin,
            target,
            spared: SessionId::parse(&self.spared),
            last_id: Some(self.last_id).filter(|id| !id.is_empty()),
            expected: count(self.expected, self.is_more_expected),
            alive,
            position: self.position,
            ended: self.ended,
            users: self.users,
            finished_at: self.finished_at,
            claimed_until: self.claimed_until,
        })
    }
}

fn count(n: i64, is_more: bool) -> Count {
    if is_more {
        Count::AtLeast(n)
    } else {
        Count::Exactly(n)
    }
}

/// Selects rows by what follows the table's name.
macro_rules! warrants {
    ($rest:literal) => {
        concat!(
            "select id, begun_at, actor, note, ip, user_agent, target, spared, last_id, expected, is_more_expected,
                    alive_access, is_more_access, alive_others, is_more_others, position, ended, users, finished_at, claimed_until
             from warrants ",
            $rest
        )
    };
}

pub(super) use warrants;
