//! Tokens: what they claim, how they are signed and when they hold.
//! Pure: no I/O, no HTTP, no SQL. Whether a token was revoked is not known here.

mod claims;
mod keys;
mod mint;
mod verify;

pub use claims::{Claims, Generation, Jti, SessionId, TokenType, UserId};
pub use keys::{Algorithm, KeyError, Keys};
pub use mint::{Minted, Recipe, hex, sha256};
pub use verify::{Expect, TokenError, Verified};
