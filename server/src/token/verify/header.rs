//! The header of a token that was not begun as ours are. It may not choose an algorithm, nor ask for more than a
//! signature.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::token::Algorithm;

/// What is read of a header.
pub(super) struct Header {
    /// The name of the key.
    pub kid: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    alg: String,
    #[serde(default, deserialize_with = "present")]
    kid: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    crit: Option<Value>,
}

impl Header {
    /// Reads an encoded header; `None` for one of another algorithm, or with a critical extension: none is understood
    /// here (RFC 7515, section 4.1.11).
    pub fn read(encoded: &str, algorithm: Algorithm) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(encoded).ok()?;
        // A struct is also read from an array, and a header is an object.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return None;
        }
        let raw: Raw = serde_json::from_slice(&json).ok()?;
        let kid = match raw.kid {
            None => None,
            Some(Value::String(kid)) => Some(kid),
            Some(_) => return None,
        };
        (raw.alg == algorithm.as_str() && raw.crit.is_none()).then_some(Self { kid })
    }
}

/// `null` is there, too.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
