//! The rows behind a change, by the names of their tables and columns, as far as the API shows them. What it never shows is
//! left out: the token's SHA-256, addresses, what staff noted.

use crate::api::{Family, FamilyToken};

/// A token on record.
pub fn outstanding(family: &Family, token: &FamilyToken) -> String {
    row(
        "outstanding_tokens",
        &[
            ("jti", &token.jti),
            ("token_type", &token.token_type),
            ("session_id", &family.id),
            ("generation", &token.generation.to_string()),
            ("parent", token.parent.as_deref().unwrap_or("none")),
            ("created_at", &token.issued_at.to_string()),
            ("expires_at", &token.expires_at.to_string()),
        ],
    )
}

/// A token that is not to be used again.
pub fn blacklisted(token: &FamilyToken) -> String {
    row(
        "blacklisted_tokens",
        &[
            ("jti", &token.jti),
            ("blacklisted_at", &time(token.blacklisted_at)),
            ("reason", &token.reason),
        ],
    )
}

/// The session.
pub fn session(family: &Family) -> String {
    row(
        "sessions",
        &[
            ("id", &family.id),
            ("opened_at", &family.opened_at.to_string()),
            ("generation", &family.generation.to_string()),
            ("rotated_at", &family.rotated_at.to_string()),
            ("replays", &family.replays.to_string()),
            ("expires_at", &family.ends_at.to_string()),
            ("ended_at", &time(family.ended_at)),
            ("end_reason", &family.end_reason),
        ],
    )
}

fn time(at: Option<i64>) -> String {
    at.map_or_else(|| "none".to_owned(), |at| at.to_string())
}

fn row(table: &str, columns: &[(&str, &str)]) -> String {
    let mut text = table.to_owned();
    for (name, value) in columns {
        let value = if value.is_empty() { "none" } else { value };
        text.push_str(&["\n  ", name, ": ", value].concat());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::diff::tests::family;

    #[test]
    fn a_row_says_its_table_and_what_is_not_there() {
        let family = family(&[("refresh", 0, "rotated")]);
        assert_eq!(
            blacklisted(&family.tokens[0]),
            "blacklisted_tokens\n  jti: refresh0\n  blacklisted_at: 1\n  reason: rotated"
        );
        let text = outstanding(&family, &family.tokens[0]);
        assert!(text.contains("\n  session_id: s\n") && text.contains("\n  parent: none\n"));
        assert!(session(&family).ends_with("\n  ended_at: none\n  end_reason: none"));
    }
}
