//! What is to be noticed about single tokens of a session: that it moved, that another program asked, that an answer was
//! given twice, that a spent token came back. Pure; what the record does not prove is said to be one thing or another.

use std::collections::{HashMap, HashSet};

use crate::clock::UnixSeconds;
use crate::device::{Description, Hints};
use crate::event::Kind;
use crate::network::Network;
use crate::session::{EndReason, Reuse};
use crate::store::{EventRow, SessionDetail, SessionToken};
use crate::token::TokenType;

/// Something to notice about a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mark {
    /// It was issued to another network than the token it was issued for.
    Moved {
        /// The address of that.
        from: String,
        /// Its own.
        to: String,
    },
    /// It was issued to another device.
    OtherDevice {
        /// What that calls itself.
        from: String,
        /// What this does.
        to: String,
    },
    /// It was issued to another version of the same program.
    Updated {
        /// What it calls itself.
        to: String,
    },
    /// A spent refresh token was answered again with this one.
    AnsweredAgain,
    /// It was issued without a rotation.
    Renewed,
    /// One of the two above.
    IssuedAgain,
    /// It was spent, came back, and ended the session.
    CameBack {
        /// When.
        at: UnixSeconds,
        /// What betrayed it.
        reuse: Reuse,
    },
    /// While it was current, one from before its predecessor came back and ended the session. Which is not on record.
    AncestorCameBack {
        /// When.
        at: UnixSeconds,
    },
}

/// Marks by the numbers of their tokens.
pub type Marks = HashMap<i64, Vec<Mark>>;

/// The marks of these tokens, which are in the order of their issue.
#[must_use]
pub fn marks(detail: &SessionDetail, tokens: &[SessionToken]) -> Marks {
    let by_id: HashMap<i64, &SessionToken> = tokens.iter().map(|t| (t.id, t)).collect();
    let mut marks = Marks::new();
    for token in tokens {
        let parent = token.parent_id.and_then(|id| by_id.get(&id));
        let changes = parent.map_or_else(Vec::new, |parent| changes(parent, token));
        marks.entry(token.id).or_default().extend(changes);
    }
    let again: Vec<_> = again(tokens);
    let repeat = repeats(detail, tokens, &again);
    for token in again {
        let mark = if token.generation == 0 {
            Mark::Renewed
        } else {
            repeat.clone()
        };
        marks.entry(token.id).or_default().push(mark);
    }
    if let Some((token, mark)) = came_back(detail, tokens) {
        marks.entry(token).or_default().push(mark);
    }
    marks.retain(|_, marks| !marks.is_empty());
    marks
}

/// The same, where an event says which token came back from before its predecessor: the mark goes to that one.
#[must_use]
pub fn told(mut marks: Marks, tokens: &[SessionToken], events: &[EventRow]) -> Marks {
    let refresh = TokenType::Refresh.as_str();
    let spent = events.iter().find_map(presented).and_then(|generation| {
        let is_it = |t: &&SessionToken| t.generation == generation && t.token_type == refresh;
        tokens.iter().rev().find(is_it)
    });
    let Some(spent) = spent else {
        return marks;
    };
    let mut came_back = None;
    for all in marks.values_mut() {
        all.retain(|mark| match mark {
            Mark::AncestorCameBack { at } => {
                came_back = Some(*at);
                false
            }
            _ => true,
        });
    }
    if let Some(at) = came_back {
        let reuse = Reuse::Ancestor;
        let mark = Mark::CameBack { at, reuse };
        marks.entry(spent.id).or_default().push(mark);
    }
    marks.retain(|_, marks| !marks.is_empty());
    marks
}

/// The generation that an event of reuse says came back.
fn presented(event: &EventRow) -> Option<i64> {
    let is_reuse = event.kind == Kind::TokenReuse.as_str();
    let said = event.detail.as_deref().filter(|_| is_reuse)?;
    let (_, rest) = said.split_once("; generation ")?;
    let (number, rest) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    rest.starts_with("came back").then_some(number)
}

/// What sends this `User-Agent`, as people know it.
#[must_use]
pub fn program(user_agent: &str) -> String {
    Description::of(user_agent, &Hints::default()).to_string()
}

fn changes(before: &SessionToken, token: &SessionToken) -> Vec<Mark> {
    let (from, to) = (Network::of(&before.ip), Network::of(&token.ip));
    let moved = (from.is_known() && to.is_known() && from != to).then(|| Mark::Moved {
        from: before.ip.clone(),
        to: token.ip.clone(),
    });
    moved
        .into_iter()
        .chain(other_program(before, token))
        .collect()
}

fn other_program(before: &SessionToken, token: &SessionToken) -> Option<Mark> {
    let agents = [&before.user_agent, &token.user_agent];
    if agents.iter().any(|agent| agent.is_empty()) || agents[0] == agents[1] {
        return None;
    }
    let [from, to] = agents.map(|agent| Description::of(agent, &Hints::default()));
    Some(if from.mark() == to.mark() {
        Mark::Updated { to: to.to_string() }
    } else {
        Mark::OtherDevice {
            from: from.to_string(),
            to: to.to_string(),
        }
    })
}

/// Access tokens that are not the first of their refresh token, or of a session without one.
fn again(tokens: &[SessionToken]) -> Vec<&SessionToken> {
    let mut had = HashSet::new();
    let accesses = tokens
        .iter()
        .filter(|token| token.token_type == TokenType::Access.as_str());
    let is_on_record = |id: Option<i64>| id.is_none_or(|id| tokens.iter().any(|t| t.id == id));
    accesses
        .filter(|token| is_on_record(token.parent_id))
        .filter(|token| !had.insert(token.parent_id))
        .collect()
}

/// What issued access tokens again in later generations, as far as the count of repetitions proves it.
fn repeats(detail: &SessionDetail, tokens: &[SessionToken], again: &[&SessionToken]) -> Mark {
    let is_whole = tokens.first().is_some_and(|first| {
        first.generation == 0 && first.parent_id.is_none() && first.created_at <= detail.opened_at
    });
    let later = again.iter().filter(|token| token.generation > 0).count();
    match detail.replays {
        0 => Mark::Renewed,
        replays if is_whole && usize::try_from(replays) == Ok(later) => Mark::AnsweredAgain,
        _ => Mark::IssuedAgain,
    }
}

/// The token that betrayed a theft, or the one that was current then.
fn came_back(detail: &SessionDetail, tokens: &[SessionToken]) -> Option<(i64, Mark)> {
    let at = detail.ended_at?;
    let reason = EndReason::parse(detail.end_reason.as_deref()?)?;
    if reason != EndReason::Reuse {
        return None;
    }
    let reuse = Reuse::parse(detail.end_note.as_deref()?)?;
    let (generation, mark) = match reuse {
        Reuse::Ancestor => (detail.generation, Mark::AncestorCameBack { at }),
        reuse => (detail.generation - 1, Mark::CameBack { at, reuse }),
    };
    let refresh = TokenType::Refresh.as_str();
    let is_it = |t: &&SessionToken| t.generation == generation && t.token_type == refresh;
    let token = tokens.iter().rev().find(is_it)?;
    Some((token.id, mark))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const FIREFOX: &str =
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const NEWER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";

    /// A refresh token for odd numbers, its access token for the number behind; generation by generation.
    pub fn token(id: i64, parent: Option<i64>, kind: TokenType, generation: i64) -> SessionToken {
        SessionToken {
            id,
            parent_id: parent,
            generation,
            token_type: kind.as_str().to_owned(),
            jti: format!("jti-{id}"),
            created_at: 1000 + id,
            ip: "203.0.113.7".to_owned(),
            user_agent: FIREFOX.to_owned(),
            ..SessionToken::default()
        }
    }

    fn chain() -> Vec<SessionToken> {
        use TokenType::{Access, Refresh};
        vec![
            token(1, None, Refresh, 0),
            token(2, Some(1), Access, 0),
            token(3, Some(1), Refresh, 1),
            token(4, Some(3), Access, 1),
            token(5, Some(3), Access, 1),
            token(6, Some(3), Refresh, 2),
            token(7, Some(6), Access, 2),
        ]
    }

    fn detail() -> SessionDetail {
        SessionDetail {
            opened_at: 1001,
            generation: 2,
            replays: 1,
            ..SessionDetail::default()
        }
    }

    fn only(marks: &Marks, id: i64) -> &[Mark] {
        assert!(marks.keys().all(|key| *key == id), "{marks:?}");
        &marks[&id]
    }

    #[test]
    fn an_answer_given_twice_is_told_from_a_renewal_where_that_is_certain() {
        let marked = |replays, tokens: &[SessionToken]| {
            let detail = SessionDetail {
                replays,
                ..detail()
            };
            only(&marks(&detail, tokens), 5).to_vec()
        };
        assert_eq!(marked(1, &chain()), [Mark::AnsweredAgain]);
        assert_eq!(marked(0, &chain()), [Mark::Renewed]);
        assert_eq!(marked(2, &chain()), [Mark::IssuedAgain]);
        assert_eq!(marked(1, &chain()[2..]), [Mark::IssuedAgain], "not whole");
        assert_eq!(
            marks(&detail(), &chain()[3..5]),
            Marks::new(),
            "its refresh token is not known"
        );
    }

    #[test]
    fn nothing_is_answered_again_in_the_first_generation() {
        use TokenType::{Access, Refresh};
        let tokens = [
            token(1, None, Refresh, 0),
            token(2, Some(1), Access, 0),
            token(3, Some(1), Access, 0),
        ];
        assert_eq!(only(&marks(&detail(), &tokens), 3), [Mark::Renewed]);
        let lone = [token(1, None, Access, 0), token(2, None, Access, 0)];
        assert_eq!(only(&marks(&detail(), &lone), 2), [Mark::Renewed]);
    }

    #[test]
    fn moves_and_other_programs_are_noticed() {
        let marked = |change: fn(&mut SessionToken)| {
            let mut tokens = chain();
            tokens.remove(4);
            change(&mut tokens[4]);
            let refresh = tokens[4].clone();
            tokens[5].ip = refresh.ip;
            tokens[5].user_agent = refresh.user_agent;
            marks(&detail(), &tokens).remove(&6).unwrap_or_default()
        };
        assert_eq!(marked(|_| {}), []);
        assert_eq!(marked(|t| t.ip = "203.0.113.99".into()), []);
        assert_eq!(marked(|t| t.ip = String::new()), []);
        assert_eq!(
            marked(|t| t.ip = "198.51.100.4".into()),
            [Mark::Moved {
                from: "203.0.113.7".into(),
                to: "198.51.100.4".into()
            }]
        );
        assert_eq!(
            marked(|t| t.user_agent = NEWER.into()),
            [Mark::Updated {
                to: "Firefox 141 on Linux".into()
            }]
        );
        assert_eq!(
            marked(|t| t.user_agent = "curl/8.5.0".into()),
            [Mark::OtherDevice {
                from: "Firefox 140 on Linux".into(),
                to: "curl 8".into()
            }]
        );
    }

    #[test]
    fn what_came_back_is_marked_where_it_stands() {
        let mut tokens = chain();
        tokens.remove(4);
        let marked = |reason: &str, note: &str| {
            let detail = SessionDetail {
                ended_at: Some(1100),
                end_reason: Some(reason.to_owned()),
                end_note: Some(note.to_owned()),
                ..detail()
            };
            marks(&detail, &tokens)
        };
        for reuse in [Reuse::OtherDevice, Reuse::AfterReceipt, Reuse::TooLate] {
            let expected = [Mark::CameBack { at: 1100, reuse }];
            assert_eq!(only(&marked("reuse", reuse.words()), 3), expected);
        }
        let expected = [Mark::AncestorCameBack { at: 1100 }];
        let unknown = marked("reuse", Reuse::Ancestor.words());
        assert_eq!(only(&unknown, 6), expected);
        let event = |generations: &str| EventRow {
            kind: Kind::TokenReuse.as_str().to_owned(),
            detail: Some(format!("{}; {generations}", Reuse::Ancestor.words())),
            ..EventRow::default()
        };
        let before = [event("generation 2 is current")];
        assert_eq!(told(unknown.clone(), &tokens, &before), unknown);
        let said = [event("generation 0 came back, generation 2 is current")];
        let (at, reuse) = (1100, Reuse::Ancestor);
        let expected = [Mark::CameBack { at, reuse }];
        assert_eq!(only(&told(unknown, &tokens, &said), 1), expected);
        assert_eq!(
            marked("admin", Reuse::TooLate.words()),
            Marks::new(),
            "an admin may write anything"
        );
    }
}
