//! Why a key can not be used, in one line for the operator.

use crate::token::Algorithm;

/// Why a key can not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Fewer bytes than the algorithm's output.
    #[error(
        "the signing key has {bytes} bytes; {algorithm} needs at least {needed} (RFC 7518, section 3.2)"
    )]
    TooShort {
        /// The algorithm the key was meant for.
        algorithm: Algorithm,
        /// Bytes given.
        bytes: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// A key in PEM where a secret is needed: whoever knows a public key could sign with it.
    #[error("the signing key is a key in PEM; {algorithm} needs a secret")]
    NoSecret {
        /// The algorithm the key was meant for.
        algorithm: Algorithm,
    },
    /// Not a key of the algorithm's kind.
    #[error("the {which} key can not be used for {algorithm}: {why}")]
    Unusable {
        /// `signing` or `verifying`.
        which: &'static str,
        /// The algorithm the key was meant for.
        algorithm: Algorithm,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Not a JWK Set.
    #[error("not a set of keys (RFC 7517, section 5)")]
    Set,
    /// No key could be made.
    #[error("can not make a signing key")]
    NotMade,
}
