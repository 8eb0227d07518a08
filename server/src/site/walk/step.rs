//! The steps, in their order: what each is called, and which request it is.

use app::api::LAB;
use axum::http::{HeaderValue, Method, header};
use secrecy::SecretString;
use serde_json::json;

use super::carried::Carried;
use super::exchange::Draft;
use crate::state::Server;

/// A step of the walk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// A name and a password open a session.
    LogIn,
    /// Something protected is called.
    Call,
    /// The refresh token is exchanged.
    Refresh,
    /// The spent one comes again, as from a second tab.
    Repeat,
    /// The refresh token is exchanged once more.
    RefreshAgain,
    /// The session is looked at.
    Look,
    /// The first refresh token of all comes again, as from a thief.
    Ancestor,
    /// Something protected is called after that.
    CallAgain,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::LogIn,
        Self::Call,
        Self::Refresh,
        Self::Repeat,
        Self::RefreshAgain,
        Self::Look,
        Self::Ancestor,
        Self::CallAgain,
    ];

    /// Its word in a form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LogIn => "log-in",
            Self::Call => "call",
            Self::Refresh => "refresh",
            Self::Repeat => "repeat",
            Self::RefreshAgain => "refresh-again",
            Self::Look => "look",
            Self::Ancestor => "ancestor",
            Self::CallAgain => "call-again",
        }
    }

    /// The step of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }

    /// Its number, from one.
    #[must_use]
    pub fn number(self) -> usize {
        let before = Self::ALL.into_iter().take_while(|step| *step != self);
        before.count() + 1
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    /// What is done in it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::LogIn => "Sign in",
            Self::Call => "Call something protected",
            Self::Refresh => "Refresh",
            Self::Repeat => "Send the spent token again",
            Self::RefreshAgain => "Refresh once more",
            Self::Look => "Look at the session",
            Self::Ancestor => "Send the refresh token of the login, as a thief would",
            Self::CallAgain => "Call something protected after that",
        }
    }

    /// What happens in it, and why somebody would.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::LogIn => {
                "A name and a password open a session. The answer holds its first two tokens: an access token, to call \
                 the API with, and a refresh token, to get the next two."
            }
            Self::Call => {
                "The access token travels in a header of the request. It says whose it is and how long it lives, and its \
                 signature proves that this server wrote that."
            }
            Self::Refresh => {
                "An access token lives for minutes only, so the refresh token is exchanged for two new tokens. The one \
                 that was exchanged is spent. This is rotation."
            }
            Self::Repeat => {
                "This is reuse. Honest clients do it, too: a second tab that woke up together with the first, or a phone \
                 whose answer got lost in a tunnel. You send the request of the step before once more."
            }
            Self::RefreshAgain => {
                "The session moves on by another generation. The refresh token of the login is two generations old now."
            }
            Self::Look => {
                "Users see their own sessions, with every token that came of the login. All of these are the family."
            }
            Self::Ancestor => {
                "Now you are a thief with a copy of the token from step 1. It is two generations old by now: no second tab \
                 and no lost answer can explain that. Who of the two is the thief nobody can tell."
            }
            Self::CallAgain => {
                "Now you are the owner again. The latest access token lives for minutes, but it belongs to the session of the \
                 step before."
            }
        }
    }

    /// Its request; `None` where what it needs is not in hand.
    #[must_use]
    pub fn draft<'f>(
        self,
        carried: &Carried,
        server: &Server,
        said: &impl Fn(&str) -> &'f str,
    ) -> Option<Draft> {
        match self {
            Self::LogIn => {
                let (username, password) = (said("username"), said("password"));
                let body = |password: &str| json!({"username": username, "password": password, "client": LAB});
                Some(Draft {
                    shown: body("••••••••").to_string(),
                    body: SecretString::from(body(password).to_string()),
                    ..Draft::new(Method::POST, "/api/token/")
                })
            }
            Self::Call | Self::CallAgain => bearer("/api/users/", carried, server),
            Self::Look => {
                let id = carried.session(server)?;
                bearer(&format!("/api/sessions/{id}/"), carried, server)
            }
            Self::Refresh | Self::RefreshAgain => refresh(&carried.refresh),
            Self::Repeat => refresh(&carried.spent),
            Self::Ancestor => refresh(&carried.first),
        }
    }
}

fn refresh(token: &str) -> Option<Draft> {
    let token = Some(token).filter(|token| !token.is_empty())?;
    let body = json!({"refresh": token}).to_string();
    Some(Draft {
        shown: body.clone(),
        body: SecretString::from(body),
        ..Draft::new(Method::POST, "/api/token/refresh/")
    })
}

fn bearer(path: &str, carried: &Carried, server: &Server) -> Option<Draft> {
    let token = Some(carried.access.as_str()).filter(|token| !token.is_empty())?;
    let scheme = server.settings.auth_header_types.first();
    let scheme = scheme.map_or("Bearer", String::as_str);
    let value = HeaderValue::from_str(&format!("{scheme} {token}")).ok()?;
    let name = server.settings.auth_header_name.clone();
    let mut draft = Draft::new(Method::GET, path);
    draft.headers.push((name, value));
    draft
        .headers
        .retain(|(name, _)| *name != header::CONTENT_TYPE);
    Some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_follows_the_other() {
        let mut walked = vec![Step::LogIn];
        while let Some(next) = walked.last().and_then(|step| step.next()) {
            walked.push(next);
        }
        assert_eq!(walked, Step::ALL);
        for step in Step::ALL {
            assert_eq!(Step::parse(step.as_str()), Some(step));
        }
        assert_eq!((Step::LogIn.number(), Step::parse("")), (1, None));
    }
}
