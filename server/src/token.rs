//! Tokens: what they claim, how they are signed and when they hold.
//! Pure: no I/O, no HTTP, no SQL. Whether a token was revoked is not known here.

mod algorithm;
mod claims;
mod keys;
mod mint;
mod names;
mod verify;

pub use algorithm::Algorithm;
pub use claims::{Claims, Generation, Jti, SessionId, TokenType, UserId};
pub use keys::{KeyError, KeySet, Keys, Profile, newlines};
pub use mint::{Minted, Recipe, hex, sha256};
pub use names::{ClaimNames, NamesError, RESERVED};
pub use verify::{Check, ClaimCheck, Expect, Explanation, Outcome, SignedBy, TokenError, Verified};
