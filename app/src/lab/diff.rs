//! What changed on record between two looks at a session's family: the arrows between the API and the database.
//! Only what the server answers counts; nothing is inferred.

use super::row;
use crate::api::Family;

/// One change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// What it was.
    pub kind: Kind,
    /// What is to be said of it.
    pub text: String,
    /// The row that was written, with its table.
    pub row: String,
}

/// How a change is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A row was added.
    Added,
    /// A token was spent, by its successor.
    Spent,
    /// A token was blacklisted, or the session ended.
    Ended,
    /// A spent token was answered with its successor again.
    Replayed,
}

/// What is different in `new`. A family seen for the first time is all new.
pub fn changes(old: Option<&Family>, new: &Family) -> Vec<Change> {
    let mut found = Vec::new();
    let mut tell = |kind, text: &[&str], row| {
        found.push(Change {
            kind,
            text: text.concat(),
            row,
        });
    };
    if old.is_none() {
        tell(Kind::Added, &["session opened"], row::session(new));
    }
    if new.replays > old.map_or(0, |old| old.replays) {
        let text = "the same successor is handed out again; no new refresh token";
        tell(Kind::Replayed, &[text], row::session(new));
    }
    for token in &new.tokens {
        let before = old.and_then(|old| old.tokens.iter().find(|seen| seen.jti == token.jti));
        let generation = token.generation.to_string();
        let name = [&token.token_type, " ", &generation].concat();
        if before.is_none() {
            let row = row::outstanding(new, token);
            tell(Kind::Added, &[&name, " on record"], row);
        }
        let was_blacklisted = before.is_some_and(|seen| seen.blacklisted_at.is_some());
        if token.blacklisted_at.is_some() && !was_blacklisted {
            let row = row::blacklisted(token);
            if token.reason == "rotated" {
                tell(Kind::Spent, &[&name, " spent (blacklisted: rotated)"], row);
            } else {
                tell(Kind::Ended, &[&name, " blacklisted: ", &token.reason], row);
            }
        }
    }
    if new.ended_at.is_some() && old.is_none_or(|old| old.ended_at.is_none()) {
        let text = ["session ended: ", &new.end_reason];
        tell(Kind::Ended, &text, row::session(new));
    }
    found
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::api::FamilyToken;

    pub fn family(tokens: &[(&str, i64, &str)]) -> Family {
        Family {
            id: "s".to_owned(),
            state: "live".to_owned(),
            generation: 0,
            opened_at: 0,
            rotated_at: 0,
            replays: 0,
            ends_at: 9,
            ended_at: None,
            end_reason: String::new(),
            now: 0,
            tokens: tokens
                .iter()
                .map(|(token_type, generation, reason)| FamilyToken {
                    jti: [*token_type, &generation.to_string()].concat(),
                    token_type: (*token_type).to_owned(),
                    generation: *generation,
                    parent: None,
                    issued_at: 0,
                    expires_at: 9,
                    status: "live".to_owned(),
                    blacklisted_at: (!reason.is_empty()).then_some(1),
                    reason: (*reason).to_owned(),
                })
                .collect(),
            events: Vec::new(),
        }
    }

    fn texts(old: Option<&Family>, new: &Family) -> Vec<String> {
        changes(old, new)
            .into_iter()
            .map(|change| change.text)
            .collect()
    }

    #[test]
    fn a_rotation_adds_two_tokens_and_spends_one() {
        let before = family(&[("refresh", 0, ""), ("access", 0, "")]);
        assert_eq!(texts(None, &before).len(), 3);
        assert!(texts(Some(&before), &before).is_empty());

        let after = family(&[
            ("refresh", 0, "rotated"),
            ("access", 0, ""),
            ("refresh", 1, ""),
            ("access", 1, ""),
        ]);
        assert_eq!(
            texts(Some(&before), &after),
            [
                "refresh 0 spent (blacklisted: rotated)",
                "refresh 1 on record",
                "access 1 on record",
            ]
        );
    }

    #[test]
    fn an_end_and_a_replay_are_told_once() {
        let before = family(&[]);
        let mut after = before.clone();
        after.replays = 1;
        after.ended_at = Some(5);
        after.end_reason = "reuse".to_owned();
        let kinds: Vec<Kind> = changes(Some(&before), &after)
            .into_iter()
            .map(|change| change.kind)
            .collect();
        assert_eq!(kinds, [Kind::Replayed, Kind::Ended]);
        assert!(changes(Some(&after), &after).is_empty());
    }
}
