//! Explains whether a token holds: the checks of verification one by one, in their order, made by the same functions. What
//! it answers has the token's header and payload, never its signature. Says nothing about revocation.

use serde_json::Value;

use super::header::Header;
use super::payload::{Against, ClaimCheck, Payload};
use super::{Expect, Parts, TokenError, Verified, decode};
use crate::clock::UnixSeconds;
use crate::token::Keys;
use crate::token::keys::Signer;

/// A check of a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Check {
    /// It has three parts.
    Parts,
    /// Its header is one, names our algorithm and asks for nothing more.
    Header,
    /// A key that is known here made its signature.
    Signature,
    /// Its payload is an object, in which no claim that counts is given twice.
    Payload,
    /// A check of its claims.
    Claim(ClaimCheck),
}

/// What came of a check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was passed.
    Passed,
    /// It was not, and verification ends with it.
    Failed(TokenError),
    /// Verification had ended before.
    NotReached,
}

/// Whose key made a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SignedBy {
    /// The key that new tokens are signed with.
    Current,
    /// The key of `VERIFYING_KEY`.
    Former,
    /// A key of another issuer, by its name.
    Issuer(String),
}

/// What a token says, and what verification makes of it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The header; `None` where it is no JSON.
    pub header: Option<Value>,
    /// The payload; `None` where it is no JSON.
    pub payload: Option<Value>,
    /// How many characters the signature has.
    pub signature_chars: usize,
    /// Whose key made the signature; `None` when no key known here did.
    pub signed_by: Option<SignedBy>,
    /// The name of the key the header asks for, where that is none of ours and not known.
    pub unknown_kid: Option<String>,
    /// Every check, in the order in which they are made.
    pub checks: Vec<(Check, Outcome)>,
    /// What it says, if it holds.
    pub verified: Option<Verified>,
}

impl Explanation {
    /// The check that fails, and how the token is refused for it.
    #[must_use]
    pub fn failure(&self) -> Option<(Check, TokenError)> {
        self.checks
            .iter()
            .find_map(|(check, outcome)| match outcome {
                Outcome::Failed(error) => Some((*check, *error)),
                Outcome::Passed | Outcome::NotReached => None,
            })
    }

    fn note(&mut self, check: Check, result: Result<(), TokenError>) -> Result<(), TokenError> {
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(error),
        };
        self.checks.push((check, outcome));
        result
    }

    fn fill(&mut self) {
        let first = [
            Check::Parts,
            Check::Header,
            Check::Signature,
            Check::Payload,
        ];
        let all = first
            .into_iter()
            .chain(ClaimCheck::ALL.map(Check::Claim))
            .skip(self.checks.len());
        self.checks
            .extend(all.map(|check| (check, Outcome::NotReached)));
    }
}

impl Keys {
    /// What `compact` says, and what [`Keys::verify`] makes of it with the same arguments.
    #[must_use]
    pub fn explain(
        &self,
        compact: &str,
        expect: Expect<'_>,
        now: UnixSeconds,
        leeway: i64,
    ) -> Explanation {
        let parts = Parts::of(compact);
        let json = |part: &str| serde_json::from_slice(&decode(part).ok()?).ok();
        let mut explanation = Explanation {
            header: parts.as_ref().and_then(|parts| json(parts.header)),
            payload: parts.as_ref().and_then(|parts| json(parts.payload)),
            signature_chars: parts
                .as_ref()
                .map_or(0, |parts| parts.signature.chars().count()),
            signed_by: None,
            unknown_kid: None,
            checks: Vec::new(),
            verified: None,
        };
        explanation.verified = self.walk(&mut explanation, parts, expect, now, leeway).ok();
        explanation.fill();
        explanation
    }

    fn walk(
        &self,
        explanation: &mut Explanation,
        parts: Option<Parts<'_>>,
        expect: Expect<'_>,
        now: UnixSeconds,
        leeway: i64,
    ) -> Result<Verified, TokenError> {
        let there = parts.as_ref().map(drop).ok_or(TokenError::Invalid);
        explanation.note(Check::Parts, there)?;
        let parts = parts.ok_or(TokenError::Invalid)?;
        let header = Header::read(parts.header, self.algorithm);
        let good = header.as_ref().map(drop).ok_or(TokenError::Invalid);
        explanation.note(Check::Header, good)?;
        let kid = header.and_then(|header| header.kid);
        let kid = kid.filter(|kid| !self.is_ours(kid));
        explanation.signed_by = self.signed_by(&parts, kid.as_deref());
        explanation.unknown_kid = kid.filter(|kid| !self.knows(kid));
        let signer = match &explanation.signed_by {
            Some(SignedBy::Current | SignedBy::Former) => Ok(Signer::Ours),
            Some(SignedBy::Issuer(_)) => Ok(Signer::Theirs),
            None => Err(TokenError::Invalid),
        };
        explanation.note(Check::Signature, signer.map(drop))?;
        let against = Against {
            keys: self,
            signer: signer?,
            expect,
            now,
            leeway,
        };
        let json = decode(parts.payload).unwrap_or_default();
        let payload = Payload::read(&json, self);
        let good = payload.as_ref().map(drop).ok_or(TokenError::Invalid);
        explanation.note(Check::Payload, good)?;
        let payload = payload.ok_or(TokenError::Invalid)?;
        for check in ClaimCheck::ALL {
            let passed = payload.passes(check, &against);
            explanation.note(Check::Claim(check), passed)?;
        }
        payload.verified(&against)
    }

    /// Whose key made the signature; a foreign key that is named is the only one that counts.
    fn signed_by(&self, parts: &Parts<'_>, kid: Option<&str>) -> Option<SignedBy> {
        let (message, signature) = (parts.signed.as_bytes(), parts.signature);
        let theirs = self.theirs();
        match kid.and_then(|kid| Some((kid, theirs.get(kid)?))) {
            Some((kid, key)) => key
                .verifies(message, signature)
                .then(|| SignedBy::Issuer(kid.to_owned())),
            None if self.signed_here(message, signature) => Some(SignedBy::Current),
            None => self
                .signed_formerly(message, signature)
                .then_some(SignedBy::Former),
        }
    }
}
