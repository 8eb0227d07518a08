//! Looks at from where and how often a session is refreshed, before anything is issued: what is odd is put on record, or
//! ends the session, as the operator chose; what is not let in is refused. A refusal ends nothing and spends nothing: an
//! honest phone in another network is as good as before when it is back, and who stole its token has nothing.

use std::net::IpAddr;

use super::follow::hand_on_all;
use super::refresh::refused;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::network::Network;
use crate::session::{Binding, Followed, Policy, Session, Trail, Travel, TravelRules};
use crate::state::Server;
use crate::store::{Origin, Seen};
use crate::token::{SessionId, UserId};
use crate::watch::Sighting;

/// A refresh that is let through.
pub(super) struct Passed {
    /// The session's trail with it.
    pub trail: Trail,
    /// What the user is to be told.
    pub notices: Vec<Event>,
}

/// A refresh to look at.
pub(super) struct Refreshing<'a> {
    pub session: &'a Session,
    pub user_id: UserId,
    pub origin: &'a Origin,
    /// What to do because it is one of too many.
    pub burst: Option<Policy>,
    pub now: UnixSeconds,
}

impl Server {
    /// Counts a refresh of a session; answers what to do when there were too many.
    pub(super) fn count_refresh(&self, session: SessionId) -> Option<Policy> {
        let policy = self.settings.watching.anomaly_burst;
        let is_told = || {
            let kind = Kind::ExcessRateLimitExceeded;
            policy == Policy::End || self.watch.is_to_be_told(session, kind)
        };
        let is_odd = policy != Policy::Ignore && self.watch.is_burst(session) && is_told();
        is_odd.then_some(policy)
    }

    /// Lets a refresh through, or not. `None` when the session was to be ended, and somebody else did so first.
    pub(super) async fn watch(&self, refreshing: &Refreshing<'_>) -> Result<Option<Passed>> {
        self.check_binding(refreshing).await?;
        let Refreshing {
            session,
            origin,
            now,
            ..
        } = refreshing;
        let places = &self.watch.places;
        let here = Network::of(&origin.ip);
        let place = |network| places.of(network);
        let Followed { trail, travel } =
            session.trail.follow(here, *now, self.travel_rules(), place);
        let travel = travel.map(|travel| {
            let event = refreshing.event(Kind::ImpossibleTravel);
            let event = event.detail(words(travel, session.trail.network, here));
            (self.settings.watching.anomaly_travel, event)
        });
        let burst = refreshing.burst.map(|policy| {
            let event = refreshing.event(Kind::ExcessRateLimitExceeded);
            let rate = self.settings.watching.anomaly_burst_rate;
            (
                policy,
                event.detail(format!("refreshed more often than {rate}")),
            )
        });
        let mut notices = Vec::new();
        for (policy, event) in travel.into_iter().chain(burst) {
            match policy {
                Policy::Ignore => {}
                Policy::Notice => notices.push(event.noticed()),
                Policy::End => {
                    let ended = self.end_for_anomaly(session.id, event.noticed()).await?;
                    return ended.map_or(Ok(None), |refusal| Err(refused(refusal)));
                }
            }
        }
        Ok(Some(Passed { trail, notices }))
    }

    async fn check_binding(&self, refreshing: &Refreshing<'_>) -> Result<()> {
        let (last, ip) = (refreshing.session.trail.network, &refreshing.origin.ip);
        let binding = self.settings.watching.session_network;
        let places = &self.watch.places;
        let is_bound = binding.holds(last, Network::of(ip), |network| places.of(network));
        if is_bound && self.is_listed(ip.parse().ok()) {
            return Ok(());
        }
        let session = refreshing.session.id;
        if self.watch.is_to_be_told(session, Kind::AuthzFail) {
            let words = format!(
                "refreshed from where SESSION_NETWORK={} forbids",
                binding.as_str()
            );
            let event = refreshing.event(Kind::AuthzFail).detail(words);
            self.note(event.noticed()).await;
        }
        Err(Error::NetworkNotAllowed)
    }

    /// Whether `SESSION_NETWORK=allow-list`, if it is chosen, lets this address in. Asks nobody.
    #[must_use]
    pub fn is_listed(&self, address: Option<IpAddr>) -> bool {
        let watching = &self.settings.watching;
        let listed = |address| {
            let networks = watching.session_networks.as_ref();
            networks.is_some_and(|networks| networks.has(address))
        };
        watching.session_network != Binding::AllowList || address.is_some_and(listed)
    }

    fn travel_rules(&self) -> TravelRules {
        TravelRules {
            window: self.settings.watching.anomaly_window.get(),
            speed: self.settings.watching.anomaly_speed,
        }
    }

    /// Hands on where sessions were seen. What can not be handed on now is kept for the next time.
    pub(super) async fn hand_on_sightings(&self) {
        let news = self.watch.sightings.take_news();
        let note = async |some: Vec<Sighting>| {
            let seen: Vec<_> = some.iter().map(|one| self.seen(one)).collect();
            let noted = self
                .store
                .write(move |tx| Box::pin(async move { tx.note_seen(&seen).await }));
            noted.await
        };
        hand_on_all(&news, "where sessions are used", note, |rest| {
            self.watch.sightings.put_back(rest);
        })
        .await;
    }

    fn seen(&self, sighting: &Sighting) -> Seen {
        let country = |ip| self.watch.places.country(ip);
        Seen {
            session: sighting.session,
            at: sighting.at,
            network: sighting.network.to_string(),
            ip: sighting.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            country: sighting.ip.map(country).unwrap_or_default(),
        }
    }
}

impl Refreshing<'_> {
    fn event(&self, kind: Kind) -> Event {
        Event {
            user: Some(self.user_id),
            ..Event::new(kind, self.now)
        }
        .session(self.session.id)
        .from(self.origin)
    }
}

/// What the user reads.
fn words(travel: Travel, last: Network, here: Network) -> String {
    match travel {
        Travel::Alternating => format!("refreshed from {last} and {here} by turns"),
        Travel::TooFast {
            kilometres,
            seconds,
        } => format!(
            "refreshed from {last} and, {seconds} s later, from {here}, at least {kilometres} km away"
        ),
    }
}
