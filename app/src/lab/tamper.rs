//! Forgeries, made from a real token's text the way an attacker makes them. Each must be refused.

/// How a token was changed, and the result.
pub struct Forgery {
    /// What was done to it.
    pub deed: &'static str,
    /// The changed token.
    pub token: String,
}

/// `{"alg":"none","typ":"JWT"}`.
const NO_ALGORITHM: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";

/// The forgeries of an access token of user `user`.
pub fn forgeries(access: &str, payload: &str) -> Option<[Forgery; 4]> {
    let mut parts = access.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let promoted = encode_base64url(payload.as_bytes());
    Some([
        Forgery {
            deed: "Another user's number in the payload, the old signature",
            token: [header, ".", &promoted, ".", signature].concat(),
        },
        Forgery {
            deed: "One letter of the signature changed",
            token: [header, ".", claims, ".", &flipped(signature)].concat(),
        },
        Forgery {
            deed: "The header says alg: none, and no signature",
            token: [NO_ALGORITHM, ".", claims, "."].concat(),
        },
        Forgery {
            deed: "The header says alg: none, with the old signature",
            token: [NO_ALGORITHM, ".", claims, ".", signature].concat(),
        },
    ])
}

/// `signature` with its first letter changed: the last may hold bits that do not count.
fn flipped(signature: &str) -> String {
    let (first, rest) = signature.split_at(signature.len().min(1));
    [if first == "A" { "B" } else { "A" }, rest].concat()
}

/// base64url without padding (RFC 4648, section 5).
fn encode_base64url(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for group in bytes.chunks(3) {
        let held = group
            .iter()
            .fold(0_usize, |held, byte| held << 8 | usize::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(SYMBOLS[held >> (18 - 6 * place) & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::decode_base64url;

    #[test]
    fn encodes_what_decoding_reads() {
        for text in ["", "Z", "Zg", "{\"user_id\":\"1\"}", "\u{fb}\u{ff}"] {
            let coded = encode_base64url(text.as_bytes());
            assert_eq!(decode_base64url(&coded).as_deref(), Some(text.as_bytes()));
            assert!(!coded.contains('='));
        }
        let header = decode_base64url(NO_ALGORITHM).expect("base64url");
        assert_eq!(header, br#"{"alg":"none","typ":"JWT"}"#);
    }

    #[test]
    fn every_forgery_is_another_token() {
        let forged = forgeries("h.p.AAA", "{}").expect("three parts");
        let tokens: Vec<&str> = forged.iter().map(|forgery| &*forgery.token).collect();
        assert_eq!(tokens[0], "h.e30.AAA");
        assert_eq!(tokens[1], "h.p.BAA");
        assert!(tokens[2].ends_with(".p.") && tokens[3].ends_with(".p.AAA"));
        assert!(forgeries("no token", "{}").is_none());
    }
}
