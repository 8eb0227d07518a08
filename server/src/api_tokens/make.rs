//! Makes API tokens: pure, and the same whenever the same goes in.

use aws_lc_rs::{hmac, rand};
use secrecy::{ExposeSecret, SecretString};

use crate::store::ApiTokenRow;
use crate::token::{UserId, hex, sha256};

/// Digits of a token, as in Django REST framework: 160 bits.
const DIGITS: usize = 40;

/// Bytes of a salt.
const SALT: usize = 16;

/// What the key is derived with, so that nothing made here is ever something the signing secret signs elsewhere.
const PURPOSE: &[u8] = b"jotward: API tokens, 1";

/// Makes API tokens.
#[derive(Clone)]
pub struct Maker(hmac::Key);

impl Maker {
    /// Derives a key of its own from the signing secret.
    pub fn new(secret: &SecretString) -> Self {
        let signing = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let derived = hmac::sign(&signing, PURPOSE);
        Self(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
    }

    /// The token of a user with this salt.
    pub fn make(&self, user: UserId, salt: &str) -> SecretString {
        let mac = hmac::sign(&self.0, format!("{user} {salt}").as_bytes());
        hex(&mac.as_ref()[..DIGITS / 2]).into()
    }

    /// A token nobody had before, and what is kept of it.
    ///
    /// # Panics
    /// When the system has no random numbers to give.
    pub fn make_anew(&self, user: UserId) -> (SecretString, ApiTokenRow) {
        let mut salt = [0; SALT];
        rand::fill(&mut salt).expect("the system gives random numbers");
        let salt = hex(&salt);
        let token = self.make(user, &salt);
        let sha256 = sha256(token.expose_secret());
        (token, ApiTokenRow { salt, sha256 })
    }
}

/// Whether a text can be an API token: 40 lower-case hexadecimal digits.
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == DIGITS && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(secret: &str) -> Maker {
        Maker::new(&secret.into())
    }

    #[test]
    fn the_same_goes_in_and_the_same_comes_out() {
        let maker = maker("a secret of the server, long enough");
        let (token, kept) = maker.make_anew(UserId(7));
        let token = token.expose_secret();
        assert!(is_well_formed(token), "{token}");
        assert_eq!(kept.sha256, sha256(token));
        assert_eq!(maker.make(UserId(7), &kept.salt).expose_secret(), token);
    }

    #[test]
    fn another_user_salt_or_secret_makes_another_token() {
        let ours = maker("a secret of the server, long enough");
        let theirs = maker("another secret of a server, long too");
        let made = [
            ours.make(UserId(1), "salt"),
            ours.make(UserId(2), "salt"),
            ours.make(UserId(1), "tlas"),
            theirs.make(UserId(1), "salt"),
        ];
        let mut made = made.map(|token| token.expose_secret().to_owned()).to_vec();
        made.sort();
        made.dedup();
        assert_eq!(made.len(), 4);
    }

    #[test]
    fn what_can_be_one() {
        assert!(is_well_formed(&"0a".repeat(20)));
        for bad in [
            "",
            &"0A".repeat(20),
            &"0a".repeat(21),
            &"0g".repeat(20),
            "a.b.c",
        ] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
