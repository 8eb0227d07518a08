//! The keys tokens are signed and verified with, each prepared once for its one algorithm. Refuses keys of another kind
//! or weaker than their algorithm. Whose key a token was signed with decides how much of it is believed.

mod error;
mod pem;
mod private;
mod public;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{EncodingKey, crypto};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Algorithm, ClaimNames};
pub use error::KeyError;
pub use pem::newlines;
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
    ours: Ours,
    /// Those of other issuers, by their names.
    theirs: RwLock<Arc<HashMap<String, Public>>>,
}

/// The keys whose tokens count as signed here.
enum Ours {
    /// An HMAC's, prepared: deriving it anew for every token, as `jsonwebtoken` does, is an eighth of a verification.
    Secret(Box<hmac::Key>),
    /// A private key and its public half, after which come other public keys.
    Pair(EncodingKey, Vec<Public>),
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
        let signing = profile.signing.expose_secret();
        let ours = match algorithm.mac() {
            Some(mac) => Ours::Secret(secret(algorithm, mac, signing)?),
            None => pair(algorithm, signing, profile.verifying)?,
        };
        let header = match ours.public().first().and_then(Public::kid) {
            Some(kid) => format!(r#"{{"alg":"{algorithm}","typ":"JWT","kid":"{kid}"}}"#),
            None => format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#),
        };
        Ok(Self {
            header: URL_SAFE_NO_PAD.encode(header),
            algorithm,
            names: profile.names,
            audience: profile.audience,
            issuer: profile.issuer,
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
        let public = self.ours.public().iter();
        let mut keys: Vec<_> = public.map(|key| key.jwk.clone()).collect();
        keys.dedup();
        json!(JwkSet { keys })
    }

    /// Reads the public keys in a JWK Set that can verify tokens of the algorithm in use. Others are left out, as are keys
    /// without a name: a token could not say that it means them.
    ///
    /// # Errors
    /// [`KeyError::Set`] when it is no JWK Set.
    pub fn read_set(&self, document: &[u8]) -> Result<KeySet, KeyError> {
        public::read_set(self.algorithm, document).map(KeySet)
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
        let mut ours = self.ours.public().iter();
        ours.any(|key| key.kid() == Some(kid))
    }

    /// The signature of a message, in base64url.
    ///
    /// # Panics
    /// Never, but for want of memory: the key was read for its algorithm.
    pub(super) fn sign(&self, message: &[u8]) -> String {
        match &self.ours {
            Ours::Secret(key) => URL_SAFE_NO_PAD.encode(hmac::sign(key, message)),
            Ours::Pair(private, _) => {
                crypto::sign(message, private, self.algorithm.into()).expect("a private key signs")
            }
        }
    }

    /// Whether the key new tokens are signed with made `signature`, which is in base64url.
    pub(super) fn signed_here(&self, message: &[u8], signature: &str) -> bool {
        match &self.ours {
            Ours::Secret(key) => URL_SAFE_NO_PAD
                .decode(signature)
                .is_ok_and(|tag| hmac::verify(key, message, &tag).is_ok()),
            Ours::Pair(_, public) => public[0].verifies(message, signature),
        }
    }

    /// Whether the key of `VERIFYING_KEY` did.
    pub(super) fn signed_formerly(&self, message: &[u8], signature: &str) -> bool {
        let mut others = self.ours.public().iter().skip(1);
        others.any(|key| key.verifies(message, signature))
    }

    /// Whether any key of ours did.
    pub(super) fn signed_by_us(&self, message: &[u8], signature: &str) -> bool {
        self.signed_here(message, signature) || self.signed_formerly(message, signature)
    }
}

impl Ours {
    /// The public ones, that of the private key first.
    fn public(&self) -> &[Public] {
        match self {
            Self::Secret(_) => &[],
            Self::Pair(_, public) => public,
        }
    }
}

/// The keys of an algorithm that has two.
fn pair(algorithm: Algorithm, signing: &str, verifying: Option<&str>) -> Result<Ours, KeyError> {
    let (private, jwk) = private::read(algorithm, signing)?;
    let mut public = vec![Public::of(algorithm, jwk).ok_or(KeyError::Unusable {
        which: "signing",
        algorithm,
        why: "it has no public half",
    })?];
    if let Some(verifying) = verifying {
        public.push(Public::read(algorithm, verifying)?);
    }
    Ok(Ours::Pair(private, public))
}

/// An HMAC's secret, if it is as long as the output: a shorter one is weaker than the algorithm.
fn secret(
    algorithm: Algorithm,
    mac: hmac::Algorithm,
    secret: &str,
) -> Result<Box<hmac::Key>, KeyError> {
    if secret.contains("-----BEGIN ") {
        return Err(KeyError::NoSecret { algorithm });
    }
    let needed = mac.digest_algorithm().output_len();
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
        if self.is_symmetric() {
            return Ok(None);
        }
        let pem = private::make(self).map_err(|_| KeyError::NotMade)?;
        Ok(Some(pem.into()))
    }
}

#[cfg(test)]
mod tests;
