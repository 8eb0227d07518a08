//! What every handler shares: settings, database, keys, memory and time. Built once at start.

use std::sync::Arc;

use crate::account::Hasher;
use crate::api_tokens::ApiTokens;
use crate::clock::Clock;
use crate::config::Settings;
use crate::issuer_keys::IssuerKeys;
use crate::recall::Recall;
use crate::registry::Registry;
use crate::session::Rules;
use crate::store::Store;
use crate::throttle::LoginThrottle;
use crate::token::Keys;
use crate::upkeep::Upkeep;
use crate::watch::Watch;

/// A running server's parts. Handlers take it as [`AppState`]; operations on sessions are its methods, in
/// [`crate::lifecycle`].
pub struct Server {
    /// What the operator chose.
    pub settings: Settings,
    /// The database.
    pub store: Store,
    /// The keys tokens are signed and verified with.
    pub keys: Keys,
    /// Where the keys of another issuer come from.
    pub issuer_keys: Option<IssuerKeys>,
    /// What this node issued last.
    pub recall: Recall,
    /// What is revoked.
    pub registry: Registry,
    /// The password hash and its bounds.
    pub hasher: Hasher,
    /// Makes API tokens and notes their use.
    pub api_tokens: ApiTokens,
    /// How many logins were tried.
    pub throttle: LoginThrottle,
    /// From where and how often sessions are used.
    pub watch: Watch,
    /// What the chores did last.
    pub upkeep: Upkeep,
    /// The time.
    pub clock: Clock,
}

/// The shared state of all handlers.
pub type AppState = Arc<Server>;

impl Server {
    /// The settings a refresh is decided by.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules {
            rotate: self.settings.rotate_refresh_tokens,
            blacklist_spent: self.settings.blacklist_after_rotation,
            reuse_interval: self.settings.refresh_reuse_interval.get(),
            retry_window: self.settings.refresh_retry_window.get(),
        }
    }
}
