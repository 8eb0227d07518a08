//! The first sentence of a session's page: the answer to "is somebody still in there?". Pure.

use app::ui::when::relative;

use crate::clock::UnixSeconds;
use crate::session::{EndReason, Phase, Reuse, Session};
use crate::store::{SessionDetail, SessionToken};
use crate::token::TokenType;

/// A token that still holds, and until when.
pub type Holding<'t> = (&'t SessionToken, UnixSeconds);

/// How things are with a session whose tokens `holding` still hold. `last` is when the last one on record expired.
#[must_use]
pub fn sentence(
    detail: &SessionDetail,
    session: &Session,
    holding: &[Holding<'_>],
    last: Option<UnixSeconds>,
    now: UnixSeconds,
) -> String {
    let ago = |at| relative(at, now);
    match session.phase {
        Phase::Live if !holding.is_empty() => {
            let work = if holding.len() == 1 { "works" } else { "work" };
            format!(
                "This session is live: {} {work}; {}.",
                counted(holding),
                deaths(holding, now)
            )
        }
        Phase::Live if session.expires_at <= now => {
            let at = ago(session.expires_at);
            format!("This session reached its end {at}. Nothing of it works any more.")
        }
        Phase::Live => {
            let when = last.map_or_else(
                || "none of its tokens is on record any more".to_owned(),
                |at| format!("its last token expired {}", ago(at)),
            );
            format!("Nothing of this session works any more: {when}. Nobody ended it.")
        }
        Phase::Ended { at, reason } => {
            let (when, why) = (ago(at), because(detail, reason));
            if holding.is_empty() {
                return format!("Ended {when} because {why}. Nothing of it works any more.");
            }
            let go = if holding.len() == 1 {
                "goes on"
            } else {
                "go on"
            };
            let longest = holding.iter().map(|(_, until)| *until).max().unwrap_or(now);
            format!(
                "Ended {when} because {why}. But {} {go} for up to {}, because IMMEDIATE_REVOCATION is off.",
                counted(holding),
                left(longest, now)
            )
        }
    }
}

/// How long it is until then: to the second while that can be watched.
#[must_use]
pub fn left(until: UnixSeconds, now: UnixSeconds) -> String {
    match until - now {
        seconds @ ..1000 => format!("{} s", seconds.max(0)),
        _ => relative(until, now)
            .strip_prefix("in ")
            .unwrap_or_default()
            .to_owned(),
    }
}

/// Why a session ended, to follow *because*.
fn because(detail: &SessionDetail, reason: EndReason) -> String {
    let note = detail.end_note.as_deref().unwrap_or_default();
    let said = match reason {
        EndReason::Logout => "its user signed out",
        EndReason::Admin => {
            let who = detail.ended_by.as_deref().unwrap_or("an admin");
            return format!("{who} ended it");
        }
        EndReason::Reuse => match Reuse::parse(note) {
            Some(Reuse::Ancestor) => "a refresh token came back that two rotations had left behind",
            Some(Reuse::OtherDevice) => "a spent refresh token came back from another device",
            Some(Reuse::AfterReceipt) => {
                "a spent refresh token came back after its successor was in use"
            }
            Some(Reuse::TooLate) => "a spent refresh token came back long after it was spent",
            None => "a spent refresh token came back",
        },
        EndReason::Password => "the password was changed",
        EndReason::UserDisabled => "its user was shut out or deleted",
        EndReason::Limit => "its user signed in elsewhere, and no more sessions are allowed",
        EndReason::Expired => "it reached its end",
        EndReason::Anomaly => "it was used as its owner would not use it",
    };
    said.to_owned()
}

/// Such as *1 refresh token and 2 access tokens*.
fn counted(holding: &[Holding<'_>]) -> String {
    let counts = kinds(holding).map(|(kind, tokens)| match tokens.len() {
        1 => format!("1 {kind} token"),
        n => format!("{n} {kind} tokens"),
    });
    counts.collect::<Vec<_>>().join(" and ")
}

/// When the last of each kind dies; the soonest first.
fn deaths(holding: &[Holding<'_>], now: UnixSeconds) -> String {
    let mut last: Vec<_> = kinds(holding)
        .map(|(kind, tokens)| {
            let until = tokens.iter().map(|(_, until)| *until).max().unwrap_or(now);
            let which = match (holding.len(), tokens.len()) {
                (1, _) => "it".to_owned(),
                (_, 1) => format!("the {kind} token"),
                _ => format!("the last {kind} token"),
            };
            (until, which)
        })
        .collect();
    last.sort_by_key(|(until, _)| *until);
    let said = last.iter().enumerate().map(|(n, (until, which))| {
        let verb = if n == 0 { " dies" } else { "" };
        format!("{which}{verb} in {}", left(*until, now))
    });
    said.collect::<Vec<_>>().join(", ")
}

fn kinds<'h>(
    holding: &'h [Holding<'h>],
) -> impl Iterator<Item = (&'static str, Vec<&'h Holding<'h>>)> {
    [
        TokenType::Refresh,
        TokenType::Sliding,
        TokenType::Admin,
        TokenType::Access,
    ]
    .into_iter()
    .map(TokenType::as_str)
    .map(|kind| {
        let of_kind = holding
            .iter()
            .filter(move |(token, _)| token.token_type == kind);
        (kind, of_kind.collect::<Vec<_>>())
    })
    .filter(|(_, tokens)| !tokens.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::standing::tests::{NOW, session, token};
    use super::*;

    fn say(detail: &SessionDetail, phase: Phase, tokens: &[(TokenType, i64)]) -> String {
        let tokens: Vec<_> = tokens
            .iter()
            .map(|(kind, left)| token(*kind, 3, *left))
            .collect();
        let holding: Vec<_> = tokens.iter().map(|t| (t, t.expires_at)).collect();
        sentence(detail, &session(phase), &holding, Some(NOW - 7200), NOW)
    }

    #[test]
    fn a_live_session_says_what_works_and_for_how_long() {
        use TokenType::{Access, Admin, Refresh, Sliding};
        for (tokens, expected) in [
            (
                &[(Refresh, 518_400), (Access, 214)][..],
                "This session is live: 1 refresh token and 1 access token work; the access token dies in 214 s, the refresh token in 6 d.",
            ),
            (
                &[(Access, 20), (Refresh, 1000), (Access, 214)],
                "This session is live: 1 refresh token and 2 access tokens work; the last access token dies in 214 s, the refresh token in 17 min.",
            ),
            (
                &[(Refresh, 7200)],
                "This session is live: 1 refresh token works; it dies in 2 h.",
            ),
            (
                &[(Admin, 999)],
                "This session is live: 1 admin token works; it dies in 999 s.",
            ),
            (
                &[(Sliding, 1)],
                "This session is live: 1 sliding token works; it dies in 1 s.",
            ),
            (
                &[],
                "Nothing of this session works any more: its last token expired 2 h ago. Nobody ended it.",
            ),
        ] {
            assert_eq!(
                say(&SessionDetail::default(), Phase::Live, tokens),
                expected
            );
        }
        let mut over = session(Phase::Live);
        over.expires_at = NOW - 60;
        assert_eq!(
            sentence(&SessionDetail::default(), &over, &[], None, NOW),
            "This session reached its end 1 min ago. Nothing of it works any more."
        );
    }

    #[test]
    fn an_ended_session_says_why() {
        let ended = |reason| Phase::Ended {
            at: NOW - 180,
            reason,
        };
        for (reason, by, note, why) in [
            (EndReason::Logout, None, "", "its user signed out"),
            (EndReason::Admin, Some("grace"), "stolen", "grace ended it"),
            (EndReason::Admin, None, "", "an admin ended it"),
            (
                EndReason::Reuse,
                None,
                Reuse::OtherDevice.words(),
                "a spent refresh token came back from another device",
            ),
            (
                EndReason::Reuse,
                None,
                Reuse::Ancestor.words(),
                "a refresh token came back that two rotations had left behind",
            ),
            (
                EndReason::Reuse,
                None,
                "?",
                "a spent refresh token came back",
            ),
            (EndReason::Password, None, "", "the password was changed"),
            (EndReason::Expired, None, "", "it reached its end"),
        ] {
            let detail = SessionDetail {
                ended_by: by.map(str::to_owned),
                end_note: Some(note.to_owned()),
                ..SessionDetail::default()
            };
            assert_eq!(
                say(&detail, ended(reason), &[]),
                format!("Ended 3 min ago because {why}. Nothing of it works any more.")
            );
        }
    }

    #[test]
    fn what_outlives_an_end_is_named() {
        let ended = Phase::Ended {
            at: NOW - 180,
            reason: EndReason::Logout,
        };
        let tokens = [(TokenType::Access, 20), (TokenType::Access, 214)];
        assert_eq!(
            say(&SessionDetail::default(), ended, &tokens),
            "Ended 3 min ago because its user signed out. But 2 access tokens go on for up to 214 s, because IMMEDIATE_REVOCATION is off."
        );
    }
}
