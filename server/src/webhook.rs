//! Webhooks: what happened is posted, signed, to one place of the operator's. An event is put into the outbox in the
//! transaction of what it tells of, so none is lost; it leaves the outbox when it was taken, so it may come twice, and is
//! told by its name. The scheme is that of Standard Webhooks (standardwebhooks.com), version 1.

mod dispatch;
mod message;
mod retry;

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use secrecy::ExposeSecret;

use crate::config::Settings;
use crate::outbound::{Outbound, OutboundError};

/// Where to send, and how to sign.
#[derive(Debug)]
pub struct Webhook {
    url: Url,
    key: hmac::Key,
    outbound: Outbound,
    /// Seconds for which a delivery belongs to who claimed it: longer than an attempt can take.
    lease: i64,
}

impl Webhook {
    /// What the settings ask for; `None` where they name no place.
    ///
    /// # Errors
    /// There is no TLS to be had.
    pub fn of(settings: &Settings) -> Result<Option<Self>, OutboundError> {
        let (Some(url), Some(secret)) = (&settings.webhook_url, &settings.webhook_secret) else {
            return Ok(None);
        };
        let seconds = settings.webhook_timeout.get();
        let patience = Duration::from_secs(seconds.unsigned_abs());
        Ok(Some(Self {
            url: url.get().clone(),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key_bytes(secret.expose_secret())),
            outbound: Outbound::for_posting(patience)?,
            lease: 2 * seconds + 1,
        }))
    }
}

/// The bytes of a secret: those behind `whsec_` in base64, as libraries for Standard Webhooks write them, or the text
/// itself.
#[must_use]
pub fn key_bytes(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_");
    let decoded = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_the_libraries_write_it_or_as_it_is() {
        assert_eq!(key_bytes("whsec_AAEC"), [0, 1, 2]);
        assert_eq!(key_bytes("whsec_?"), b"whsec_?");
        assert_eq!(key_bytes("plain"), b"plain");
    }
}
