//! How many logins may be tried, counted before the password is hashed: by address, so that nobody tries all names,
//! and by account, so that a botnet does not try one name with all passwords (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B,
//! 5.2.2). It never locks an account: a device that logged in before is not hindered by what strangers do.
//!
//! What is counted is forgotten at a restart, and every node counts for itself.

mod buckets;
mod device;
mod pace;

use std::sync::Mutex;
use std::time::Duration;

use ipnet::IpNet;
use sha2::{Digest, Sha256};

pub(crate) use buckets::Buckets;
pub(crate) use device::mark as device_mark;
pub(crate) use pace::Pace;

use crate::clock::Clock;
use crate::config::{Settings, Throttle};
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::state::Server;
use crate::store::{Origin, Tx, fold};
use crate::token::UserId;

/// The most buckets of a kind that are kept.
const CAPACITY: usize = 50_000;

/// How often it is told that logins are refused.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// Counts logins.
///
/// Three kinds of buckets, of at most 50 000 each (`buckets.rs`); a bucket is at most 80 bytes, so that all of them take
/// less than 15 MB, whoever floods whatever.
pub struct LoginThrottle {
    addresses: Buckets<Option<IpNet>>,
    accounts: Buckets<Digest256>,
    devices: Buckets<(UserId, Digest256)>,
    pace: Pace,
    refused: Untold,
    unlisted: Untold,
}

/// A text of any length in 32 bytes: names are as long as a body may be.
type Digest256 = [u8; 32];

/// What happened and was not told yet. It is told now and then: telling of each would be a flood of its own.
#[derive(Default)]
struct Untold(Mutex<(u64, Option<Duration>)>);

impl Untold {
    fn add(&self) {
        if let Ok(mut untold) = self.0.lock() {
            untold.0 += 1;
        }
    }

    /// How much of it is to be told now.
    fn take(&self, pace: &Pace) -> Option<u64> {
        let now = pace.elapsed();
        let mut untold = self.0.lock().ok()?;
        let is_recent = |told: Duration| now.saturating_sub(told) < TELL_EVERY;
        if untold.1.is_some_and(is_recent) {
            return None;
        }
        let told = std::mem::take(&mut untold.0);
        untold.1 = Some(now);
        Some(told)
    }
}

impl LoginThrottle {
    /// Nobody has tried anything yet.
    #[must_use]
    pub fn new(settings: &Settings, clock: &Clock) -> Self {
        let pace = Pace::new(clock.clone());
        let of_account = settings.throttle_account;
        Self {
            addresses: Buckets::new(settings.throttle_address, CAPACITY, pace.clone()),
            accounts: Buckets::new(of_account, CAPACITY, pace.clone()),
            devices: Buckets::new(of_account, CAPACITY, pace.clone()),
            pace,
            refused: Untold::default(),
            unlisted: Untold::default(),
        }
    }

    fn admit_address(&self, origin: &Origin) -> Result<()> {
        let taken = self.addresses.take(&device::subscriber(origin));
        taken.map_err(|wait| self.refusal(wait))
    }

    fn admit_account(&self, folded: &str) -> Result<()> {
        let taken = self.accounts.take(&digest(folded));
        taken.map_err(|wait| self.refusal(wait))
    }

    fn admit_device(&self, user: UserId, mark: &str) -> Result<()> {
        let taken = self.devices.take(&(user, digest(mark)));
        taken.map_err(|wait| self.refusal(wait))
    }

    fn refusal(&self, wait: Duration) -> Error {
        self.refused.add();
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Error::Throttled {
            retry_after: whole.max(1),
        }
    }
}

impl Server {
    /// Counts an attempt to register, by address alone: nobody has the account yet.
    ///
    /// # Errors
    /// [`Error::Throttled`]; [`Error::NetworkNotAllowed`].
    pub async fn admit_stranger(&self, origin: &Origin) -> Result<()> {
        self.admit_network(origin).await?;
        if self.settings.throttle == Throttle::Off {
            return Ok(());
        }
        let admitted = self.throttle.admit_address(origin);
        self.tell_refusal(&admitted, origin).await;
        admitted
    }

    /// Counts an attempt to log in, right or wrong, and refuses it when there were too many. To be called once for each,
    /// before the password is looked at.
    ///
    /// The address counts for everybody. Then it is the bucket of the device, for one that logged in to this account
    /// before, or that of the account. An account is its name in lower case, whether there is such a user or not: both
    /// have a bucket, and refusals of both are the same. Where people log in with an e-mail address, that is their name: a
    /// bucket shared with the username would tell strangers whose address it is.
    ///
    /// Whether the device is known is asked in every case and in the same order, in one statement that ends at the index
    /// of names or at that of devices. The difference is a step in an index, less than what reading the user's row makes
    /// already, and the hash that follows is thousands of times as long; where a refusal follows instead, it is what
    /// there is to measure. What remains is on purpose: who shares network and `User-Agent` with a user, and has emptied
    /// the account's bucket from elsewhere, sees that a device like theirs has another one. To see that they must be in
    /// the user's own network.
    ///
    /// # Errors
    /// [`Error::Throttled`]; [`Error::NetworkNotAllowed`], which counts for the address alone; [`Error::Database`].
    pub async fn admit(&self, username: &str, origin: &Origin) -> Result<()> {
        self.admit_network(origin).await?;
        if self.settings.throttle == Throttle::Off {
            return Ok(());
        }
        let admitted = self.count(username, origin).await;
        self.tell_refusal(&admitted, origin).await;
        admitted
    }

    /// Refuses a login or a registration from where `SESSION_NETWORK=allow-list` forbids it. Tells of it now and then.
    async fn admit_network(&self, origin: &Origin) -> Result<()> {
        if self.is_listed(origin.ip.parse().ok()) {
            return Ok(());
        }
        if self.settings.throttle == Throttle::On {
            self.throttle.admit_address(origin)?;
        }
        self.throttle.unlisted.add();
        if let Some(refused) = self.throttle.unlisted.take(&self.throttle.pace) {
            let event = Event::new(Kind::AuthzFail, self.clock.now()).from(origin);
            let words = "from where SESSION_NETWORK=allow-list forbids";
            self.note(event.detail(format!("{refused} logins and registrations {words}")))
                .await;
        }
        Err(Error::NetworkNotAllowed)
    }

    async fn tell_refusal(&self, admitted: &Result<()>, origin: &Origin) {
        if let Err(Error::Throttled { .. }) = admitted
            && let Some(refused) = self.throttle.refused.take(&self.throttle.pace)
        {
            let event = Event::new(Kind::LoginFailMax, self.clock.now()).from(origin);
            let words = format!("logins come too fast: {refused} refused in the last minute");
            self.note(event.detail(words)).await;
        }
    }

    async fn count(&self, username: &str, origin: &Origin) -> Result<()> {
        self.throttle.admit_address(origin)?;
        let (folded, mark) = (fold(username), device::mark(origin));
        match self.store.user_of_device(&folded, &mark).await? {
            Some(user) => self.throttle.admit_device(user, &mark),
            None => self.throttle.admit_account(&folded),
        }
    }
}

/// Remembers, with the login it is part of, the device it came from. Also while nothing is throttled: who turns that on
/// during an attack wants their users' devices to be known.
///
/// # Errors
/// [`Error::Database`].
pub async fn remember_device(tx: &mut Tx, user: UserId, origin: &Origin, now: i64) -> Result<()> {
    Ok(tx.remember_device(user, &device::mark(origin), now).await?)
}

fn digest(text: &str) -> Digest256 {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests;
