//! Decides whether a compact token holds: signature first, then times, then the claims' forms, then its type.
//! The order and the wording of the refusals are SimpleJWT's, because clients match on them. Says nothing
//! about revocation.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Claims, Generation, Jti, Keys, SessionId, TokenType, UserId};
use crate::clock::UnixSeconds;

/// The largest time a token may carry: 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// Which kind of token the caller asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expect {
    /// One kind only.
    Only(TokenType),
    /// Any kind, known here or not, or none at all (SimpleJWT's `UntypedToken`).
    Any,
}

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// Not a token, a bad signature, another algorithm, not yet valid, or a claim of a wrong form.
    #[error("Token is invalid")]
    Invalid,
    /// Its time is over.
    #[error("Token is expired")]
    Expired,
    /// It would never expire.
    #[error("Token has no 'exp' claim")]
    NoExp,
    /// It has no name and could not be revoked.
    #[error("Token has no id")]
    NoId,
    /// It does not say what it may be used for.
    #[error("Token has no type")]
    NoType,
    /// It may be used for something else only.
    #[error("Token has wrong type")]
    WrongType,
    /// It was revoked, or its session is over.
    #[error("Token is blacklisted")]
    Blacklisted,
}

/// A token that holds, with the type it claims where that is one of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    /// What it may be used for; `None` for a type unknown here.
    pub token_type: Option<TokenType>,
}

impl Keys {
    /// Verifies `compact` at the time `now`, with `leeway` seconds of tolerance on every time.
    ///
    /// # Errors
    /// The first check that fails, in SimpleJWT's order. Never [`TokenError::Blacklisted`].
    pub fn verify(
        &self,
        compact: &str,
        expect: Expect,
        now: UnixSeconds,
        leeway: i64,
    ) -> Result<Verified, TokenError> {
        let claims = match self.split(compact) {
            Some(parts) => self.read(&parts)?,
            None => self.read_any(compact)?,
        };
        claims.check(expect, now, leeway)
    }

    /// The parts of a token that begins as all tokens made here do; then its header needs no reading.
    fn split<'t>(&self, compact: &'t str) -> Option<Parts<'t>> {
        let rest = compact.strip_prefix(&self.header)?.strip_prefix('.')?;
        let (payload, signature) = rest.split_once('.')?;
        Some(Parts {
            signed: &compact[..self.header.len() + 1 + payload.len()],
            payload,
            signature,
        })
    }

    fn read(&self, parts: &Parts<'_>) -> Result<RawClaims, TokenError> {
        let decode = |part| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| TokenError::Invalid)
        };
        let signature = decode(parts.signature)?;
        hmac::verify(&self.mac, parts.signed.as_bytes(), &signature)
            .map_err(|_| TokenError::Invalid)?;
        serde_json::from_slice(&decode(parts.payload)?).map_err(|_| TokenError::Invalid)
    }

    /// Another issuer may write the header in another way, as long as it says the same.
    fn read_any(&self, compact: &str) -> Result<RawClaims, TokenError> {
        let token = jsonwebtoken::decode::<RawClaims>(compact, &self.verifying, &self.validation)
            .map_err(|_| TokenError::Invalid)?;
        // RFC 7515, section 4.1.11: a critical extension that is not understood makes the token invalid.
        if token.header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        Ok(token.claims)
    }
}

/// A compact token, cut up.
struct Parts<'t> {
    signed: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// The payload as it came. `Some(Null)` and absent differ: SimpleJWT answers them differently. Being a struct
/// it refuses a claim that is given twice.
#[derive(Deserialize)]
struct RawClaims {
    #[serde(default, deserialize_with = "present")]
    token_type: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    exp: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    iat: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    nbf: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    jti: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    sub: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    user_id: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    sid: Option<Value>,
    #[serde(default, rename = "gen", deserialize_with = "present")]
    generation: Option<Value>,
}

impl RawClaims {
    fn check(&self, expect: Expect, now: UnixSeconds, leeway: i64) -> Result<Verified, TokenError> {
        let (iat, nbf) = (time(self.iat.as_ref())?, time(self.nbf.as_ref())?);
        // A token of ours from the future was issued before the clock was set back, or by a node whose clock is
        // ahead; RFC 7519 has no such check, and a client would log out.
        let doubted = if self.sid.is_some() { None } else { iat };
        if [doubted, nbf]
            .into_iter()
            .flatten()
            .any(|at| at > now + leeway)
        {
            return Err(TokenError::Invalid);
        }
        let exp = time(self.exp.as_ref())?;
        if exp.is_some_and(|exp| exp <= now - leeway) {
            return Err(TokenError::Expired);
        }
        if self.sub.as_ref().is_some_and(|sub| !sub.is_string()) {
            return Err(TokenError::Invalid);
        }
        let jti = self.jti()?;
        let exp = exp.ok_or(TokenError::NoExp)?;
        let jti = jti.ok_or(TokenError::NoId)?;
        let token_type = self.token_type(expect)?;
        let claims = Claims {
            jti,
            exp,
            iat,
            user_id: self.user_id(),
            session: self.session()?,
        };
        Ok(Verified { claims, token_type })
    }

    fn jti(&self) -> Result<Option<Jti>, TokenError> {
        match &self.jti {
            None => Ok(None),
            Some(Value::String(text)) => Jti::parse(text).map(Some).ok_or(TokenError::Invalid),
            Some(_) => Err(TokenError::Invalid),
        }
    }

    fn token_type(&self, expect: Expect) -> Result<Option<TokenType>, TokenError> {
        let claimed = [TokenType::Access, TokenType::Refresh, TokenType::Admin]
            .into_iter()
            .find(|kind| {
                self.token_type
                    .as_ref()
                    .is_some_and(|value| value == kind.as_str())
            });
        match expect {
            Expect::Any => Ok(claimed),
            Expect::Only(_) if self.token_type.is_none() => Err(TokenError::NoType),
            Expect::Only(wanted) if claimed == Some(wanted) => Ok(claimed),
            Expect::Only(_) => Err(TokenError::WrongType),
        }
    }

    fn user_id(&self) -> Option<UserId> {
        match self.user_id.as_ref()? {
            Value::String(text) => text.parse().ok().map(UserId),
            Value::Number(number) => number.as_i64().map(UserId),
            _ => None,
        }
    }

    /// Both claims or neither: one alone was not written here.
    fn session(&self) -> Result<Option<(SessionId, Generation)>, TokenError> {
        match (&self.sid, &self.generation) {
            (None, None) => Ok(None),
            (Some(Value::String(sid)), Some(Value::Number(generation))) => {
                let sid = SessionId::parse(sid).ok_or(TokenError::Invalid)?;
                let generation = generation
                    .as_i64()
                    .filter(|n| *n >= 0)
                    .ok_or(TokenError::Invalid)?;
                Ok(Some((sid, Generation(generation))))
            }
            _ => Err(TokenError::Invalid),
        }
    }
}

/// A `NumericDate`: a JSON number, fractions cut off. Booleans count as 0 and 1, as they do in Python; a
/// number written as a string does not.
fn time(value: Option<&Value>) -> Result<Option<UnixSeconds>, TokenError> {
    let seconds = match value {
        None => return Ok(None),
        Some(Value::Bool(bit)) => i64::from(*bit),
        Some(Value::Number(number)) => whole_seconds(number).ok_or(TokenError::Invalid)?,
        Some(_) => return Err(TokenError::Invalid),
    };
    Ok(Some(seconds))
}

fn whole_seconds(number: &serde_json::Number) -> Option<i64> {
    if let Some(seconds) = number.as_i64() {
        return (-LAST_SECOND..=LAST_SECOND)
            .contains(&seconds)
            .then_some(seconds);
    }
    let seconds = number.as_f64()?.trunc();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded on the same line"
    )]
    let whole = (seconds.abs() <= LAST_SECOND as f64).then_some(seconds as i64);
    whole
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests;
