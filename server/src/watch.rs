//! What this node notices of sessions in use, in memory: how often they are refreshed and from where they are used. It
//! decides nothing and can not be relied on for anything but notices: a restart forgets it, and other nodes have their own.

mod sightings;

use crate::clock::Clock;
use crate::config::{Rate, Settings};
use crate::event::Kind;
use crate::places::{Places, PlacesError};
use crate::throttle::{Buckets, Pace};
use crate::token::SessionId;

pub use sightings::{Sighting, Sightings};

/// The most sessions whose refreshes are counted at once; a bucket is at most 80 bytes.
const CAPACITY: usize = 50_000;

/// How often a user is told the same of a session.
const TELL: &str = "1/hour";

/// What is noticed of sessions in use.
pub struct Watch {
    /// From where they are used.
    pub sightings: Sightings,
    /// Where that is.
    pub places: Places,
    refreshes: Buckets<SessionId>,
    told: Buckets<(SessionId, Kind)>,
}

impl Watch {
    /// Nothing was noticed yet.
    ///
    /// # Errors
    /// The database of places can not be read.
    pub fn open(settings: &Settings, clock: &Clock) -> Result<Self, PlacesError> {
        let watching = &settings.watching;
        let pace = Pace::new(clock.clone());
        let tell = TELL.parse::<Rate>().unwrap_or(watching.anomaly_burst_rate);
        Ok(Self {
            sightings: Sightings::default(),
            places: Places::open(watching.places())?,
            refreshes: Buckets::new(watching.anomaly_burst_rate, CAPACITY, pace.clone()),
            told: Buckets::new(tell, CAPACITY, pace),
        })
    }

    /// Counts a refresh of this session; true when there were too many.
    pub fn is_burst(&self, session: SessionId) -> bool {
        self.refreshes.take(&session).is_err()
    }

    /// Whether it is time to tell this of the session, again or at all.
    pub fn is_to_be_told(&self, session: SessionId, kind: Kind) -> bool {
        self.told.take(&(session, kind)).is_ok()
    }
}
