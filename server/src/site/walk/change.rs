//! What a step changed on record. Pure.

use app::api::{Family, FamilyToken};

/// A token with what became of it by a step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// The token as it is now.
    pub token: FamilyToken,
    /// In words: `new`, `was live`, or nothing.
    pub how: String,
}

/// The tokens of a family after a step, and what is different from before.
#[must_use]
pub fn tokens(before: Option<&Family>, after: &Family) -> Vec<Change> {
    let was = |token: &FamilyToken| {
        let before = before.filter(|before| before.id == after.id)?;
        before.tokens.iter().find(|known| known.jti == token.jti)
    };
    let changes = after.tokens.iter().map(|token| Change {
        how: match was(token) {
            None => "new".to_owned(),
            Some(before) if before.status != token.status => {
                format!("was {}", word(&before.status))
            }
            Some(_) => String::new(),
        },
        token: token.clone(),
    });
    changes.collect()
}

/// What the walk calls a status: one word for a token that has a successor, the same as everywhere in it.
#[must_use]
pub fn word(status: &str) -> &str {
    match status {
        "rotated" => "spent",
        other => other,
    }
}

/// The session itself: what each value is called, what it is, and what it was where that is different.
#[must_use]
pub fn session(before: Option<&Family>, after: &Family) -> Vec<(&'static str, String)> {
    let before = before.filter(|before| before.id == after.id);
    let value = |of: fn(&Family) -> String| {
        let now = of(after);
        match before.map(of).filter(|was| *was != now) {
            Some(was) => format!("{now} (was {was})"),
            None => now,
        }
    };
    vec![
        ("State", value(|family| family.state.clone())),
        ("Generation", value(|family| family.generation.to_string())),
        (
            "Answers given twice",
            value(|family| family.replays.to_string()),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(state: &str, generation: i64, tokens: &[(&str, &str)]) -> Family {
        let tokens = tokens.iter().map(|(jti, status)| FamilyToken {
            jti: (*jti).to_owned(),
            token_type: "refresh".to_owned(),
            generation: 0,
            parent: None,
            issued_at: 0,
            expires_at: 9,
            status: (*status).to_owned(),
            blacklisted_at: None,
            reason: String::new(),
        });
        Family {
            id: "s".to_owned(),
            state: state.to_owned(),
            generation,
            opened_at: 0,
            rotated_at: 0,
            replays: 0,
            ends_at: 9,
            ended_at: None,
            end_reason: String::new(),
            now: 0,
            tokens: tokens.collect(),
            events: Vec::new(),
        }
    }

    #[test]
    fn what_is_new_and_what_changed_is_told_from_what_stayed() {
        let before = family("live", 0, &[("a", "live"), ("b", "live")]);
        let after = family(
            "ended",
            1,
            &[("a", "rotated"), ("b", "live"), ("c", "live")],
        );
        let how = |before: Option<&Family>| -> Vec<String> {
            tokens(before, &after)
                .into_iter()
                .map(|change| change.how)
                .collect()
        };
        assert_eq!(how(Some(&before)), ["was live", "", "new"]);
        assert_eq!(how(None), ["new", "new", "new"]);
        let told = session(Some(&before), &after);
        assert_eq!(told[0], ("State", "ended (was live)".to_owned()));
        assert_eq!(told[1], ("Generation", "1 (was 0)".to_owned()));
        assert_eq!(told[2], ("Answers given twice", "0".to_owned()));
    }

    #[test]
    fn another_session_is_no_change_of_this_one() {
        let mut before = family("ended", 4, &[("a", "ended")]);
        before.id = "t".to_owned();
        let after = family("live", 0, &[("b", "live")]);
        assert_eq!(
            session(Some(&before), &after)[0],
            ("State", "live".to_owned())
        );
    }
}
