//! How long a token lives, read from its payload: the difference of two of the server's own times, which is true
//! whatever the clock here says. Nothing else in a token concerns the browser, and nothing is verified.

use super::json::Json;

/// `exp - iat` of a compact token, in milliseconds; `None` if it has no readable times.
pub fn lifetime(token: &str) -> Option<u64> {
    let payload = token.split('.').nth(1)?;
    let payload = String::from_utf8(decode_base64url(payload)?).ok()?;
    let claims = Json::read(&payload);
    let lifetime = claims.number("exp")?.checked_sub(claims.number("iat")?)?;
    lifetime.checked_mul(1_000)
}

/// The bytes of base64url (RFC 4648, section 5), with or without padding; `None` if it is none.
#[must_use]
pub fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for symbol in text.trim_end_matches('=').bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_difference_of_the_times() {
        // {"token_type":"access","exp":1700000300,"iat":1700000000,"jti":"0","user_id":"1"}
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjAiLCJ1c2VyX2lkIjoiMSJ9.c2ln";
        assert_eq!(lifetime(token), Some(300_000));
    }

    #[test]
    fn says_nothing_of_what_it_can_not_read() {
        for token in [
            "",
            "x",
            "a.b.c",
            "a.!!!.c",
            "a.e30.c",
            "a.eyJleHAiOjEsImlhdCI6Mn0.c",
        ] {
            assert_eq!(lifetime(token), None, "{token}");
        }
    }

    #[test]
    fn decodes_every_length_and_both_special_symbols() {
        assert_eq!(decode_base64url("").as_deref(), Some(&b""[..]));
        assert_eq!(decode_base64url("Zg").as_deref(), Some(&b"f"[..]));
        assert_eq!(decode_base64url("Zm8=").as_deref(), Some(&b"fo"[..]));
        assert_eq!(decode_base64url("Zm9v").as_deref(), Some(&b"foo"[..]));
        assert_eq!(
            decode_base64url("-_-_").as_deref(),
            Some(&[0xfb, 0xff, 0xbf][..])
        );
    }
}
