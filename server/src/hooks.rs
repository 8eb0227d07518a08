//! What an application that embeds Jotward can hear and say: it is told of logins, tokens and ends of sessions, and
//! may add claims to tokens. Nothing here can keep a session from ending or a token from being put on record.

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::store::{Origin, User};
pub use crate::token::RESERVED;
use crate::token::{Generation, SessionId, TokenType, UserId};

/// Claims by name.
pub type CustomClaims = Map<String, Value>;

/// Why a hook could not say which claims a user has.
pub type HookError = Box<dyn std::error::Error + Send + Sync>;

/// Tokens that were handed out.
#[derive(Clone, Debug)]
pub struct Issued<'a> {
    /// Whom they speak for.
    pub user: UserId,
    /// Their session.
    pub session: SessionId,
    /// How often it had been rotated.
    pub generation: Generation,
    /// What they may be used for, and when each expires.
    pub tokens: &'a [(TokenType, UnixSeconds)],
    /// Where the request came from.
    pub origin: &'a Origin,
}

/// Called after the commit of what they tell of, one after the other and before the answer is sent: a hook that has
/// more to do than to note it hands it on. What another process does, a second node or the command line, is not told
/// here; webhooks tell it. A panic is logged and goes no further.
///
/// ```
/// use jotward::event::Event;
/// use jotward::hooks::{CustomClaims, HookError, Hooks};
/// use jotward::store::User;
///
/// struct Roles;
///
/// impl Hooks for Roles {
///     fn on_login(&self, login: &Event) {
///         println!("{:?} logged in", login.username);
///     }
///
///     fn claims<'a>(
///         &'a self,
///         user: &'a User,
///     ) -> futures_util::future::BoxFuture<'a, Result<CustomClaims, HookError>> {
///         Box::pin(async move {
///             let role = if user.is_staff { "staff" } else { "reader" };
///             Ok(CustomClaims::from_iter([("role".to_owned(), role.into())]))
///         })
///     }
/// }
/// ```
pub trait Hooks: Send + Sync + 'static {
    /// Somebody logged in.
    fn on_login(&self, login: &Event) {
        let _ = login;
    }

    /// Somebody tried to log in and failed. It names the user only where there is one.
    fn on_login_failed(&self, failure: &Event) {
        let _ = failure;
    }

    /// A login handed out the first tokens of a session.
    fn on_tokens_issued(&self, issued: &Issued<'_>) {
        let _ = issued;
    }

    /// A refresh handed out tokens; a repetition of one, too.
    fn on_tokens_refreshed(&self, issued: &Issued<'_>) {
        let _ = issued;
    }

    /// A session ended; `detail` is the reason's name, such as `logout`. Behind that of an admin stand their words: `admin: a
    /// phone was lost`.
    fn on_session_ended(&self, end: &Event) {
        let _ = end;
    }

    /// Anything that is kept as an event. It calls the three above; who overrides it hears everything.
    fn on_event(&self, event: &Event) {
        match event.kind {
            Kind::LoginSuccess => self.on_login(event),
            Kind::LoginFail => self.on_login_failed(event),
            Kind::SessionExpired => self.on_session_ended(event),
            _ => {}
        }
    }

    /// What else the tokens of a user are to say. Asked at the login and again at each refresh, so that a changed role
    /// is in the next token; names in [`RESERVED`] are left out, and so are the configured names of claims.
    ///
    /// # Errors
    /// Whatever keeps it from being known: the client is told to come back (503), because a token without a claim, or
    /// with an old one, could be worse than none.
    fn claims<'a>(&'a self, user: &'a User) -> BoxFuture<'a, Result<CustomClaims, HookError>> {
        let _ = user;
        Box::pin(async { Ok(CustomClaims::new()) })
    }
}
