//! Events in plain words, and how much an operator is to mind them.

use crate::event::Kind;

/// How an event is to be taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Somebody should look at it.
    Alarm,
    /// Something was refused.
    Refused,
    /// What happens every day.
    Usual,
}

impl Tone {
    /// The tone of a kind of event.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        match kind {
            kind if kind.is_alarming() => Self::Alarm,
            Kind::LoginFail | Kind::PasswordChangeFail | Kind::AuthzFail => Self::Refused,
            _ => Self::Usual,
        }
    }

    /// The classes of its badge.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Alarm => "badge badge--blacklisted",
            Self::Refused => "badge badge--expired",
            Self::Usual => "badge badge--ended",
        }
    }

    /// What it says beside the event itself.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Alarm => "alarm: ",
            Self::Refused | Self::Usual => "",
        }
    }
}

/// What happened.
#[must_use]
pub fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::LoginSuccess => "signed in",
        Kind::LoginFail => "sign-in refused",
        Kind::LoginFailMax => "too many sign-ins refused",
        Kind::PasswordChange => "password changed",
        Kind::PasswordChangeFail => "password change refused",
        Kind::ImpossibleTravel => "impossible travel",
        Kind::NewDevice => "new device",
        Kind::TokenCreated => "lasting token handed out",
        Kind::TokenRevoked => "token revoked",
        Kind::TokenReuse => "spent token came back",
        Kind::AuthzFail => "not allowed",
        Kind::AuthzChange => "role changed",
        Kind::AuthzAdmin => "password given again",
        Kind::SessionsRevoked => "sessions revoked",
        Kind::ExcessRateLimitExceeded => "refreshed far too often",
        Kind::SessionCreated => "session opened",
        Kind::SessionRenewed => "session refreshed",
        Kind::SessionExpired => "session ended",
        Kind::UserCreated => "user added",
        Kind::UserUpdated => "user changed",
        Kind::UserDeleted => "user deleted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_is_told_by_more_than_its_colour() {
        for kind in Kind::ALL {
            let tone = Tone::of(kind);
            assert_eq!(tone == Tone::Alarm, kind.is_alarming(), "{kind:?}");
            assert_eq!(tone.prefix().is_empty(), !kind.is_alarming(), "{kind:?}");
        }
        assert_eq!(Tone::of(Kind::LoginFail), Tone::Refused);
    }
}
