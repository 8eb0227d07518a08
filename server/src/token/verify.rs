//! Decides whether a compact token holds: signature first, then times, then the claims' forms, then its type.
//! The order and the wording of the refusals are SimpleJWT's, because clients match on them. Says nothing
//! about revocation.

mod explain;
mod header;
mod payload;
mod scalar;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::keys::Signer;
use super::{Claims, Keys, TokenType};
use crate::clock::UnixSeconds;
pub use explain::{Check, Explanation, Outcome, SignedBy};
use header::Header;
pub use payload::ClaimCheck;
use payload::{Against, Payload};

/// Which kind of token the caller asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expect<'a> {
    /// One kind only.
    Only(TokenType),
    /// One of these kinds.
    OneOf(&'a [TokenType]),
    /// Any kind, known here or not, or none at all (SimpleJWT's `UntypedToken`).
    Any,
}

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// Not a token, a bad signature, another algorithm, not yet valid, for another audience, or a claim of a wrong form.
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
    /// What it may be used for; `None` for a type unknown here, and where no type is looked at.
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
        expect: Expect<'_>,
        now: UnixSeconds,
        leeway: i64,
    ) -> Result<Verified, TokenError> {
        let (payload, signer) = match self.split(compact) {
            Some(parts) => (self.open(&parts)?, Signer::Ours),
            None => self.open_any(compact)?,
        };
        let payload = Payload::read(&payload, self).ok_or(TokenError::Invalid)?;
        payload.check(&Against {
            keys: self,
            signer,
            expect,
            now,
            leeway,
        })
    }

    /// The name of the key another issuer's token says it was signed with; `None` for ours, and for what could not hold
    /// whatever the key. Nothing of it was verified.
    #[must_use]
    pub fn foreign_kid(&self, compact: &str) -> Option<String> {
        if self.split(compact).is_some() {
            return None;
        }
        let header = Header::read(Parts::of(compact)?.header, self.algorithm)?;
        header.kid.filter(|kid| !self.is_ours(kid))
    }

    /// The parts of a token that begins as all tokens made here do; then its header needs no reading.
    fn split<'t>(&self, compact: &'t str) -> Option<Parts<'t>> {
        let rest = compact.strip_prefix(&self.header)?.strip_prefix('.')?;
        let (payload, signature) = rest.split_once('.')?;
        Some(Parts {
            signed: &compact[..self.header.len() + 1 + payload.len()],
            header: &compact[..self.header.len()],
            payload,
            signature,
        })
    }

    /// The payload, if the key in use signed it.
    fn open(&self, parts: &Parts<'_>) -> Result<Vec<u8>, TokenError> {
        if !self.signed_here(parts.signed.as_bytes(), parts.signature) {
            return Err(TokenError::Invalid);
        }
        decode(parts.payload)
    }

    /// Another issuer may write the header in another way, as long as it says the same; or it has keys of its own.
    fn open_any(&self, compact: &str) -> Result<(Vec<u8>, Signer), TokenError> {
        let parts = Parts::of(compact).ok_or(TokenError::Invalid)?;
        let header = Header::read(parts.header, self.algorithm).ok_or(TokenError::Invalid)?;
        let (message, signature) = (parts.signed.as_bytes(), parts.signature);
        let theirs = self.theirs();
        let their_key = header.kid.filter(|kid| !self.is_ours(kid));
        let their_key = their_key.and_then(|kid| theirs.get(&kid));
        let signer = match their_key {
            Some(key) if key.verifies(message, signature) => Signer::Theirs,
            None if self.signed_by_us(message, signature) => Signer::Ours,
            _ => return Err(TokenError::Invalid),
        };
        Ok((decode(parts.payload)?, signer))
    }
}

/// A compact token, cut up.
struct Parts<'t> {
    signed: &'t str,
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
}

impl<'t> Parts<'t> {
    /// Exactly three parts; a fourth would end up in the signature and be no base64url.
    fn of(compact: &'t str) -> Option<Self> {
        let (header, rest) = compact.split_once('.')?;
        let (payload, signature) = rest.split_once('.')?;
        Some(Self {
            signed: &compact[..header.len() + 1 + payload.len()],
            header,
            payload,
            signature,
        })
    }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Invalid)
}

#[cfg(test)]
mod tests;
