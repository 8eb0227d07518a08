//! `JWK_URL`: the public keys of another issuer, asked for when one of its tokens comes, and kept. Whoever needs them at
//! the same time waits for one question. What can not be found out is no refusal: the token may be good, and a client
//! that is refused logs out.

use reqwest::Url;
use tokio::sync::Mutex;

use crate::clock::UnixSeconds;
use crate::config::{Settings, SettingsError};
use crate::outbound::{Outbound, OutboundError};
use crate::token::{KeyError, Keys};

/// The most bytes of a set that are read.
const MOST: usize = 256 * 1024;

/// Seconds between two questions for a key that is not known: tokens that name made-up keys cost no more than that.
const PAUSE: i64 = 5;

/// Seconds after which the set is asked for again, so that a key the issuer took back is not trusted for ever.
const LIFETIME: i64 = 300;

/// Seconds between two such questions while there is no answer; the keys that are known go on meanwhile.
const RETRY: i64 = 60;

/// Why the keys of an issuer are not known.
#[derive(Debug, thiserror::Error)]
pub enum IssuerKeysError {
    /// There is no answer.
    #[error("can not get the keys at JWK_URL: {0}")]
    Outbound(#[from] OutboundError),
    /// What is there are no keys.
    #[error("what is at JWK_URL is {0}")]
    Set(#[from] KeyError),
    /// There was no answer a moment ago.
    #[error("can not get the keys at JWK_URL: there was no answer a moment ago")]
    Lately,
}

/// Why the keys can not be asked for.
#[derive(Debug, thiserror::Error)]
pub enum IssuerKeysClientError {
    /// The setting is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no client.
    #[error("can not ask for JWK_URL: {0}")]
    Outbound(#[from] OutboundError),
}

/// Where the keys are, and when they were asked for.
#[derive(Debug)]
pub struct IssuerKeys {
    url: Url,
    outbound: Outbound,
    asked: Mutex<Asked>,
}

/// How the last question went.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    /// When it was asked.
    at: Option<UnixSeconds>,
    /// When it was answered last.
    answered: Option<UnixSeconds>,
}

impl IssuerKeys {
    /// What these settings ask for; `None` where they name no other issuer.
    ///
    /// # Errors
    /// The place is none, or there is no client to ask with.
    pub fn of(settings: &Settings) -> Result<Option<Self>, IssuerKeysClientError> {
        let Some(url) = settings.key_set_url()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            url,
            outbound: Outbound::new()?,
            asked: Mutex::default(),
        }))
    }

    /// Sees to it that `keys` knows the key `kid` if the issuer has it.
    ///
    /// # Errors
    /// [`IssuerKeysError`] when it is not known whether the issuer has it.
    pub async fn provide(
        &self,
        keys: &Keys,
        kid: &str,
        now: UnixSeconds,
    ) -> Result<(), IssuerKeysError> {
        let mut asked = match self.asked.try_lock() {
            Ok(asked) => asked,
            // Somebody is asking already, and this key is known.
            Err(_) if keys.knows(kid) => return Ok(()),
            Err(_) => self.asked.lock().await,
        };
        let is_known = keys.knows(kid);
        if is_known && !asked.is_over(now) {
            return Ok(());
        }
        if asked.is_recent(now, if is_known { RETRY } else { PAUSE }) {
            return if is_known || asked.was_answered() {
                Ok(())
            } else {
                Err(IssuerKeysError::Lately)
            };
        }
        asked.at = Some(now);
        match self.ask(keys).await {
            Ok(()) => {
                asked.answered = Some(now);
                Ok(())
            }
            Err(error) if is_known => {
                tracing::warn!(%error, "the keys that are known go on");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn ask(&self, keys: &Keys) -> Result<(), IssuerKeysError> {
        let document = self.outbound.get(&self.url, MOST).await?;
        keys.trust(keys.read_set(&document)?);
        Ok(())
    }
}

impl Asked {
    /// Whether what is known was asked for long ago. A clock that was set back makes it long ago, too.
    fn is_over(self, now: UnixSeconds) -> bool {
        self.answered
            .is_none_or(|answered| !(0..LIFETIME).contains(&(now - answered)))
    }

    fn is_recent(self, now: UnixSeconds, pause: i64) -> bool {
        self.at.is_some_and(|at| (0..pause).contains(&(now - at)))
    }

    fn was_answered(self) -> bool {
        self.at.is_some() && self.at == self.answered
    }
}
