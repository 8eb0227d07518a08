//! Where a session was refreshed from, and whether one person can have been in all these places.
//!
//! Where a database says where networks are, two of them can be too far apart. Otherwise there is only the coming and
//! going. One move says nothing: people move. But A, B, A, B is four refreshes, and one client makes no more than three
//! in two lifetimes of an access token, however often it moves: it refreshes when the old one runs out. Two clients do.

use crate::clock::UnixSeconds;
use crate::network::Network;

use super::Place;

/// How many moves between the same two networks are one too many: A, B, A, B.
const TOO_MANY: i64 = 3;

/// Where a session was last refreshed, and how it came there.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Trail {
    /// The network it was last refreshed in.
    pub network: Network,
    /// When that was.
    pub at: UnixSeconds,
    /// The network it left with its last move.
    pub moved_from: Network,
    /// Since when the present run of moves goes on, each back to the network the one before left: the last refresh before
    /// the first of them.
    pub moved_at: UnixSeconds,
    /// How many moves there are in it.
    pub moves: i64,
}

/// The settings it depends on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TravelRules {
    /// `ANOMALY_WINDOW`: seconds in which coming and going is one run.
    pub window: i64,
    /// `ANOMALY_SPEED`: how fast people travel at the most, in kilometres an hour.
    pub speed: u32,
}

/// Why one person can not have been in all these places.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Travel {
    /// Two networks took turns.
    Alternating,
    /// They lie in two countries, too far apart.
    TooFast {
        /// Kilometres between them at the least.
        kilometres: u32,
        /// Seconds between the two refreshes.
        seconds: i64,
    },
}

/// The trail with one more step on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Followed {
    /// The trail as it is now.
    pub trail: Trail,
    /// What is wrong with it; said once a run.
    pub travel: Option<Travel>,
}

impl Trail {
    /// The trail of a session that is opened in this network.
    #[must_use]
    pub fn begin(network: Network, now: UnixSeconds) -> Self {
        Self {
            network,
            at: now,
            ..Self::default()
        }
    }

    /// Goes on with a refresh in `network`. Where networks are is asked only when the session moved.
    pub fn follow(
        self,
        network: Network,
        now: UnixSeconds,
        rules: TravelRules,
        place: impl Fn(Network) -> Option<Place>,
    ) -> Followed {
        let stayed = Self {
            // What is unknown is not somewhere else.
            network: if network.is_known() {
                network
            } else {
                self.network
            },
            at: now,
            ..self
        };
        if stayed.network == self.network || !self.network.is_known() {
            return Followed {
                trail: stayed,
                travel: None,
            };
        }
        let distant = place(self.network)
            .zip(place(network))
            .filter(|(last, here)| last.distance(*here).is_some());
        let too_fast = distant.and_then(|(last, here)| too_fast(last, here, now - self.at, rules));
        // IPv4 and IPv6 of one line are no move that could be counted, unless they are in two countries.
        let is_move = network.is_of_the_kind_of(self.network) || too_fast.is_some();
        let trail = if is_move {
            self.moved(network, now, rules)
        } else {
            stayed
        };
        let travel = if distant.is_some() {
            too_fast.filter(|_| trail.moves == 1)
        } else {
            (is_move && trail.moves == TOO_MANY).then_some(Travel::Alternating)
        };
        Followed { trail, travel }
    }

    fn moved(self, network: Network, now: UnixSeconds, rules: TravelRules) -> Self {
        // A clock that was set back says nothing about how long ago it was.
        let elapsed = (now - self.moved_at).max(0);
        let is_back = network == self.moved_from && elapsed <= rules.window;
        let (moved_at, moves) = if is_back {
            (self.moved_at, self.moves.saturating_add(1))
        } else {
            (self.at, 1)
        };
        Self {
            network,
            at: now,
            moved_from: self.network,
            moved_at,
            moves,
        }
    }
}

/// Within a country addresses are told to be where the provider is, so that only another one counts.
fn too_fast(last: Place, here: Place, seconds: i64, rules: TravelRules) -> Option<Travel> {
    let kilometres = last.distance(here)?;
    // Seconds are whole, and clocks of nodes differ a little.
    let seconds = seconds.max(0);
    let hours = f64::from(u32::try_from(seconds + 1).unwrap_or(u32::MAX)) / 3600.0;
    let is_too_fast = last.country != here.country && kilometres > f64::from(rules.speed) * hours;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no two places on earth are farther apart than 20 020 km, nor nearer than none"
    )]
    let kilometres = kilometres as u32;
    is_too_fast.then_some(Travel::TooFast {
        kilometres,
        seconds,
    })
}
