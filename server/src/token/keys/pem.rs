//! Keys in PEM (RFC 7468): finds the one key in a text, and what the text says it is.

/// What the label of a PEM block says of the key in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Label {
    /// `PRIVATE KEY`: PKCS #8 (RFC 5958).
    Private,
    /// `RSA PRIVATE KEY`: PKCS #1 (RFC 8017).
    RsaPrivate,
    /// `EC PRIVATE KEY`: RFC 5915.
    EcPrivate,
    /// `ENCRYPTED PRIVATE KEY`.
    Encrypted,
    /// `PUBLIC KEY` (RFC 5280) or `RSA PUBLIC KEY` (RFC 8017).
    Public,
}

/// The first key in `text`, in DER, and its label; `None` when there is none.
pub(super) fn first_key(text: &str) -> Option<(Label, Vec<u8>)> {
    let blocks = pem::parse_many(newlines(text)).ok()?;
    blocks.into_iter().find_map(|block| {
        let label = match block.tag() {
            "PRIVATE KEY" => Label::Private,
            "RSA PRIVATE KEY" => Label::RsaPrivate,
            "EC PRIVATE KEY" => Label::EcPrivate,
            "ENCRYPTED PRIVATE KEY" => Label::Encrypted,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Label::Public,
            _ => return None,
        };
        Some((label, block.into_contents()))
    })
}

/// A private key in PKCS #8 as PEM.
pub(super) fn private_key(der: &[u8]) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new("PRIVATE KEY", der), config)
}

/// A PEM text whose lines may be parted by the two characters `\n`, as in an environment variable.
#[must_use]
pub fn newlines(text: &str) -> String {
    text.replace("\\n", "\n")
}
