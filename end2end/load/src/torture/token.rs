//! Tokens as a client holds them: the compact form, and what its payload says. The signature is the server's
//! business and is not looked at.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::history::{Pair, Token};

/// A token in a client's hands.
#[derive(Clone, Debug)]
pub struct Held {
    /// The compact form.
    pub compact: Arc<str>,
    /// What it says.
    pub token: Token,
}

/// The two tokens of an answer.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the next refresh.
    pub refresh: Held,
    /// For everything else.
    pub access: Held,
}

#[derive(Deserialize)]
struct Payload {
    sid: String,
    r#gen: i64,
    jti: String,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Body {
    refresh: String,
    access: String,
}

impl Held {
    /// Reads a compact form; `None` when it is not a token of a session.
    pub fn read(compact: &str) -> Option<Self> {
        let payload = compact.split('.').nth(1)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let payload: Payload = serde_json::from_slice(&payload).ok()?;
        let mut hasher = DefaultHasher::new();
        compact.hash(&mut hasher);
        Some(Self {
            compact: compact.into(),
            token: Token {
                sid: payload.sid.into(),
                generation: payload.r#gen,
                jti: payload.jti.into(),
                iat: payload.iat,
                exp: payload.exp,
                fingerprint: hasher.finish(),
            },
        })
    }
}

impl Tokens {
    /// Reads the body of an answer; `None` when it has not both tokens.
    pub fn read(body: &[u8]) -> Option<Self> {
        let body: Body = serde_json::from_slice(body).ok()?;
        Some(Self {
            refresh: Held::read(&body.refresh)?,
            access: Held::read(&body.access)?,
        })
    }

    /// What they say.
    pub fn pair(&self) -> Pair {
        Pair {
            refresh: self.refresh.token.clone(),
            access: self.access.token.clone(),
        }
    }
}
