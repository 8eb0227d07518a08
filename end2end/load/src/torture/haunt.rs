//! What thieves and bad networks do: spent tokens come back when they must not. Each ends with a look at what is
//! left of the session, which is to be nothing.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::act::{Hand, Reply};
use super::check::SLACK;
use super::history::Outcome;
use super::life::{Alive, Grave, Life, Session};
use super::token::{Held, Tokens};

/// Intruders come this much after a window has closed.
const LATE: Duration = SLACK.saturating_add(Duration::from_millis(300));

/// How often an intruder tries to get an answer.
const ATTEMPTS: usize = 40;

impl Life {
    /// One thing that must end the session.
    pub(super) async fn be_haunted(&mut self, session: &mut Session) -> Alive {
        match self.random.u32(0..5) {
            0 => self.deliver_an_old_one(session).await,
            1 => self.deliver_late_after_use(session).await,
            2 => self.deliver_after_everything(session).await,
            3 => self.steal_a_spent_one(session).await,
            _ => self.steal_the_current_one(session).await,
        }
    }

    /// A refresh of two generations ago arrives again, from the same device or another.
    async fn deliver_an_old_one(&mut self, session: &mut Session) -> Alive {
        while session.spent.len() < 2 {
            if self.renew(session).await == Alive::No {
                return Alive::No;
            }
        }
        let old = session.spent[self.random.usize(0..session.spent.len() - 1)]
            .held
            .clone();
        if self.random.bool() {
            let mut thief = self.thief();
            return self.intrude(session, &mut thief, &old).await;
        }
        let mut network = self.same_device(session);
        self.intrude(session, &mut network, &old).await
    }

    /// A refresh arrives again after its successor was used and the reuse interval is over.
    async fn deliver_late_after_use(&mut self, session: &mut Session) -> Alive {
        if self.renew(session).await == Alive::No {
            return Alive::No;
        }
        let access = session.tokens.access.clone();
        let late = Instant::now() + self.world.windows.reuse + LATE;
        // Used all the time: what was noted just before a kill may be forgotten.
        while Instant::now() < late {
            session.tabs[0].users(&access).await;
            self.world.rest(Duration::from_millis(300)).await;
            if self.world.is_over() {
                return Alive::No;
            }
        }
        session.tabs[0].users(&access).await;
        let Some(last) = session.spent.last().cloned() else {
            return Alive::Yes;
        };
        let mut network = self.same_device(session);
        self.intrude(session, &mut network, &last.held).await
    }

    /// A refresh arrives again after every window, though its successor was never used.
    async fn deliver_after_everything(&mut self, session: &mut Session) -> Alive {
        if self.renew(session).await == Alive::No {
            return Alive::No;
        }
        let window = self.world.windows.retry;
        if window + LATE > self.world.left() {
            return Alive::Yes;
        }
        sleep(window + LATE).await;
        let Some(last) = session.spent.last().cloned() else {
            return Alive::Yes;
        };
        let mut network = self.same_device(session);
        self.intrude(session, &mut network, &last.held).await
    }

    /// A copy of the spent token is presented by another device, at once.
    async fn steal_a_spent_one(&mut self, session: &mut Session) -> Alive {
        if self.renew(session).await == Alive::No {
            return Alive::No;
        }
        let Some(last) = session.spent.last().cloned() else {
            return Alive::Yes;
        };
        let mut thief = self.thief();
        self.intrude(session, &mut thief, &last.held).await
    }

    /// A copy of the current token is used by another device first; then its owner comes.
    async fn steal_the_current_one(&mut self, session: &mut Session) -> Alive {
        let mut thief = self.thief();
        let current = session.tokens.refresh.clone();
        let Some(Reply {
            tokens: Some(loot), ..
        }) = insist(&mut thief, &current).await
        else {
            return Alive::No;
        };
        if self.random.bool() {
            thief.users(&loot.access).await;
        }
        insist(&mut session.tabs[0], &current).await;
        self.look_after(session, Some(&loot)).await;
        Alive::No
    }

    /// Presents a token that must not be accepted any more, perhaps while the owner is at work.
    async fn intrude(&mut self, session: &mut Session, hand: &mut Hand, held: &Held) -> Alive {
        let access = session.tokens.access.clone();
        if self.random.bool() {
            tokio::join!(insist(hand, held), session.tabs[0].users(&access));
        } else {
            insist(hand, held).await;
        }
        self.look_after(session, None).await;
        Alive::No
    }

    /// Tries everything the session had: now, and perhaps once more when the server was killed since.
    pub(super) async fn look_after(&mut self, session: &mut Session, more: Option<&Tokens>) {
        let began = Instant::now();
        let rounds = if self.random.f32() < 0.3 { 2 } else { 1 };
        for round in 0..rounds {
            if round > 0 {
                let wait = self.millis(1_000..3_000);
                self.world.rest(wait).await;
            }
            let [tab, other, ..] = &mut session.tabs;
            for tokens in [Some(&session.tokens), more].into_iter().flatten() {
                tab.users(&tokens.access).await;
                other.verify(&tokens.access).await;
                tab.refresh(&tokens.refresh).await;
            }
            if !session.spent.is_empty() && began.elapsed() < Duration::from_secs(10) {
                let old = self.random.usize(0..session.spent.len());
                other.refresh(&session.spent[old].held).await;
            }
        }
        self.graves.push(Grave {
            agent: session.tabs[0].agent().to_owned(),
            tokens: more.unwrap_or(&session.tokens).clone(),
        });
    }

    /// Tries a session that has been over for a while, and for some kills: what is over stays over.
    pub(super) async fn visit_a_grave(&mut self) {
        if self.graves.is_empty() {
            return;
        }
        let grave = &self.graves[self.random.usize(0..self.graves.len())];
        let mut hand = Hand::new(&self.world, self.who, &grave.agent);
        hand.users(&grave.tokens.access).await;
        hand.verify(&grave.tokens.access).await;
        hand.refresh(&grave.tokens.refresh).await;
    }

    fn thief(&self) -> Hand {
        Hand::new(&self.world, self.who, "thief")
    }

    fn same_device(&self, session: &Session) -> Hand {
        Hand::new(&self.world, self.who, session.tabs[0].agent())
    }
}

/// Presents a token until the server says something.
async fn insist(hand: &mut Hand, held: &Held) -> Option<Reply> {
    for _ in 0..ATTEMPTS {
        let reply = hand.refresh(held).await;
        if let Outcome::Accepted(_) | Outcome::Refused { .. } = reply.outcome {
            return Some(reply);
        }
        sleep(Duration::from_millis(50)).await;
    }
    None
}
