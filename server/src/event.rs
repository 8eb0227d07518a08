//! What happened, as it is kept and told: a name of the OWASP Logging Vocabulary Cheat Sheet, whom it concerns, from
//! where. There is no place for a token or a password in it.

use crate::clock::UnixSeconds;
use crate::session::EndReason;
use crate::store::{Origin, User};
use crate::token::{SessionId, UserId};

/// What happened. The names are those of the OWASP Logging Vocabulary Cheat Sheet; where it has none, they are made in
/// its manner.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// Somebody logged in.
    LoginSuccess,
    /// Somebody tried to, with a wrong name or password, or is shut out.
    LoginFail,
    /// Logins from an address, or for an account, are refused because there are too many. At most one a minute is kept.
    LoginFailMax,
    /// A password was changed.
    PasswordChange,
    /// It was to be, and the old one was wrong.
    PasswordChangeFail,
    /// A session was refreshed from two places nobody travels between in that time.
    ImpossibleTravel,
    /// A login from a device that its user never used before.
    NewDevice,
    /// A token that does not expire was handed out for the first time.
    TokenCreated,
    /// A token was blacklisted, or a token that does not expire reset.
    TokenRevoked,
    /// A spent refresh token came back.
    TokenReuse,
    /// Somebody may not do what they tried.
    AuthzFail,
    /// What a user may do was changed.
    AuthzChange,
    /// Somebody proved again who they are, to do in the admin what is sensitive.
    AuthzAdmin,
    /// A session is refreshed far too often.
    ExcessRateLimitExceeded,
    /// A session was opened.
    SessionCreated,
    /// A session was refreshed. Kept only where a webhook asks for it: the registry has a row for every token.
    SessionRenewed,
    /// A session ended, for one of the reasons of [`EndReason`].
    SessionExpired,
    /// Sessions that belong together were ended on an admin's word. Each has its own end on record, too.
    SessionsRevoked,
    /// A user was added.
    UserCreated,
    /// A user was changed.
    UserUpdated,
    /// A user was deleted.
    UserDeleted,
}

impl Kind {
    /// All of them, in the order of the vocabulary.
    pub const ALL: [Self; 21] = [
        Self::LoginSuccess,
        Self::LoginFail,
        Self::LoginFailMax,
        Self::PasswordChange,
        Self::PasswordChangeFail,
        Self::ImpossibleTravel,
        Self::NewDevice,
        Self::TokenCreated,
        Self::TokenRevoked,
        Self::TokenReuse,
        Self::AuthzFail,
        Self::AuthzChange,
        Self::AuthzAdmin,
        Self::ExcessRateLimitExceeded,
        Self::SessionCreated,
        Self::SessionRenewed,
        Self::SessionExpired,
        Self::SessionsRevoked,
        Self::UserCreated,
        Self::UserUpdated,
        Self::UserDeleted,
    ];

    /// Its name, in the table, in the log and in webhooks.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoginSuccess => "authn_login_success",
            Self::LoginFail => "authn_login_fail",
            Self::LoginFailMax => "authn_login_fail_max",
            Self::PasswordChange => "authn_password_change",
            Self::PasswordChangeFail => "authn_password_change_fail",
            Self::ImpossibleTravel => "authn_impossible_travel",
            Self::NewDevice => "authn_new_device",
            Self::TokenCreated => "authn_token_created",
            Self::TokenRevoked => "authn_token_revoked",
            Self::TokenReuse => "authn_token_reuse",
            Self::AuthzFail => "authz_fail",
            Self::AuthzChange => "authz_change",
            Self::AuthzAdmin => "authz_admin",
            Self::ExcessRateLimitExceeded => "excess_rate_limit_exceeded",
            Self::SessionCreated => "session_created",
            Self::SessionRenewed => "session_renewed",
            Self::SessionExpired => "session_expired",
            Self::SessionsRevoked => "sessions_revoked",
            Self::UserCreated => "user_created",
            Self::UserUpdated => "user_updated",
            Self::UserDeleted => "user_deleted",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether an operator should look at it.
    #[must_use]
    pub fn is_alarming(self) -> bool {
        matches!(
            self,
            Self::TokenReuse
                | Self::ImpossibleTravel
                | Self::ExcessRateLimitExceeded
                | Self::LoginFailMax
        )
    }
}

/// Something that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// What.
    pub kind: Kind,
    /// When.
    pub at: UnixSeconds,
    /// Whom it concerns.
    pub user: Option<UserId>,
    /// Their name. Never a name that nobody has: people type passwords into the wrong field.
    pub username: Option<String>,
    /// Which session.
    pub session: Option<SessionId>,
    /// The name of who did it, where that is not the user; `None` where the server acted by itself.
    pub actor: Option<String>,
    /// Where the request came from; empty where there was none.
    pub origin: Origin,
    /// What else is to be known, in words or as the reason's name.
    pub detail: Option<String>,
    /// Whether the user is to see it at their sessions.
    pub notice: bool,
}

impl Event {
    /// An event that concerns nobody yet.
    #[must_use]
    pub fn new(kind: Kind, at: UnixSeconds) -> Self {
        Self {
            kind,
            at,
            user: None,
            username: None,
            session: None,
            actor: None,
            origin: Origin::default(),
            detail: None,
            notice: false,
        }
    }

    /// The end of a session.
    #[must_use]
    pub fn session_over(session: SessionId, reason: EndReason, at: UnixSeconds) -> Self {
        Self::new(Kind::SessionExpired, at)
            .session(session)
            .detail(reason.as_str())
    }

    /// Concerns this user.
    #[must_use]
    pub fn of(self, user: &User) -> Self {
        self.user(user.user_id(), &user.username)
    }

    /// Concerns the user of this number and name.
    #[must_use]
    pub fn user(self, id: UserId, name: &str) -> Self {
        Self {
            user: Some(id),
            username: Some(name.to_owned()),
            ..self
        }
    }

    /// Concerns this session.
    #[must_use]
    pub fn session(self, id: SessionId) -> Self {
        Self {
            session: Some(id),
            ..self
        }
    }

    /// Was caused by a request from there.
    #[must_use]
    pub fn from(self, origin: &Origin) -> Self {
        Self {
            origin: origin.clone(),
            ..self
        }
    }

    /// Was done by this person.
    #[must_use]
    pub fn by(self, actor: &str) -> Self {
        Self {
            actor: Some(actor.to_owned()),
            ..self
        }
    }

    /// Says more.
    #[must_use]
    pub fn detail(self, words: impl Into<String>) -> Self {
        Self {
            detail: Some(words.into()),
            ..self
        }
    }

    /// Is to be seen by the user.
    #[must_use]
    pub fn noticed(self) -> Self {
        Self {
            notice: true,
            ..self
        }
    }

    /// Writes the line of the log. Texts are written quoted and escaped, as text and as JSON, so that what a client said
    /// can not begin a line of its own.
    pub fn log(&self) {
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "jotward::event",
                    $level,
                    user.id = self.user.map(|id| id.0),
                    user.name = self.username.as_deref(),
                    session.id = self.session.map(tracing::field::display),
                    actor = self.actor.as_deref(),
                    ip = self.origin.ip,
                    user_agent = self.origin.user_agent,
                    detail = self.detail.as_deref(),
                    "{}",
                    self.kind.as_str()
                )
            };
        }
        if self.kind.is_alarming() {
            line!(tracing::Level::WARN);
        } else {
            line!(tracing::Level::INFO);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_back_from_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("authn_login"), None);
    }
}
