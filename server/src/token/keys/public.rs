//! Public keys tokens are verified with, as JSON (RFC 7517; RFC 8037 for Ed25519) wherever they come from, so that every
//! way in has the same checks.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{AlgorithmFamily, DecodingKey, DecodingKeyKind, crypto};
use serde::Deserialize;
use serde_json::Value;

use super::KeyError;
use super::pem::first_key;
use crate::token::Algorithm;

/// The bits an RSA key may have.
const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// The most keys that are read of a set.
const MOST: usize = 100;

/// A public key, and what others are told of it.
pub(in crate::token) struct Public {
    key: DecodingKey,
    algorithm: jsonwebtoken::Algorithm,
    pub jwk: Jwk,
}

impl Public {
    /// Reads a public key in PEM.
    pub fn read(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let unusable = |why| KeyError::Unusable {
            which: "verifying",
            algorithm,
            why,
        };
        let block = first_key(text).ok_or_else(|| unusable("it is not a public key in PEM"))?;
        if !block.tag().ends_with("PUBLIC KEY") {
            return Err(unusable("it is a private key"));
        }
        let pem = pem::encode(&block);
        let key = match algorithm.family() {
            AlgorithmFamily::Ec => DecodingKey::from_ec_pem(pem.as_bytes()),
            AlgorithmFamily::Ed => DecodingKey::from_ed_pem(pem.as_bytes()),
            AlgorithmFamily::Rsa | AlgorithmFamily::Hmac => {
                DecodingKey::from_rsa_pem(pem.as_bytes())
            }
        };
        let jwk = key.and_then(|key| Jwk::from_decoding_key(&key, Some(algorithm.into())));
        let jwk = jwk.map_err(|_| unusable("it is malformed, or a key of another kind"))?;
        Self::of(algorithm, jwk).ok_or_else(|| {
            unusable(match algorithm.family() {
                AlgorithmFamily::Rsa => "it has fewer than 2048 bits, or more than 8192",
                _ => "it is a key of another kind",
            })
        })
    }

    /// The key that is described, named by its thumbprint (RFC 7638); `None` for one that is not fit for the algorithm.
    /// A secret is no public key and never is.
    pub fn of(algorithm: Algorithm, mut jwk: Jwk) -> Option<Self> {
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        // Numbers of another length than the curve's would be described in another way.
        let described = Jwk::from_decoding_key(&key, None).ok()?.algorithm;
        if key.family() != algorithm.family() || described != jwk.algorithm {
            return None;
        }
        let key = match (key.kind(), &jwk.algorithm) {
            (DecodingKeyKind::RsaModulusExponent { n, e }, _) => rsa(n, e)?,
            (_, AlgorithmParameters::EllipticCurve(on)) if on.curve == curve(algorithm) => key,
            (_, AlgorithmParameters::OctetKeyPair(_)) => key,
            _ => return None,
        };
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).ok()?);
        Some(Self {
            key,
            algorithm: algorithm.into(),
            jwk,
        })
    }

    /// Its name.
    pub fn kid(&self) -> Option<&str> {
        self.jwk.common.key_id.as_deref()
    }

    /// Whether it belongs to the key that made `signature`, which is in base64url.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.key, self.algorithm).unwrap_or(false)
    }
}

/// The keys of a set that can verify tokens of `algorithm`, by their names. Each is read on its own: one that is not
/// understood does not spoil the others (RFC 7517, section 5).
pub(super) fn read_set(
    algorithm: Algorithm,
    document: &[u8],
) -> Result<HashMap<String, Public>, KeyError> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(document).map_err(|_| KeyError::Set)?;
    let keys = set.keys.into_iter().take(MOST).filter_map(|value| {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let (kid, usage) = (jwk.common.key_id.clone()?, &jwk.common.public_key_use);
        let alg = jwk.common.key_algorithm;
        let meant = usage
            .as_ref()
            .is_none_or(|usage| *usage == PublicKeyUse::Signature)
            && alg.is_none_or(|alg| alg == jsonwebtoken::Algorithm::from(algorithm).into());
        meant
            .then(|| Public::of(algorithm, jwk))?
            .map(|public| (kid, public))
    });
    Ok(keys.collect())
}

/// Some write numbers with zeros before them (RFC 7518, section 6.3.1.1, has a word on it), which would verify nothing.
fn rsa(n: &[u8], e: &[u8]) -> Option<DecodingKey> {
    let [n, e] = [n, e].map(|number| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        &number[zeros..]
    });
    let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
    RSA_BITS
        .contains(&bits)
        .then(|| DecodingKey::from_rsa_raw_components(n, e))
}

fn curve(algorithm: Algorithm) -> EllipticCurve {
    match algorithm {
        Algorithm::Es384 => EllipticCurve::P384,
        _ => EllipticCurve::P256,
    }
}
