//! A made-up past: what a service would have on record after a season, to look at the admin with, and to measure it. Every row
//! is as the server would have left it, so that servers start on it, tokens end and clean-up cleans. Nobody in it can log in:
//! no password fits, and no token of it was ever signed. It fills an empty database and touches no other.

mod agents;
mod chance;
mod numbers;
mod people;
mod places;
mod plan;
mod sessions;
mod users;

use crate::clock::UnixSeconds;
use crate::config::Settings;
use crate::session::TravelRules;
use crate::store::{Batch, Store, StoreError};
use numbers::Numbers;
use plan::Plan;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// How long ago the first login was, in seconds: 90 days.
pub const WINDOW: i64 = 90 * DAY;

/// How many sessions there can be.
pub const MOST: usize = 10_000_000;

/// How many users or sessions are put on record in one transaction: a few seconds of work.
const AT_ONCE: usize = 20_000;

/// Why there is no past.
#[derive(Debug, thiserror::Error)]
pub enum DemoDataError {
    /// Somebody's real past would be mixed with a made-up one.
    #[error("there are users or sessions in this database; demo data fills an empty one only")]
    InUse,
    /// There can not be so many sessions, or none.
    #[error("the number of sessions must be 1 to {MOST}")]
    Sessions,
    /// The database could not do it. What was put on record until then stays.
    #[error("the database could not do it: {0}")]
    Store(#[from] StoreError),
}

/// How many rows were made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Made {
    /// Users.
    pub users: usize,
    /// Devices of theirs.
    pub devices: usize,
    /// Sessions.
    pub sessions: usize,
    /// Of these, the ones that can still go on.
    pub live: usize,
    /// Tokens.
    pub tokens: usize,
    /// Of these, the ones that are blacklisted.
    pub blacklisted: usize,
    /// Networks sessions were used from, each counted once a session.
    pub addresses: usize,
    /// Events.
    pub events: usize,
    /// Entries of the feed of revocations.
    pub revocations: usize,
    /// API tokens.
    pub api_tokens: usize,
}

/// What all is made of: the same scope makes the same rows.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// How many sessions.
    sessions: usize,
    /// How many users, the numbers from 1.
    users: usize,
    /// How many of them are staff, the numbers from 2.
    staff: usize,
    /// Another seed makes another past.
    seed: u64,
    /// When it ends.
    now: UnixSeconds,
    /// How long ago the first login was.
    window: i64,
    /// How long things live, as the settings say.
    lifetimes: Lifetimes,
    /// What counts as coming and going.
    travel: TravelRules,
}

/// Lifetimes in seconds.
#[derive(Clone, Copy, Debug)]
struct Lifetimes {
    access: i64,
    refresh: i64,
    session: i64,
    admin: i64,
}

impl Scope {
    /// So many sessions until `now`, with the lifetimes of these settings. Refresh tokens are rotated and blacklisted, as
    /// where nothing else is set.
    ///
    /// # Errors
    /// [`DemoDataError::Sessions`].
    pub fn new(
        sessions: usize,
        seed: u64,
        now: UnixSeconds,
        settings: &Settings,
    ) -> Result<Self, DemoDataError> {
        if !(1..=MOST).contains(&sessions) {
            return Err(DemoDataError::Sessions);
        }
        let users = (sessions / 5).max(12);
        Ok(Self {
            sessions,
            users,
            staff: (users / 4000).clamp(3, 40),
            seed,
            now,
            window: WINDOW,
            lifetimes: Lifetimes {
                access: settings.access_token_lifetime.get(),
                refresh: settings.refresh_token_lifetime.get(),
                session: settings.session_lifetime.get(),
                admin: settings.admin_session_lifetime.get(),
            },
            travel: TravelRules {
                window: settings.watching.anomaly_window.get(),
                speed: settings.watching.anomaly_speed,
            },
        })
    }

    /// Which version of everything was current: of ages there are [`agents::VERSIONS`].
    fn age(&self, at: UnixSeconds) -> usize {
        let since = (at - self.now + self.window).max(0);
        usize::try_from(since * 4 / self.window).unwrap_or_default()
    }

    #[cfg(test)]
    fn for_tests(sessions: usize) -> Self {
        let settings = Settings::from_flags([""; 0]).expect("defaults");
        Self::new(sessions, 1, 1_800_000_000, &settings).expect("so many")
    }
}

/// Makes everything of a scope and puts it on record. `progress` is told how many sessions are, now and then.
///
/// # Errors
/// See [`DemoDataError`].
pub async fn fill(
    store: &Store,
    scope: Scope,
    progress: impl Fn(usize),
) -> Result<Made, DemoDataError> {
    if store.is_in_use().await? {
        return Err(DemoDataError::InUse);
    }
    let mut made = Made::default();
    for batch in batches(Plan::of(scope)) {
        made.count(&batch, scope.now);
        store.put(batch).await?;
        progress(made.sessions);
    }
    store.take_stock().await?;
    Ok(made)
}

/// All rows, in an order in which they can be put on record: users first.
fn batches(plan: Plan) -> impl Iterator<Item = Batch> {
    let Scope {
        users, sessions, ..
    } = plan.scope;
    let some_users = (1..=users).step_by(AT_ONCE).map(Part::Users);
    let some_sessions = (0..sessions).step_by(AT_ONCE).map(Part::Sessions);
    let mut numbers = Numbers::default();
    some_users.chain(some_sessions).map(move |part| {
        let mut batch = Batch::default();
        match part {
            Part::Users(first) => {
                for number in (first..=users).take(AT_ONCE) {
                    users::tell(&plan, number, &mut numbers, &mut batch);
                }
            }
            Part::Sessions(first) => {
                for number in (first..sessions).take(AT_ONCE) {
                    sessions::tell(&plan, number, &mut numbers, &mut batch);
                }
            }
        }
        batch
    })
}

/// What a batch begins with.
enum Part {
    Users(usize),
    Sessions(usize),
}

impl Made {
    fn count(&mut self, batch: &Batch, now: UnixSeconds) {
        let is_live = |session: &&_| sessions::is_live(session, now);
        self.users += batch.users.len();
        self.devices += batch.devices.len();
        self.sessions += batch.sessions.len();
        self.live += batch.sessions.iter().filter(is_live).count();
        self.tokens += batch.tokens.len();
        self.blacklisted += batch.blacklisted.len();
        self.addresses += batch.addresses.len();
        self.events += batch.events.len();
        self.revocations += batch.revocations.len();
        self.api_tokens += batch.api_tokens.len();
    }
}

#[cfg(test)]
mod tests;
