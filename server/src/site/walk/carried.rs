//! The tokens that are in hand between two steps.

use serde_json::Value;

use super::exchange::Exchange;
use super::step::Step;
use crate::state::Server;
use crate::token::{Expect, SessionId};

/// Tokens by what they are to the walk; empty where there is none. Not `Debug`: they are credentials.
#[derive(Clone, Default)]
pub struct Carried {
    /// The refresh token of the login.
    pub first: String,
    /// The refresh token that was spent last.
    pub spent: String,
    /// The current refresh token.
    pub refresh: String,
    /// The latest access token.
    pub access: String,
}

impl Carried {
    /// What a form says.
    pub fn read<'f>(said: &impl Fn(&str) -> &'f str) -> Self {
        let token = |name: &str| said(name).to_owned();
        Self {
            first: token("first"),
            spent: token("spent"),
            refresh: token("refresh"),
            access: token("access"),
        }
    }

    /// Each with the name of its field.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("first", &self.first),
            ("spent", &self.spent),
            ("refresh", &self.refresh),
            ("access", &self.access),
        ]
    }

    /// What is in hand after a step was answered so.
    #[must_use]
    pub fn after(&self, step: Step, exchange: &Exchange) -> Self {
        let token = |name: &str| {
            let token = exchange.body.get(name).and_then(Value::as_str);
            token.map(str::to_owned)
        };
        let Some(access) = token("access") else {
            return self.clone();
        };
        // Without rotation there is no successor.
        let refresh = token("refresh").unwrap_or_else(|| self.refresh.clone());
        match step {
            Step::LogIn => Self {
                first: refresh.clone(),
                spent: String::new(),
                refresh,
                access,
            },
            Step::Refresh | Step::RefreshAgain => Self {
                first: self.first.clone(),
                spent: self.refresh.clone(),
                refresh,
                access,
            },
            _ => Self {
                refresh,
                access,
                ..self.clone()
            },
        }
    }

    /// The session they belong to, by one that was signed here and has not run out.
    #[must_use]
    pub fn session(&self, server: &Server) -> Option<SessionId> {
        let (now, leeway) = (server.clock.now(), server.settings.leeway.get());
        [&self.refresh, &self.access].into_iter().find_map(|token| {
            let verified = server.keys.verify(token, Expect::Any, now, leeway);
            verified.ok()?.claims.session.map(|(id, _)| id)
        })
    }
}
