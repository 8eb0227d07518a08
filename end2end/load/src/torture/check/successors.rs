//! A generation has one successor, and the session only moves forward.

use std::collections::BTreeMap;

use super::session::Session;
use super::{Rule, Violation};
use crate::torture::history::{Action, Event, Pair, Token};

/// Checks all answers of a session.
pub fn check(session: &Session) -> Vec<Violation> {
    let mut first: BTreeMap<i64, &Token> = BTreeMap::new();
    let mut found = Vec::new();
    for (event, pair) in session.answers() {
        let token = &pair.refresh;
        let same = *first.entry(token.generation).or_insert(token) == token;
        if !same {
            let why = format!(
                "generation {} was answered with another token before",
                token.generation
            );
            found.push(Violation::new(Rule::OneSuccessor, event, why));
        }
        if let Some(why) = astray(session, event, pair) {
            found.push(Violation::new(Rule::RotationKept, event, why));
        }
    }
    found
}

fn astray(session: &Session, event: &Event, pair: &Pair) -> Option<String> {
    let (token, access) = (&pair.refresh, &pair.access);
    if (&access.sid, access.generation) != (&token.sid, token.generation) {
        return Some("the two tokens are not of one session and generation".into());
    }
    let (Action::Refresh, Some(presented)) = (event.action, &event.presented) else {
        return (token.generation != 0).then(|| "a login's generation is not 0".into());
    };
    if (&presented.sid, presented.generation + 1) != (&token.sid, token.generation) {
        return Some(format!(
            "generation {} of session {} is not what follows",
            token.generation, token.sid
        ));
    }
    let known = session.known_generation(event.start)?;
    (token.generation < known)
        .then(|| format!("generation {known} had been answered before: the session fell back"))
}
