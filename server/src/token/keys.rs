//! The signing key and the one algorithm it may be used with (RFC 8725, section 3.1).
//! Refuses a key shorter than its algorithm's output (RFC 7518, section 3.2).

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey, Validation};
use secrecy::{ExposeSecret, SecretString};

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[value(name = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[value(name = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[value(name = "HS512")]
    Hs512,
}

impl Algorithm {
    fn min_key_bytes(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }

    fn mac(self) -> hmac::Algorithm {
        match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
        }
    }

    fn jose(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Hs384 => jsonwebtoken::Algorithm::HS384,
            Self::Hs512 => jsonwebtoken::Algorithm::HS512,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.jose())
    }
}

/// Why a key can not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Fewer bytes than the algorithm's output.
    #[error(
        "the signing key has {bytes} bytes; {algorithm} needs at least {needed} (RFC 7518, section 3.2)"
    )]
    TooShort {
        /// The algorithm the key was meant for.
        algorithm: Algorithm,
        /// Bytes given.
        bytes: usize,
        /// Bytes needed.
        needed: usize,
    },
}

/// A signing key, ready to sign and to verify.
pub struct Keys {
    /// The header every token begins with, encoded.
    pub(super) header: String,
    pub(super) algorithm: jsonwebtoken::Algorithm,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    /// The same key, made ready once: the library derives it anew for every token, an eighth of a verification.
    pub(super) mac: hmac::Key,
    pub(super) validation: Validation,
}

impl Keys {
    /// Prepares `secret` for `algorithm`.
    ///
    /// # Errors
    /// [`KeyError::TooShort`] when the secret is weaker than the algorithm.
    pub fn new(algorithm: Algorithm, secret: &SecretString) -> Result<Self, KeyError> {
        let secret = secret.expose_secret().as_bytes();
        let needed = algorithm.min_key_bytes();
        if secret.len() < needed {
            return Err(KeyError::TooShort {
                algorithm,
                bytes: secret.len(),
                needed,
            });
        }
        Ok(Self {
            header: URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#)),
            algorithm: algorithm.jose(),
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            mac: hmac::Key::new(algorithm.mac(), secret),
            validation: signature_only(algorithm),
        })
    }
}

/// The library checks the signature and nothing else: it would read the system's clock and skip claims of a
/// wrong type, so claims are checked in `verify`.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm.jose());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
