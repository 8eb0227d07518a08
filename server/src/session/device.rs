//! What tells one device from another when a spent refresh token comes back. The address is left out on purpose:
//! an answer is most often lost just when a phone goes from one network to another.

use sha2::{Digest, Sha256};

use crate::token::hex;

/// A device as far as requests tell it: a mark of their `User-Agent`. Equal marks mean that nothing speaks against
/// the same device, not that it is the same.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Device(String);

impl Device {
    /// The device that sends this `User-Agent`: the first 8 bytes of its SHA-256, in lower-case hexadecimal.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(user_agent).into();
        Self(hex(&digest[..8]))
    }

    /// A mark as it stands in the database. An empty one is equal to no device.
    #[must_use]
    pub fn from_mark(mark: String) -> Self {
        Self(mark)
    }

    /// The mark.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.0
    }
}
