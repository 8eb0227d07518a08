//! A key tokens are verified with: made of its numbers, wherever they come from, so that every way in has the same checks.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, ParsedPublicKey, RsaPublicKeyComponents, RsaSubjectPublicKey};
use serde_json::Value;

use super::KeyError;
use super::jwk;
use super::pem::{self, Label};
use crate::token::Algorithm;
use crate::token::algorithm::Scheme;

/// The bits an RSA key may have.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// A public key with its name and description; or the secret of an HMAC, which has neither.
pub(in crate::token) enum Public {
    Secret(Box<hmac::Key>),
    Key {
        key: ParsedPublicKey,
        kid: String,
        jwk: Value,
    },
}

/// The numbers a public key is made of, big-endian.
pub(in crate::token) enum Parts {
    /// Modulus and exponent, without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// The coordinates of a point, each as long as the curve's.
    Ec { x: Vec<u8>, y: Vec<u8> },
    /// The 32 bytes of an Ed25519 key.
    Ed(Vec<u8>),
}

impl Parts {
    pub fn rsa(n: &[u8], e: &[u8]) -> Option<Self> {
        let (n, e) = (without_zeros(n), without_zeros(e));
        (!n.is_empty() && !e.is_empty()).then(|| Self::Rsa {
            n: n.to_vec(),
            e: e.to_vec(),
        })
    }

    /// An uncompressed point (SEC 1, section 2.3.3).
    pub fn point(bytes: &[u8]) -> Option<Self> {
        let (4, coordinates) = bytes.split_first().map(|(kind, rest)| (*kind, rest))? else {
            return None;
        };
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        Some(Self::Ec {
            x: x.to_vec(),
            y: y.to_vec(),
        })
    }
}

impl Public {
    /// Reads a public key in PEM.
    pub fn read(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let unusable = |why| KeyError::Unusable {
            which: "verifying",
            algorithm,
            why,
        };
        let der = match pem::first_key(text) {
            Some((Label::Public, der)) => der,
            Some(_) => return Err(unusable("it is a private key")),
            None => return Err(unusable("it is not a public key in PEM")),
        };
        let parts = match algorithm.scheme() {
            Scheme::Rsa { .. } => RsaSubjectPublicKey::from_der(&der).ok().and_then(|key| {
                Parts::rsa(
                    key.modulus().big_endian_without_leading_zero(),
                    key.exponent().big_endian_without_leading_zero(),
                )
            }),
            Scheme::Ec { curve, verify, .. } => ParsedPublicKey::new(verify, &der)
                .ok()
                .and_then(|key| Parts::point(&last(&key, 1 + 2 * curve.size)?)),
            Scheme::Ed => ParsedPublicKey::new(&ED25519, &der)
                .ok()
                .and_then(|key| Some(Parts::Ed(last(&key, 32)?))),
            Scheme::Hmac { .. } => None,
        };
        let parts = parts.ok_or_else(|| unusable("it is a key of another kind"))?;
        Self::of(algorithm, parts)
            .ok_or_else(|| unusable("it is malformed, or has fewer than 2048 bits"))
    }

    /// The key these numbers make; `None` when they make none that is fit for the algorithm.
    pub fn of(algorithm: Algorithm, parts: Parts) -> Option<Self> {
        let (key, members) = match (algorithm.scheme(), parts) {
            (Scheme::Rsa { verify, .. }, Parts::Rsa { n, e }) => {
                let bits = n.len() * 8 - usize::try_from(n.first()?.leading_zeros()).ok()?;
                if !RSA_BITS.contains(&bits) {
                    return None;
                }
                let members = jwk::rsa(&n, &e);
                let components = RsaPublicKeyComponents { n, e };
                (components.to_parsed_public_key(verify).ok()?, members)
            }
            (Scheme::Ec { curve, verify, .. }, Parts::Ec { x, y }) => {
                if x.len() != curve.size || y.len() != curve.size {
                    return None;
                }
                let point = [&[4][..], &x, &y].concat();
                (
                    ParsedPublicKey::new(verify, point).ok()?,
                    jwk::ec(curve.name, &x, &y),
                )
            }
            (Scheme::Ed, Parts::Ed(x)) => (ParsedPublicKey::new(&ED25519, &x).ok()?, jwk::ed(&x)),
            _ => return None,
        };
        let (kid, jwk) = jwk::describe(algorithm, members);
        Some(Self::Key { key, kid, jwk })
    }

    /// Its name: a thumbprint (RFC 7638).
    pub fn kid(&self) -> Option<&str> {
        match self {
            Self::Secret(_) => None,
            Self::Key { kid, .. } => Some(kid),
        }
    }

    /// What others are told of it.
    pub fn jwk(&self) -> Option<&Value> {
        match self {
            Self::Secret(_) => None,
            Self::Key { jwk, .. } => Some(jwk),
        }
    }

    /// Whether it belongs to the key that made `signature`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Key { key, .. } => key.verify_sig(message, signature).is_ok(),
        }
    }
}

/// The last bytes of a key's `SubjectPublicKeyInfo`: with these kinds of keys, the key itself (RFC 5480, RFC 8410).
fn last(key: &ParsedPublicKey, count: usize) -> Option<Vec<u8>> {
    let der: PublicKeyX509Der<'_> = key.as_der().ok()?;
    let der = der.as_ref();
    Some(der[der.len().checked_sub(count)?..].to_vec())
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}
