//! Decides what a presented refresh token leads to. The token's signature, times and type were found good
//! before; identity is the generation, never a time stamp.

use std::cmp::Ordering;

use super::{Device, EndReason, Phase, Rotation, Session};
use crate::clock::UnixSeconds;
use crate::token::Generation;

/// The settings the decision depends on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rules {
    /// `ROTATE_REFRESH_TOKENS`: a refresh spends the presented token and issues a successor.
    pub rotate: bool,
    /// `BLACKLIST_AFTER_ROTATION`: a spent token is refused. Without it an older token stays usable, as in
    /// SimpleJWT, and a copy of it can not be told from the original.
    pub blacklist_spent: bool,
    /// `REFRESH_REUSE_INTERVAL`: seconds after a rotation in which the token it spent may come back because two
    /// tabs raced.
    pub reuse_interval: i64,
    /// `REFRESH_RETRY_WINDOW`: seconds after a rotation in which the token it spent may come back because the
    /// answer was lost on the way, which nothing must contradict.
    pub retry_window: i64,
}

/// What the presented token is in its session, and who presents it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Presented {
    /// The generation it belongs to.
    pub generation: Generation,
    /// It was blacklisted by itself, under whatever settings were in force then.
    pub blacklisted: bool,
    /// The device that presents it.
    pub device: Device,
}

/// What to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Begin the next generation, if the session is still at `from`; issue its refresh and access token.
    Rotate {
        /// The generation the session must be at when the decision is applied.
        from: Generation,
    },
    /// Issue one more access token; the refresh token stays as it is.
    Renew,
    /// Hand out the successor that was issued before, the very same, with an access token.
    Replay(Grace),
    /// Theft is assumed: end the session, and commit that with the refusal (RFC 9700, section 4.14.2).
    End(Reuse),
    /// Issue nothing.
    Refuse(Refusal),
}

/// Why a spent token is answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Grace {
    /// Two tabs presented it at the same time.
    Race,
    /// The answer to its rotation never arrived: nothing of the successor was ever used.
    LostAnswer,
}

/// What betrays a spent token as a copy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reuse {
    /// It is older than the predecessor: its owner has moved on at least twice.
    Ancestor,
    /// It is the predecessor, but another device presents it.
    OtherDevice,
    /// It is the predecessor, but its successor has been used, and no two tabs race that long.
    AfterReceipt,
    /// It is the predecessor, and the time in which an answer may be asked for again is over.
    TooLate,
}

impl Reuse {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Ancestor,
        Self::OtherDevice,
        Self::AfterReceipt,
        Self::TooLate,
    ];

    /// What came back, as it is kept beside the session that ended for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ancestor => "a refresh token older than the predecessor of the current one",
            Self::OtherDevice => "the spent refresh token, from another device",
            Self::AfterReceipt => "the spent refresh token, after its successor was in use",
            Self::TooLate => "the spent refresh token, long after it was spent",
        }
    }

    /// Reads the words back.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reuse| reuse.words() == words)
    }
}

/// Why nothing is issued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The session is over.
    Ended(EndReason),
    /// The token was blacklisted by itself.
    Spent,
    /// The token claims a generation its session has not reached: not from this registry.
    Unknown,
}

/// Decides over the token `presented` in `session` at the time `now`.
#[must_use]
pub fn decide(
    session: &Session,
    presented: &Presented,
    now: UnixSeconds,
    rules: Rules,
) -> Decision {
    match session.phase {
        Phase::Ended { reason, .. } => return Decision::Refuse(Refusal::Ended(reason)),
        Phase::Live if session.expires_at <= now => {
            return Decision::Refuse(Refusal::Ended(EndReason::Expired));
        }
        Phase::Live => {}
    }
    match presented.generation.cmp(&session.generation) {
        Ordering::Greater => Decision::Refuse(Refusal::Unknown),
        Ordering::Less if rules.blacklist_spent => spent(session, presented, now, rules),
        Ordering::Less | Ordering::Equal if presented.blacklisted => {
            Decision::Refuse(Refusal::Spent)
        }
        Ordering::Less | Ordering::Equal if rules.rotate => Decision::Rotate {
            from: session.generation,
        },
        Ordering::Less | Ordering::Equal => Decision::Renew,
    }
}

/// A spent token came back. Only the immediate predecessor, from the device that spent it, can be an honest
/// repetition.
fn spent(session: &Session, presented: &Presented, now: UnixSeconds, rules: Rules) -> Decision {
    let Rotation { at, by, received } = &session.rotation;
    // A clock that was set back says nothing about how long ago it was: the window counts as open.
    let elapsed = (now - at).max(0);
    if presented.generation.next() != session.generation {
        Decision::End(Reuse::Ancestor)
    } else if presented.device != *by {
        Decision::End(Reuse::OtherDevice)
    } else if is_within(elapsed, rules.reuse_interval) {
        Decision::Replay(Grace::Race)
    } else if *received {
        Decision::End(Reuse::AfterReceipt)
    } else if is_within(elapsed, rules.retry_window) {
        Decision::Replay(Grace::LostAnswer)
    } else {
        Decision::End(Reuse::TooLate)
    }
}

/// Whether a window of so many seconds is still open. Time is known in whole seconds, so it may stay open for up to
/// one more: closing it early would log out the honest. A window of 0 is never open.
fn is_within(elapsed: i64, window: i64) -> bool {
    window > 0 && elapsed <= window
}

#[cfg(test)]
mod tests;
