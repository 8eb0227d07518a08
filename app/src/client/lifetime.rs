//! What a token's payload says that concerns the browser: how long it lives, which is the difference of two of the server's
//! own times and true whatever the clock here says, and whose it is. Nothing is verified.

use super::json::Json;

/// The claims of a compact token; [`Json::Other`] if it has none that can be read.
pub fn claims(token: &str) -> Json {
    let payload = token.split('.').nth(1).and_then(decode_base64url);
    let payload = payload.and_then(|payload| String::from_utf8(payload).ok());
    Json::read(&payload.unwrap_or_default())
}

/// `exp - iat`, in milliseconds; `None` if there are no readable times.
pub fn lifetime(claims: &Json) -> Option<u64> {
    let lifetime = claims.number("exp")?.checked_sub(claims.number("iat")?)?;
    lifetime.checked_mul(1_000)
}

/// Whose a token is: a number made of its session, which has one user, or of its user where tokens name no session (FNV-1a).
/// Zero if it does not say.
pub fn owner(claims: &Json) -> u64 {
    let text = |name| claims.text(name).map(str::to_owned);
    let owner = text("sid").or_else(|| text("user_id"));
    // Some issuers write a user's number as one.
    let owner = owner.or_else(|| Some(claims.number("user_id")?.to_string()));
    owner.map_or(0, |owner| {
        let begin = 0xcbf2_9ce4_8422_2325;
        owner.bytes().fold(begin, |number, byte| {
            (number ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    })
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
    fn reads_the_difference_of_the_times_and_whose_it_is() {
        // {"token_type":"access","exp":1700000300,"iat":1700000000,"jti":"0","user_id":"1"}
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjAiLCJ1c2VyX2lkIjoiMSJ9.c2ln";
        let claims = claims(token);
        assert_eq!(lifetime(&claims), Some(300_000));
        assert_ne!(owner(&claims), 0, "no session, so the user");
        let of = |payload: &str| owner(&Json::read(payload));
        assert_eq!(of(r#"{"user_id":"1"}"#), owner(&claims));
        assert_ne!(of(r#"{"user_id":"2"}"#), owner(&claims));
        assert_eq!(of(r#"{"user_id":1}"#), owner(&claims), "a number is one");
        assert_ne!(of(r#"{"user_id":"1","sid":"a"}"#), owner(&claims));
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
            assert_eq!(lifetime(&claims(token)), None, "{token}");
            assert_eq!(owner(&claims(token)), 0, "{token}");
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
