//! A token taken apart, here and nowhere else: header, payload, signature, and what each claim is for. Nothing is verified;
//! that is for the server, and a browser that decides by an unverified token decides nothing.

use super::json::pretty;
use crate::client::decode_base64url;

/// A compact token (RFC 7515, section 3.1), decoded.
#[derive(Clone, Eq, PartialEq)]
pub struct Token {
    /// The text as a whole.
    pub text: String,
    /// The header's JSON.
    pub header: String,
    /// The claims in the order they stand in, with their values as they are written.
    pub claims: Vec<(String, String)>,
}

impl Token {
    /// Takes `text` apart; `None` if it is no token.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.');
        let (header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        let payload = words(payload)?;
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            text: text.trim().to_owned(),
            header: words(header)?,
            claims: members(&payload)?,
        })
    }

    /// A claim that is a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.claim(name)?.parse().ok()
    }

    /// A claim that is a text; empty if there is none.
    pub fn word(&self, name: &str) -> &str {
        self.claim(name).unwrap_or_default().trim_matches('"')
    }

    /// The number of its generation.
    pub fn generation(&self) -> i64 {
        self.number("gen").unwrap_or(0)
    }

    fn claim(&self, name: &str) -> Option<&str> {
        let (_, value) = self.claims.iter().find(|(key, _)| key == name)?;
        Some(value)
    }
}

/// What a claim is for, in a sentence (RFC 7519, section 4.1, where it is registered there).
pub fn explained(claim: &str) -> &'static str {
    match claim {
        "token_type" => {
            "What it may be used for. An access token opens the API; a refresh token only fetches the next pair."
        }
        "exp" => {
            "When it stops being valid, in seconds since 1970. The server's clock decides, nobody else's."
        }
        "iat" => {
            "When it was issued. exp − iat is its life, and true whatever the clock here says."
        }
        "jti" => {
            "Its own name. The registry knows it by this and by a hash; the token itself is never stored."
        }
        "user_id" | "sub" => "Who it speaks for.",
        "sid" => {
            "Its session, the family it belongs to. End the session, and every token in it is over."
        }
        "gen" => "Its generation: how often the session had been refreshed when it was issued.",
        "iss" => "Who issued it.",
        "aud" => "Whom it is meant for. Everybody else must refuse it.",
        "nbf" => "Not valid before this time.",
        "refresh_exp" => "Until when it can be exchanged for a later one.",
        _ => "A claim of this application.",
    }
}

fn words(part: &str) -> Option<String> {
    String::from_utf8(decode_base64url(part)?).ok()
}

/// The members of a JSON object in their order, with their values as they are written.
fn members(json: &str) -> Option<Vec<(String, String)>> {
    let text = pretty(json);
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.strip_prefix("{\n")?.strip_suffix("\n}")?.lines() {
        let member = line
            .strip_prefix("  \"")
            .and_then(|line| line.split_once("\": "));
        match (member, found.last_mut()) {
            (Some((name, value)), _) => found.push((name.to_owned(), value.to_owned())),
            // A list or an object goes on.
            (None, Some((_, value))) => value.push_str(line.trim_start()),
            (None, None) => return None,
        }
    }
    for (_, value) in &mut found {
        if value.ends_with(',') {
            value.pop(); // the one before the next member
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    // {"alg":"HS256","typ":"JWT"} {"token_type":"access","exp":1700000300,"iat":1700000000,"jti":"0","user_id":"1"}
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzAwMDAwMzAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjAiLCJ1c2VyX2lkIjoiMSJ9.c2ln";

    #[test]
    fn claims_keep_their_order() {
        let token = Token::read(TOKEN).expect("a token");
        assert_eq!(token.header, r#"{"alg":"HS256","typ":"JWT"}"#);
        let names: Vec<&str> = token.claims.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["token_type", "exp", "iat", "jti", "user_id"]);
        assert_eq!(token.number("exp"), Some(1_700_000_300));
        assert_eq!(token.claims[4].1, "\"1\"");
        assert_eq!((token.word("jti"), token.generation()), ("0", 0));
    }

    #[test]
    fn a_list_is_one_value() {
        let claims = members(r#"{"aud":["a","b"],"exp":1}"#).expect("claims");
        assert_eq!(claims[0], ("aud".to_owned(), r#"["a","b"]"#.to_owned()));
        assert_eq!(claims[1].1, "1");
        assert!(members("[1]").is_none());
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        for text in ["", "a.b", "a.b.c", "e30.e30.x.y", "!.e30.x"] {
            assert!(Token::read(text).is_none(), "{text}");
        }
    }
}
