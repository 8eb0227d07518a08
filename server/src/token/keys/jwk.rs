//! Keys as JSON (RFC 7517; RFC 8037 for Ed25519): what others are told of ours, and what is read of theirs.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::KeyError;
use super::public::{Parts, Public};
use crate::token::Algorithm;

/// The most keys that are read of a set.
const MOST: usize = 100;

/// The members that make a key, in the order of their names.
pub(super) type Members = [(&'static str, String)];

pub(super) fn rsa(n: &[u8], e: &[u8]) -> Vec<(&'static str, String)> {
    vec![
        ("e", encode(e)),
        ("kty", "RSA".to_owned()),
        ("n", encode(n)),
    ]
}

pub(super) fn ec(curve: &str, x: &[u8], y: &[u8]) -> Vec<(&'static str, String)> {
    vec![
        ("crv", curve.to_owned()),
        ("kty", "EC".to_owned()),
        ("x", encode(x)),
        ("y", encode(y)),
    ]
}

pub(super) fn ed(x: &[u8]) -> Vec<(&'static str, String)> {
    vec![
        ("crv", "Ed25519".to_owned()),
        ("kty", "OKP".to_owned()),
        ("x", encode(x)),
    ]
}

/// A key's name, which is its thumbprint (RFC 7638, section 3), and its description.
pub(super) fn describe(
    algorithm: Algorithm,
    members: Vec<(&'static str, String)>,
) -> (String, Value) {
    let kid = thumbprint(&members);
    let described = [
        ("use", "sig".to_owned()),
        ("alg", algorithm.to_string()),
        ("kid", kid.clone()),
    ];
    let described = described.into_iter().chain(members);
    let jwk: Map<_, _> = described
        .map(|(name, value)| (name.to_owned(), Value::String(value)))
        .collect();
    (kid, Value::Object(jwk))
}

fn thumbprint(members: &Members) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!(r#""{name}":"{value}""#))
        .collect();
    encode(&Sha256::digest(format!("{{{}}}", members.join(","))))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key of a set, as far as it is understood.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn is_for(&self, algorithm: Algorithm) -> bool {
        let is = |said: &Option<String>, ours| said.as_deref().is_none_or(|said| said == ours);
        is(&self.usage, "sig") && is(&self.alg, algorithm.as_str())
    }

    fn parts(&self) -> Option<Parts> {
        let number = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Parts::rsa(&number(&self.n)?, &number(&self.e)?),
            ("EC", Some(_)) => Some(Parts::Ec {
                x: number(&self.x)?,
                y: number(&self.y)?,
            }),
            ("OKP", Some("Ed25519")) => Some(Parts::Ed(number(&self.x)?)),
            _ => None,
        }
    }
}

/// The keys of a set that can verify tokens of `algorithm`, by their names. A secret is no public key and is never taken.
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
        if !jwk.is_for(algorithm) {
            return None;
        }
        let public = Public::of(algorithm, jwk.parts()?)?;
        Some((jwk.kid, public))
    });
    Ok(keys.collect())
}
