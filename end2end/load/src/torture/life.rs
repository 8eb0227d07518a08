//! A user's life: log in, do things at random, end the session in one of many ways, begin again. What is done is
//! drawn from the seed; when it happens is up to the machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::act::{Hand, Reply};
use super::history::Outcome;
use super::token::{Held, Tokens};
use super::world::World;

/// A user at work, in one session at a time.
pub struct Life {
    pub(super) world: Arc<World>,
    pub(super) random: fastrand::Rng,
    pub(super) name: String,
    pub(super) password: String,
    /// Passwords that may be the right one since a change whose outcome is unknown.
    pub(super) others: Vec<String>,
    pub(super) who: usize,
    /// What is left of sessions that are over.
    pub(super) graves: Vec<Grave>,
    sessions: u32,
}

/// Tokens of a session that is over.
pub struct Grave {
    /// The user agent.
    pub agent: String,
    /// What was used last.
    pub tokens: Tokens,
}

/// A session in its user's hands.
pub struct Session {
    /// Tabs of one browser: the same user agent on connections of their own.
    pub tabs: [Hand; 4],
    /// The tokens to use next.
    pub tokens: Tokens,
    /// Spent refresh tokens, oldest first.
    pub spent: Vec<Spent>,
}

/// A refresh token that was exchanged.
#[derive(Clone)]
pub struct Spent {
    /// The token.
    pub held: Held,
    /// When it was first presented: its window began then or later.
    pub since: Instant,
}

/// Whether a session goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Alive {
    /// It does.
    Yes,
    /// It is over, or its user can not know: a new login is needed.
    No,
}

impl Session {
    /// Takes the tokens that came for the current refresh token.
    pub fn adopt(&mut self, tokens: Tokens, since: Instant) {
        let held = std::mem::replace(&mut self.tokens, tokens).refresh;
        self.spent.push(Spent { held, since });
    }
}

impl Life {
    /// A user named `name` whose password is `password`.
    pub fn new(
        world: Arc<World>,
        random: fastrand::Rng,
        who: usize,
        name: String,
        password: String,
    ) -> Self {
        Self {
            world,
            random,
            name,
            password,
            others: Vec::new(),
            who,
            graves: Vec::new(),
            sessions: 0,
        }
    }

    /// Lives until the run is over.
    pub async fn live(mut self) {
        while !self.world.is_over() {
            if let Some(mut session) = self.log_in().await {
                self.work(&mut session).await;
            }
        }
    }

    async fn work(&mut self, session: &mut Session) {
        let haunted = self.random.f32() < 0.3;
        for _ in 0..self.random.usize(3..60) {
            if self.world.is_over() {
                return;
            }
            self.pause(40).await;
            if self.random.f32() < 0.03 {
                self.visit_a_grave().await;
            }
            let alive = if haunted && self.random.f32() < 0.08 {
                self.be_haunted(session).await
            } else {
                self.be_honest(session).await
            };
            if alive == Alive::No {
                return;
            }
        }
        self.end(session).await;
    }

    async fn log_in(&mut self) -> Option<Session> {
        self.sessions += 1;
        let agent = format!("torture {}.{}", self.who, self.sessions);
        let mut tabs = [(); 4].map(|()| Hand::new(&self.world, self.who, &agent));
        while !self.world.is_over() {
            let Reply { outcome, tokens } = tabs[0].log_in(&self.name, &self.password).await;
            if let Some(tokens) = tokens {
                self.others.clear();
                return Some(Session {
                    tabs,
                    tokens,
                    spent: Vec::new(),
                });
            }
            if matches!(outcome, Outcome::Refused { .. })
                && let Some(other) = self.others.pop()
            {
                self.others
                    .insert(0, std::mem::replace(&mut self.password, other));
            }
            self.pause(100).await;
        }
        None
    }

    /// Waits up to `most` milliseconds.
    pub(super) async fn pause(&mut self, most: u64) {
        sleep(self.millis(0..most)).await;
    }

    /// A time in milliseconds.
    pub(super) fn millis(&mut self, range: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(self.random.u64(range))
    }
}
