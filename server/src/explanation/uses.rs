//! What would come of a token if it were used now, in words. Pure.

use crate::error::Error;
use crate::lifecycle::Outlook;
use crate::session::{Decision, EndReason, Grace, Reuse};

/// What would come of a use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// How it would go.
    pub verdict: Verdict,
    /// In a sentence.
    pub text: String,
}

/// How a use would go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It would be accepted.
    Accepted,
    /// It would be refused.
    Refused,
    /// It would be refused, and end its session.
    Ends,
}

/// What a refusal answers, `None` being none.
#[must_use]
pub fn of_refusal(refusal: Option<&Error>, accepted: &str) -> Answer {
    match refusal {
        None => Answer {
            verdict: Verdict::Accepted,
            text: accepted.to_owned(),
        },
        Some(error) => Answer {
            verdict: Verdict::Refused,
            text: answered(error),
        },
    }
}

/// What an exchange for other tokens would come to.
#[must_use]
pub fn of_outlook(outlook: &Outlook) -> Answer {
    let answer = |verdict, text: &str| Answer {
        verdict,
        text: text.to_owned(),
    };
    match outlook {
        Outlook::Refused(error) => of_refusal(Some(error), ""),
        Outlook::EndsForPassword => answer(
            Verdict::Ends,
            "The password was changed since it was issued: it is refused, and its session ends.",
        ),
        Outlook::Adopted => answer(
            Verdict::Accepted,
            "It is another issuer's: a session is opened for it here, and it is exchanged.",
        ),
        Outlook::Slides => answer(
            Verdict::Accepted,
            "It is exchanged for itself with a later end.",
        ),
        Outlook::Decided {
            here: Decision::End(reuse),
            ..
        } => of_decision(Decision::End(*reuse)),
        Outlook::Decided { here, elsewhere } if here == elsewhere => of_decision(*here),
        Outlook::Decided { here, elsewhere } => {
            let (here, elsewhere) = (of_decision(*here), of_decision(*elsewhere));
            Answer {
                verdict: here.verdict,
                text: format!(
                    "From the device that spent it: {} From any other: {}",
                    here.text, elsewhere.text
                ),
            }
        }
    }
}

/// What comes of a refresh that is decided so.
#[must_use]
pub fn of_decision(decision: Decision) -> Answer {
    let (verdict, text) = match decision {
        Decision::Rotate { .. } => (
            Verdict::Accepted,
            "It is spent, and exchanged for an access token and the next refresh token.",
        ),
        Decision::Renew => (
            Verdict::Accepted,
            "It is exchanged for an access token, and stays as it is.",
        ),
        Decision::Replay(Grace::Race) => (
            Verdict::Accepted,
            "It was spent a moment ago, as by two tabs at once: the same successor is answered again.",
        ),
        Decision::Replay(Grace::LostAnswer) => (
            Verdict::Accepted,
            "It was spent, and its answer may be lost: the same successor is answered again.",
        ),
        Decision::End(reuse) => (
            Verdict::Ends,
            match reuse {
                Reuse::Ancestor => {
                    "It was spent more than one rotation ago: it is refused, and its session ends."
                }
                Reuse::OtherDevice => {
                    "It was spent by another device: it is refused, and its session ends."
                }
                Reuse::AfterReceipt => {
                    "It was spent, and its successor is in use: it is refused, and its session ends."
                }
                Reuse::TooLate => "It was spent long ago: it is refused, and its session ends.",
            },
        ),
        Decision::Refuse(_) => (Verdict::Refused, "It is refused."),
    };
    Answer {
        verdict,
        text: text.to_owned(),
    }
}

/// The answer of the API, and what stands behind it.
fn answered(error: &Error) -> String {
    let status = error.status().as_u16();
    let said = format!("{status} \u{201c}{error}\u{201d}");
    match error {
        Error::Token {
            ended: Some(EndReason::Expired),
            ..
        } => format!("{said}: its session reached its end."),
        Error::Token {
            ended: Some(reason),
            ..
        } => format!("{said}: its session ended, {}.", reason.words()),
        Error::AccessToken(refusals) => {
            let each = refusals.0.iter().map(|(wanted, error)| {
                format!("as {} token \u{201c}{error}\u{201d}", wanted.as_str())
            });
            format!("{said}: {}.", each.collect::<Vec<_>>().join(", "))
        }
        _ => format!("{said}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::NotForAny;
    use crate::session::Refusal;
    use crate::token::{Generation, TokenError, TokenType};

    #[test]
    fn every_outlook_has_its_words() {
        let decided = |here, elsewhere| Outlook::Decided { here, elsewhere };
        let rotate = Decision::Rotate {
            from: Generation(3),
        };
        let race = Decision::Replay(Grace::Race);
        let stolen = Decision::End(Reuse::OtherDevice);
        for (outlook, verdict, said) in [
            (
                decided(rotate, rotate),
                Verdict::Accepted,
                "the next refresh token",
            ),
            (
                decided(Decision::Renew, Decision::Renew),
                Verdict::Accepted,
                "stays as it is",
            ),
            (
                decided(race, stolen),
                Verdict::Accepted,
                "again. From any other: It was spent by another device",
            ),
            (decided(stolen, stolen), Verdict::Ends, "its session ends"),
            (
                decided(Decision::End(Reuse::TooLate), stolen),
                Verdict::Ends,
                "It was spent long ago",
            ),
            (
                decided(
                    Decision::Refuse(Refusal::Unknown),
                    Decision::Refuse(Refusal::Unknown),
                ),
                Verdict::Refused,
                "refused",
            ),
            (
                Outlook::EndsForPassword,
                Verdict::Ends,
                "password was changed",
            ),
            (Outlook::Adopted, Verdict::Accepted, "another issuer"),
            (Outlook::Slides, Verdict::Accepted, "later end"),
            (
                Outlook::Refused(TokenError::WrongType.into()),
                Verdict::Refused,
                "401 \u{201c}Token has wrong type\u{201d}.",
            ),
        ] {
            let answer = of_outlook(&outlook);
            assert_eq!(answer.verdict, verdict, "{outlook:?}");
            assert!(answer.text.contains(said), "{}", answer.text);
        }
    }

    #[test]
    fn a_refusal_is_told_as_the_api_tells_it() {
        let ended = Error::Token {
            error: TokenError::Blacklisted,
            ended: Some(EndReason::Reuse),
        };
        let wrong = NotForAny(vec![(TokenType::Access, TokenError::WrongType)]);
        for (error, text) in [
            (
                ended,
                "401 \u{201c}Token is blacklisted\u{201d}: its session ended, token used twice.",
            ),
            (
                Error::AccessToken(wrong),
                "401 \u{201c}Given token not valid for any token type\u{201d}: as access token \u{201c}Token has wrong type\u{201d}.",
            ),
            (Error::UserInactive, "401 \u{201c}User is inactive\u{201d}."),
        ] {
            assert_eq!(of_refusal(Some(&error), "").text, text);
        }
    }
}
