//! Keys in PEM (RFC 7468): the one key in a text that may hold other blocks, such as the name of its curve.

use pem::{EncodeConfig, LineEnding, Pem};

/// The first key in `text`; `None` when there is none.
pub(super) fn first_key(text: &str) -> Option<Pem> {
    let blocks = pem::parse_many(newlines(text)).ok()?;
    blocks
        .into_iter()
        .find(|block| block.tag().ends_with("KEY"))
}

/// A private key in PKCS #8 as PEM.
pub(super) fn private_key(der: &[u8]) -> String {
    let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
    pem::encode_config(&Pem::new("PRIVATE KEY", der), config)
}

/// A PEM text whose lines may be parted by the two characters `\n`, as in an environment variable.
#[must_use]
pub fn newlines(text: &str) -> String {
    text.replace("\\n", "\n")
}
