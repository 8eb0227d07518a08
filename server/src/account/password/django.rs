//! Password hashes that Django made, for users who come from there. They are checked, never made: at the first login
//! the hash is replaced by one of ours.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

/// The most iterations that are worked through: ten times Django 5.2's. More would be a way to keep a core busy.
const MAX_ITERATIONS: u32 = 10_000_000;

/// What a hash of Django's says of a password.
pub enum Django<'h> {
    /// It is a PBKDF2 hash, of this password or of another.
    Pbkdf2(bool),
    /// It is an Argon2 hash, here as a PHC string.
    Argon2(&'h str),
}

/// A hash that is understood.
pub enum Understood<'h> {
    /// By PBKDF2.
    Pbkdf2(Pbkdf2<'h>),
    /// A PHC string.
    Argon2(&'h str),
}

/// The parts of a PBKDF2 hash.
pub struct Pbkdf2<'h> {
    algorithm: pbkdf2::Algorithm,
    iterations: NonZeroU32,
    salt: &'h str,
    derived: Vec<u8>,
}

/// Reads a hash as Django keeps it, and checks a password against it. `None` for any other text, which is no password of
/// anybody's.
pub fn read<'h>(password: &SecretString, hash: &'h str) -> Option<Django<'h>> {
    Some(match understand(hash)? {
        Understood::Argon2(phc) => Django::Argon2(phc),
        Understood::Pbkdf2(hash) => {
            let (salt, password) = (hash.salt.as_bytes(), password.expose_secret().as_bytes());
            // Compares in constant time.
            let verified = pbkdf2::verify(
                hash.algorithm,
                hash.iterations,
                salt,
                password,
                &hash.derived,
            );
            Django::Pbkdf2(verified.is_ok())
        }
    })
}

/// Takes a hash apart: `algorithm$iterations$salt$hash`, or `argon2` and a PHC string.
pub fn understand(hash: &str) -> Option<Understood<'_>> {
    let (algorithm, rest) = hash.split_once('$')?;
    let algorithm = match algorithm {
        "pbkdf2_sha256" => pbkdf2::PBKDF2_HMAC_SHA256,
        "pbkdf2_sha1" => pbkdf2::PBKDF2_HMAC_SHA1,
        // The dollar that follows is the first of the PHC string.
        "argon2" => return Some(Understood::Argon2(hash.strip_prefix("argon2")?)),
        _ => return None,
    };
    let mut parts = rest.split('$');
    let (iterations, salt, derived) = (parts.next()?, parts.next()?, parts.next()?);
    let iterations: NonZeroU32 = iterations.parse().ok()?;
    if parts.next().is_some() || iterations.get() > MAX_ITERATIONS {
        return None;
    }
    Some(Understood::Pbkdf2(Pbkdf2 {
        algorithm,
        iterations,
        salt,
        derived: STANDARD.decode(derived).ok()?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `make_password("correct horse", salt="salty", hasher=…)` with 1000 iterations.
    const SHA256: &str = "pbkdf2_sha256$1000$salty$DzvaoPDWHNlO+0p5E04mScIUiNVjJ8YpgYitYTNqHo8=";

    fn is_right(password: &str, hash: &str) -> Option<bool> {
        match read(&password.into(), hash)? {
            Django::Pbkdf2(right) => Some(right),
            Django::Argon2(_) => None,
        }
    }

    #[test]
    fn only_the_password_is_right() {
        assert_eq!(is_right("correct horse", SHA256), Some(true));
        assert_eq!(is_right("correct horse ", SHA256), Some(false));
        let cut = SHA256.replace("Dzva", "");
        assert_eq!(is_right("correct horse", &cut), Some(false));
    }

    #[test]
    fn what_is_no_hash_is_nobodys_password() {
        for hash in [
            "",
            "!F0KKkmESvVUJW0NPOcIQ",
            "pbkdf2_sha256$1000$salty",
            "pbkdf2_sha256$0$salty$QScS",
            "pbkdf2_sha256$99999999$salty$QScS",
            "pbkdf2_sha256$1000$salty$QScS$more",
            "pbkdf2_sha256$1000$salty$not base64",
            "md5$salty$QScS",
        ] {
            assert_eq!(is_right("", hash), None, "{hash}");
        }
    }
}
