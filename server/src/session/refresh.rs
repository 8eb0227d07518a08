//! Decides what a presented refresh token leads to. The token's signature, times and type were found good
//! before; identity is the generation, never a time stamp.

use super::{EndReason, Phase, Session};
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
}

/// What the presented token is in its session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Presented {
    /// The generation it belongs to.
    pub generation: Generation,
    /// It was blacklisted by itself, under whatever settings were in force then.
    pub blacklisted: bool,
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
    /// Issue nothing.
    Refuse(Refusal),
}

/// Why nothing is issued.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The session is over.
    Ended(EndReason),
    /// The token was spent by a rotation.
    Spent,
    /// The token claims a generation its session has not reached: not from this registry.
    Unknown,
}

/// Decides over the token `presented` in `session` at the time `now`.
#[must_use]
pub fn decide(session: &Session, presented: Presented, now: UnixSeconds, rules: Rules) -> Decision {
    match session.phase {
        Phase::Ended { reason, .. } => return Decision::Refuse(Refusal::Ended(reason)),
        Phase::Live if session.expires_at <= now => {
            return Decision::Refuse(Refusal::Ended(EndReason::Expired));
        }
        Phase::Live => {}
    }
    if presented.generation > session.generation {
        return Decision::Refuse(Refusal::Unknown);
    }
    let spent = presented.generation < session.generation && rules.blacklist_spent;
    if spent || presented.blacklisted {
        return Decision::Refuse(Refusal::Spent);
    }
    if rules.rotate {
        Decision::Rotate {
            from: session.generation,
        }
    } else {
        Decision::Renew
    }
}

#[cfg(test)]
mod tests;
