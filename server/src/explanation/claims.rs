//! The claims of a token, one by one: what each means here, and times as dates. Pure.

use app::ui::when::relative;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::clock::UnixSeconds;
use crate::token::ClaimNames;

/// How many claims are shown.
pub const MOST: usize = 40;

/// How many characters of a value are shown.
const MOST_CHARS: usize = 200;

/// What the claim of this name means.
#[must_use]
pub fn meaning(name: &str, names: &ClaimNames) -> &'static str {
    match name {
        name if name == names.jti => {
            "The token's own name, by which it is on record (RFC 7519, section 4.1.7)."
        }
        name if name == names.user_id => "The number of the user it speaks for (SimpleJWT).",
        name if Some(name) == names.token_type.as_deref() => {
            "What it may be used for: access, refresh, sliding or admin (SimpleJWT)."
        }
        name if name == names.refresh_exp => {
            "Until when a sliding token can be exchanged for itself (SimpleJWT)."
        }
        name if Some(name) == names.revoke.as_deref() => {
            "A mark of the user's password; another password, another mark (SimpleJWT)."
        }
        "exp" => "When it stops being valid (RFC 7519, section 4.1.4).",
        "iat" => "When it was issued (RFC 7519, section 4.1.6).",
        "nbf" => "Before when it is not valid (RFC 7519, section 4.1.5).",
        "iss" => "Who issued it (RFC 7519, section 4.1.1).",
        "sub" => "Whom it is about (RFC 7519, section 4.1.2).",
        "aud" => "For whom it is (RFC 7519, section 4.1.3).",
        "sid" => "The session it belongs to.",
        "gen" => "The generation of that session: how often it had been rotated.",
        "token_type" => "What it may be used for. Not looked at, but for tokens of the admin.",
        _ => "Means nothing here; an application may have added it.",
    }
}

/// The value of a claim; a time with its date.
#[must_use]
pub fn value(name: &str, value: &Value, names: &ClaimNames, now: UnixSeconds) -> String {
    let is_time = matches!(name, "exp" | "iat" | "nbf") || name == names.refresh_exp;
    match value.as_i64().filter(|_| is_time) {
        Some(at) => format!("{at}: {}, {}", date(at), relative(at, now)),
        None => match value {
            Value::String(text) => cut(text, MOST_CHARS),
            other => cut(&other.to_string(), MOST_CHARS),
        },
    }
}

/// A time as a date.
#[must_use]
pub fn date(at: UnixSeconds) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let exact = OffsetDateTime::from_unix_timestamp(at).ok();
    let text = exact.and_then(|exact| exact.format(format).ok());
    text.unwrap_or_else(|| "no date".to_owned())
}

/// The beginning of a text that may be longer than anybody reads.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    let mut chars = text.chars();
    let begin: String = chars.by_ref().take(most).collect();
    match chars.count() {
        0 => begin,
        more => format!("{begin}… and {more} more characters"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_known_by_the_names_that_were_chosen() {
        let names = ClaimNames {
            jti: "id".into(),
            token_type: None,
            revoke: Some("mark".into()),
            ..ClaimNames::default()
        };
        for (name, said) in [
            ("id", "own name"),
            ("jti", "Means nothing"),
            ("mark", "password"),
            ("token_type", "Not looked at"),
            ("sid", "session"),
            ("role", "Means nothing"),
        ] {
            assert!(meaning(name, &names).contains(said), "{name}");
        }
    }

    #[test]
    fn times_are_dates_and_long_values_are_cut() {
        let names = ClaimNames::default();
        let shown = |name: &str, of: Value| value(name, &of, &names, 1_800_000_000);
        assert_eq!(
            shown("exp", json!(1_800_000_300)),
            "1800000300: 2027-01-15 08:05:00 UTC, in 5 min"
        );
        assert_eq!(shown("exp", json!("soon")), "soon");
        assert!(shown("exp", json!(i64::MAX)).contains("no date"));
        assert_eq!(shown("gen", json!(3)), "3");
        assert_eq!(shown("aud", json!(["a", "b"])), r#"["a","b"]"#);
        let long = shown("x", json!("y".repeat(300)));
        assert!(long.ends_with("y… and 100 more characters"), "{long}");
    }
}
