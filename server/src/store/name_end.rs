//! The end of a session's id or of a token's name, as lists shorten them: `…b302099a8057`. It goes into a pattern, so it is
//! nothing but hexadecimal digits, and as many as tell one from nearly all others: whoever writes a filter can not make it
//! mean everyone.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// 6 to 31 lower-case hexadecimal digits.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct NameEnd(String);

impl NameEnd {
    /// What somebody typed or copied; `None` where it is no such end.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        Self::parse(text.trim_start_matches('…').to_ascii_lowercase())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: String) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_end = text.bytes().all(is_digit) && (6..32).contains(&text.len());
        is_end.then_some(Self(text))
    }
}

impl<'de> Deserialize<'de> for NameEnd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(text).ok_or_else(|| D::Error::custom("no end of a name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_digits_and_nothing_that_means_something_in_a_pattern() {
        let read = |text: &str| serde_json::from_value::<NameEnd>(text.into()).ok();
        for text in ["abcdef", "099a80", "0123456789abcdef0123456789abcde"] {
            assert_eq!(read(text), NameEnd::typed(text), "{text}");
            assert_eq!(read(text).as_ref().map(NameEnd::as_str), Some(text));
        }
        for text in [
            "",
            "%",
            "\\",
            "______",
            "abcde",
            "abcde%",
            "abcdeg",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert_eq!((read(text), NameEnd::typed(text)), (None, None), "{text}");
        }
        let typed = NameEnd::typed("…ABCDEF");
        assert_eq!(typed.as_ref().map(NameEnd::as_str), Some("abcdef"));
        assert_eq!(
            read("ABCDEF"),
            None,
            "what was read once is written as it was"
        );
    }
}
