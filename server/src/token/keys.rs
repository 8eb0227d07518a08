//! The keys tokens are signed and verified with, each prepared once for its one algorithm. Refuses keys of another kind
//! or weaker than their algorithm. Whose key a token was signed with decides how much of it is believed.

mod error;
mod jwk;
mod pem;
mod private;
mod public;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::algorithm::Scheme;
use super::{Algorithm, ClaimNames};
pub use error::KeyError;
pub use pem::newlines;
use private::Private;
use public::Public;

/// What keys are made from, and what the tokens they sign say.
#[derive(Clone, Debug)]
pub struct Profile<'a> {
    /// `ALGORITHM`.
    pub algorithm: Algorithm,
    /// `SIGNING_KEY`: a secret, or a private key in PEM.
    pub signing: &'a SecretString,
    /// `VERIFYING_KEY`: one more public key, in PEM, whose tokens count as signed here. An HMAC has none.
    pub verifying: Option<&'a str>,
    /// How claims are called.
    pub names: ClaimNames,
    /// `AUDIENCE`: written to every token; a token must name one of them. Empty: not looked at.
    pub audience: Vec<String>,
    /// `ISSUER`: written to every token, and demanded of it.
    pub issuer: Option<String>,
}

/// The keys of a server, ready to sign and to verify.
pub struct Keys {
    /// The header every token begins with, encoded.
    pub(super) header: String,
    pub(super) algorithm: Algorithm,
    pub(super) names: ClaimNames,
    pub(super) audience: Vec<String>,
    pub(super) issuer: Option<String>,
    private: Private,
    /// Those whose tokens count as signed here; the first is that of `private`.
    ours: Vec<Public>,
    /// Those of other issuers, by their names.
    theirs: RwLock<Arc<HashMap<String, Public>>>,
}

/// Public keys of other issuers, for one algorithm.
pub struct KeySet(HashMap<String, Public>);

/// Whose key a token was signed with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signer {
    /// One of ours: what it says of its session is true.
    Ours,
    /// Another issuer's: it has no session here, whatever it says.
    Theirs,
}

impl Keys {
    /// Prepares the keys of a profile.
    ///
    /// # Errors
    /// [`KeyError`] when a key can not be used for the algorithm.
    pub fn new(profile: Profile<'_>) -> Result<Self, KeyError> {
        let algorithm = profile.algorithm;
        let private = Private::read(algorithm, profile.signing.expose_secret())?;
        let mut ours = vec![private.public(algorithm)?];
        if let Some(verifying) = profile.verifying.filter(|_| !algorithm.is_symmetric()) {
            ours.push(Public::read(algorithm, verifying)?);
        }
        let header = match ours[0].kid() {
            Some(kid) => format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"{kid}"}}"#),
            None => format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#),
        };
        Ok(Self {
            header: URL_SAFE_NO_PAD.encode(header),
            algorithm,
            names: profile.names,
            audience: profile.audience,
            issuer: profile.issuer,
            private,
            ours,
            theirs: RwLock::default(),
        })
    }

    /// How claims are called.
    #[must_use]
    pub fn names(&self) -> &ClaimNames {
        &self.names
    }

    /// The public keys others verify our tokens with, as a JWK Set (RFC 7517, section 5). That of an HMAC is empty: its
    /// key is a secret.
    #[must_use]
    pub fn key_set(&self) -> Value {
        let mut keys: Vec<_> = self.ours.iter().filter_map(Public::jwk).collect();
        keys.dedup();
        json!({"keys": keys})
    }

    /// Reads the public keys in a JWK Set that can verify tokens of the algorithm in use. Others are left out, as are keys
    /// without a name: a token could not say that it means them.
    ///
    /// # Errors
    /// [`KeyError::Set`] when it is no JWK Set.
    pub fn read_set(&self, document: &[u8]) -> Result<KeySet, KeyError> {
        jwk::read_set(self.algorithm, document).map(KeySet)
    }

    /// Takes `set` for the public keys of other issuers, in place of those known until now.
    pub fn trust(&self, set: KeySet) {
        let mut theirs = self.theirs.write().unwrap_or_else(PoisonError::into_inner);
        *theirs = Arc::new(set.0);
    }

    /// Whether another issuer's key of this name is known.
    #[must_use]
    pub fn knows(&self, kid: &str) -> bool {
        self.theirs().contains_key(kid)
    }

    pub(super) fn theirs(&self) -> Arc<HashMap<String, Public>> {
        let theirs = self.theirs.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&theirs)
    }

    /// Whether a key of ours has this name.
    pub(super) fn is_ours(&self, kid: &str) -> bool {
        self.ours.iter().any(|key| key.kid() == Some(kid))
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.private.sign(message)
    }

    /// Whether the key new tokens are signed with made `signature`.
    pub(super) fn signed_here(&self, message: &[u8], signature: &[u8]) -> bool {
        self.ours[0].verifies(message, signature)
    }

    /// Whether any key of ours did.
    pub(super) fn signed_by_us(&self, message: &[u8], signature: &[u8]) -> bool {
        self.ours.iter().any(|key| key.verifies(message, signature))
    }
}

/// An HMAC's secret, if it is as strong as the algorithm.
fn secret(
    algorithm: Algorithm,
    mac: hmac::Algorithm,
    needed: usize,
    secret: &str,
) -> Result<Box<hmac::Key>, KeyError> {
    if secret.contains("-----BEGIN ") {
        return Err(KeyError::NoSecret { algorithm });
    }
    if secret.len() < needed {
        return Err(KeyError::TooShort {
            algorithm,
            bytes: secret.len(),
            needed,
        });
    }
    Ok(Box::new(hmac::Key::new(mac, secret.as_bytes())))
}

impl Algorithm {
    /// Makes a private key, in PEM; `None` for an HMAC, whose key is any secret that is long enough.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the library can not.
    pub fn make_private_key(self) -> Result<Option<SecretString>, KeyError> {
        match self.scheme() {
            Scheme::Hmac { .. } => Ok(None),
            scheme => private::make(scheme).map(|pem| Some(pem.into())),
        }
    }
}

#[cfg(test)]
mod tests;
