//! Revokes what a member of staff asked for: one thing, or all that belongs together. Every revocation leaves a warrant
//! on record, which says what was asked for and what came of it. Few sessions end in one transaction, which is answered
//! after its commit; many end in batches, by whichever server comes to it. Nothing takes any of it back.

mod batches;

use super::end::{Actor, Ended, by_admin};
use super::refresh::refused;
use crate::api_tokens;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::session::{EndReason, Refusal};
use crate::state::Server;
use crate::store::{
    self, Accepted, Alive, Count, Ending, Extent, Part, Radius, Revocation, Revoked, Target, Tx,
    Warrant, WarrantId,
};
use crate::token::{Claims, Jti, SessionId, UserId};

pub use batches::LEASE;

/// Up to how many sessions end in one transaction.
pub const AT_ONCE: usize = 500;

/// What is to be revoked, and by whom.
#[derive(Clone, Debug)]
pub struct Order {
    /// What.
    pub target: Target,
    /// Sessions with a greater id were opened after it was decided, and stay.
    pub last_id: Option<String>,
    /// This session is left out: the one it is ordered from.
    pub spared: Option<SessionId>,
    /// The user's API token is reset, too; of no meaning but with [`Target::User`].
    pub with_api_token: bool,
    /// Who, where and why.
    pub actor: Actor,
}

impl Server {
    /// What revoking this would end now. At most three statements.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn radius(&self, extent: &Extent) -> Result<Radius> {
        let rules = self.rules();
        let spent_fall = rules.rotate && rules.blacklist_spent;
        let radius = self.store.radius(extent, spent_fall, self.accepted());
        Ok(radius.await?)
    }

    /// Revokes. What is small is done when this answers; of the rest the warrant says how far it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the token is not there; [`Error::Database`].
    pub async fn revoke(&self, order: Order) -> Result<Warrant> {
        if order.target.is_access_token() {
            return self.revoke_access_token(order).await;
        }
        let extent = order.extent();
        let radius = self.radius(&extent).await?;
        let accepted = self.accepted();
        // One more than fits tells whether there are more.
        let found = self
            .store
            .sessions_to_end(&extent, &Part::First, AT_ONCE, accepted);
        let found = found.await?;
        if found.next.is_none() {
            self.revoke_at_once(order, &radius, found.rows).await
        } else {
            self.begin_to_revoke(order, &radius).await
        }
    }

    /// Refuses what was issued before everyone's sessions were told to end, of a session whose turn is still to come: nobody
    /// is to go on with a new token while the batches take their time.
    pub(super) async fn check_everyones_end(&self, id: SessionId, claims: &Claims) -> Result<()> {
        let is_old = self.registry.is_before_everyones_end(claims);
        if is_old && self.store.is_about_to_end(id).await? {
            return Err(refused(Refusal::Ended(EndReason::Admin)));
        }
        Ok(())
    }

    /// Which tokens count as alive.
    fn accepted(&self) -> Accepted {
        Accepted {
            now: self.clock.now(),
            leeway: self.settings.leeway.get(),
        }
    }

    async fn revoke_access_token(&self, order: Order) -> Result<Warrant> {
        let Target::Token { jti, .. } = &order.target else {
            return Err(Error::NotFound);
        };
        let jti = Jti::parse(jti).ok_or(Error::NotFound)?;
        let token = self.store.token_named(&jti).await?;
        let token = token.ok_or(Error::NotFound)?;
        let ending = by_admin(&order.actor, self.clock.now());
        let fell = Warrant {
            ended: 1,
            ..self.warrant(&order, None)
        };
        let ended = self.blacklist_access(&token, ending, Some(fell.clone()));
        match ended.await? {
            Ended::Now => Ok(fell),
            Ended::Before => {
                let warrant = Warrant { ended: 0, ..fell };
                let kept = warrant.clone();
                let added = self
                    .store
                    .write(move |tx| Box::pin(async move { tx.add_warrant(&kept).await }));
                added.await?;
                Ok(warrant)
            }
        }
    }

    async fn revoke_at_once(
        &self,
        order: Order,
        radius: &Radius,
        found: Vec<String>,
    ) -> Result<Warrant> {
        let warrant = self.warrant(&order, Some(radius));
        let ending = by_admin(&order.actor, self.clock.now());
        let since = self.accepted().since();
        let revoked = self.store.write(move |tx| {
            Box::pin(async move {
                let mut revoked = shut(tx, &order, &ending).await?;
                let ids = match order.target {
                    // A login may have come in since, and whoever it was is to be signed out.
                    Target::User { id, .. } => {
                        let ids = tx.live_sessions_of(UserId(id), since).await?;
                        ids.into_iter().filter(|id| order.covers(id)).collect()
                    }
                    Target::Token { .. }
                    | Target::Session { .. }
                    | Target::Device { .. }
                    | Target::Filter(_)
                    | Target::Tokens(_)
                    | Target::Everyone => found,
                };
                let ended = tx.end_sessions(warrant.id, &ids, &ending).await?;
                let warrant = Warrant {
                    expected: Count::Exactly(i64::try_from(ids.len()).unwrap_or(i64::MAX)),
                    ended: i64::try_from(ended.revoked.len()).unwrap_or(i64::MAX),
                    users: Some(ended.users),
                    ..warrant
                };
                if let Some(event) = as_a_whole(&warrant, &ending) {
                    tx.note(event).await?;
                }
                tx.add_warrant(&warrant).await?;
                revoked.extend(ended.revoked);
                tx.announce(&revoked).await?;
                Ok::<_, Error>((warrant, revoked))
            })
        });
        let (warrant, revoked) = revoked.await?;
        self.refuse_from_now_on(&revoked);
        Ok(warrant)
    }

    async fn begin_to_revoke(&self, order: Order, radius: &Radius) -> Result<Warrant> {
        let warrant = Warrant {
            finished_at: None,
            ..self.warrant(&order, Some(radius))
        };
        let ending = by_admin(&order.actor, self.clock.now());
        let begun = self.store.write(move |tx| {
            Box::pin(async move {
                let revoked = shut(tx, &order, &ending).await?;
                let last_id = match warrant.last_id {
                    Some(last) => Some(last),
                    None => tx.latest_session().await?,
                };
                let warrant = Warrant { last_id, ..warrant };
                tx.add_warrant(&warrant).await?;
                tx.announce(&revoked).await?;
                Ok::<_, Error>((warrant, revoked))
            })
        });
        let (warrant, revoked) = begun.await?;
        self.refuse_from_now_on(&revoked);
        Ok(warrant)
    }

    /// The warrant of an order, as if it were done. `radius` is what it meets, where it ends sessions.
    fn warrant(&self, order: &Order, radius: Option<&Radius>) -> Warrant {
        let now = self.clock.now();
        Warrant {
            id: WarrantId::next(),
            begun_at: now,
            actor: order.actor.name.clone(),
            note: order.actor.note.clone(),
            origin: order.actor.origin.clone(),
            target: order.target.clone(),
            spared: order.spared,
            last_id: order.last_id.clone(),
            expected: radius.map_or(Count::Exactly(0), |radius| radius.sessions),
            alive: radius.map(|radius| Alive {
                access: radius.access,
                others: radius.others,
            }),
            position: String::new(),
            ended: 0,
            users: None,
            finished_at: Some(now),
            claimed_until: 0,
        }
    }
}

impl Order {
    /// Which sessions it ends.
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            meant: self.target.meant(),
            last_id: self.last_id.clone(),
            spared: self.spared,
        }
    }

    /// Whether a session of its target is neither left out nor too late.
    fn covers(&self, id: &str) -> bool {
        let is_spared = self.spared.is_some_and(|spared| spared.to_string() == id);
        let is_late = self.last_id.as_deref().is_some_and(|last| id > last);
        !is_spared && !is_late
    }
}

/// What falls at once, however many sessions there are: tokens that belong to no session, and all access tokens where
/// everyone is meant. Begins at the user's row, as a login does. Answers what is to be announced.
async fn shut(tx: &mut Tx, order: &Order, ending: &Ending) -> store::Result<Vec<Revocation>> {
    let cut_off = |what| {
        vec![Revocation {
            what,
            value: ending.at,
        }]
    };
    match &order.target {
        Target::User { id, username } => {
            let id = UserId(*id);
            tx.lock_user(id).await?;
            tx.refuse_older_tokens(id, ending.at).await?;
            if order.with_api_token && tx.end_api_token(id).await? {
                let event = api_tokens::reset_event(id, username, &order.actor, ending.at);
                tx.note(event).await?;
            }
            Ok(cut_off(Revoked::User(id)))
        }
        Target::Everyone => {
            tx.refuse_everyones_tokens(ending.at).await?;
            tx.end_all_api_tokens().await?;
            Ok(cut_off(Revoked::Everyone))
        }
        Target::Token { .. }
        | Target::Session { .. }
        | Target::Device { .. }
        | Target::Filter(_)
        | Target::Tokens(_) => Ok(Vec::new()),
    }
}

/// The event of a revocation that is more than the ends of its sessions.
fn as_a_whole(warrant: &Warrant, ending: &Ending) -> Option<Event> {
    if !warrant.target.is_bulk() {
        return None;
    }
    let sessions = match warrant.ended {
        1 => "1 session".to_owned(),
        n => format!("{n} sessions"),
    };
    let words = format!("{sessions} ended; {}: {}", warrant.target, warrant.note);
    let event = Event::new(Kind::SessionsRevoked, ending.at)
        .by(&warrant.actor)
        .from(&warrant.origin)
        .detail(words);
    Some(match &warrant.target {
        Target::User { id, username } => event.user(UserId(*id), username),
        _ => event,
    })
}

/// How a warrant ends its sessions.
fn ending_of(warrant: &Warrant, at: i64) -> Ending {
    Ending {
        at,
        reason: EndReason::Admin,
        by: Some(warrant.actor.clone()),
        note: Some(warrant.note.clone()).filter(|note| !note.is_empty()),
        origin: warrant.origin.clone(),
    }
}
