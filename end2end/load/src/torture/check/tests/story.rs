//! Writes histories: what happens at which millisecond, in words of the protocol. Everything takes ten milliseconds
//! and goes well unless the next word says otherwise.

use std::sync::Arc;
use std::time::Duration;

use crate::torture::check::{Rule, Windows, check};
use crate::torture::history::{Action, Event, Outcome, Pair, Token};

const WINDOWS: Windows = Windows {
    reuse: Duration::from_secs(10),
    retry: Duration::from_mins(1),
};

/// A history in the making.
pub struct Story {
    events: Vec<Event>,
    sid: Arc<str>,
}

impl Story {
    /// A history that begins with a login.
    pub fn new() -> Self {
        let mut story = Self {
            events: Vec::new(),
            sid: "".into(),
        };
        story.log_in(0, "one");
        story
    }

    /// The user opens a session; what follows is about that one.
    pub fn log_in(&mut self, at: u64, sid: &str) -> &mut Self {
        self.sid = sid.into();
        let pair = self.pair(0);
        self.add(
            at,
            Action::Login,
            None,
            Outcome::Accepted(Some(Box::new(pair))),
        )
    }

    /// A refresh: the successor of `generation` is answered.
    pub fn refresh(&mut self, at: u64, generation: i64) -> &mut Self {
        let pair = self.pair(generation + 1);
        self.present(at, Action::Refresh, generation, Some(pair))
    }

    /// The protected list, with an access token.
    pub fn users(&mut self, at: u64, generation: i64) -> &mut Self {
        self.present(at, Action::Users, generation, None)
    }

    /// A question whether an access token holds.
    pub fn verify(&mut self, at: u64, generation: i64) -> &mut Self {
        self.present(at, Action::Verify, generation, None)
    }

    /// A logout.
    pub fn log_out(&mut self, at: u64, generation: i64) -> &mut Self {
        self.present(at, Action::Logout, generation, None)
    }

    /// An admin ends the session.
    pub fn end_as_admin(&mut self, at: u64) -> &mut Self {
        self.present(at, Action::AdminEnd, 0, None)
    }

    /// The operator changes the password, or shuts the user out.
    pub fn change(&mut self, at: u64, action: Action) -> &mut Self {
        self.add(at, action, None, Outcome::Accepted(None))
    }

    /// The server is killed.
    pub fn kill(&mut self, at: u64) -> &mut Self {
        self.add(at, Action::Kill, None, Outcome::Accepted(None))
    }

    /// The database has an outage.
    pub fn outage(&mut self, at: u64) -> &mut Self {
        self.add(at, Action::Outage, None, Outcome::Accepted(None))
    }

    /// The server is stopped.
    pub fn stop(&mut self, at: u64) -> &mut Self {
        self.add(at, Action::Stop, None, Outcome::Accepted(None))
    }

    /// The last one was refused, with this reason; none if it is empty.
    pub fn refuse(&mut self, ended: &str) -> &mut Self {
        let ended = Some(ended.to_owned()).filter(|reason| !reason.is_empty());
        self.came(Outcome::Refused { status: 401, ended })
    }

    /// The last one was refused with another status.
    pub fn refuse_with(&mut self, status: u16) -> &mut Self {
        self.came(Outcome::Refused {
            status,
            ended: None,
        })
    }

    /// The last one failed.
    pub fn fail(&mut self, status: u16, retry_after: bool) -> &mut Self {
        self.came(Outcome::Failed {
            status,
            retry_after,
        })
    }

    /// The last one was not answered.
    pub fn lose(&mut self) -> &mut Self {
        self.came(Outcome::Unknown)
    }

    /// The last one was answered without tokens.
    pub fn without_tokens(&mut self) -> &mut Self {
        self.came(Outcome::Accepted(None))
    }

    /// The last one took this long.
    pub fn lasting(&mut self, millis: u64) -> &mut Self {
        let last = self.last();
        last.end = last.start + millis * 1000;
        self
    }

    /// The last one came from another device.
    pub fn from(&mut self, agent: &str) -> &mut Self {
        self.last().agent = agent.into();
        self
    }

    /// The last answer's refresh token was another one.
    pub fn with_jti(&mut self, jti: &str) -> &mut Self {
        self.successor().refresh.jti = jti.into();
        self
    }

    /// The last answer's refresh token had other bytes and said the same.
    pub fn with_other_bytes(&mut self) -> &mut Self {
        self.successor().refresh.fingerprint += 1;
        self
    }

    /// The last answer's tokens were of another generation.
    pub fn with_generation(&mut self, generation: i64) -> &mut Self {
        let pair = self.pair(generation);
        *self.successor() = pair;
        self
    }

    /// The last answer's access token was of another generation.
    pub fn with_access_of(&mut self, generation: i64) -> &mut Self {
        self.successor().access.generation = generation;
        self
    }

    /// The rules this history breaks, each once.
    pub fn broken(&self) -> Vec<Rule> {
        let mut events = self.events.clone();
        events.sort_by_key(|event| event.start);
        let mut rules: Vec<_> = check(&events, WINDOWS)
            .into_iter()
            .map(|violation| violation.rule)
            .collect();
        rules.sort();
        rules.dedup();
        rules
    }

    fn present(
        &mut self,
        at: u64,
        action: Action,
        generation: i64,
        pair: Option<Pair>,
    ) -> &mut Self {
        let presented = Some(self.token(generation));
        self.add(at, action, presented, Outcome::Accepted(pair.map(Box::new)))
    }

    fn add(
        &mut self,
        at: u64,
        action: Action,
        presented: Option<Token>,
        outcome: Outcome,
    ) -> &mut Self {
        self.events.push(Event {
            client: 0,
            user: 0,
            agent: "browser".into(),
            start: at * 1000,
            end: (at + 10) * 1000,
            action,
            presented,
            outcome,
        });
        self
    }

    fn came(&mut self, outcome: Outcome) -> &mut Self {
        self.last().outcome = outcome;
        self
    }

    fn last(&mut self) -> &mut Event {
        self.events.last_mut().expect("a story begins with a login")
    }

    fn successor(&mut self) -> &mut Pair {
        match &mut self.last().outcome {
            Outcome::Accepted(Some(pair)) => pair,
            other => panic!("a refresh was to be accepted, not {other:?}"),
        }
    }

    fn pair(&self, generation: i64) -> Pair {
        Pair {
            refresh: self.token(generation),
            access: self.token(generation),
        }
    }

    fn token(&self, generation: i64) -> Token {
        Token {
            sid: Arc::clone(&self.sid),
            generation,
            jti: format!("jti {generation}").into(),
            iat: 1,
            exp: 2,
            fingerprint: 3,
        }
    }
}
