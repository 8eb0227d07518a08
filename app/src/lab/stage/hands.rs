//! What the clients of a scene hold, and how a scene waits for that to grow old: by waiting, for only time can do it.

use super::{Stage, browser};
use crate::client::{Refresh, Session, margin, sleep};
use crate::lab::cast::Actor;
use crate::lab::token::Token;

/// What a client holds.
#[derive(Clone)]
pub struct Hand {
    /// Its number, never given twice.
    pub id: usize,
    /// Whose.
    pub actor: Actor,
    /// Its access token.
    pub access: String,
    /// Its refresh token; empty where no script can see one.
    pub refresh: String,
    /// When the access token arrived here, in milliseconds of the true clock.
    pub arrived: u64,
}

impl Stage {
    /// What `actor` holds just now.
    pub fn hand(&self, actor: Actor) -> Option<Hand> {
        let hands = self.hands.borrow();
        hands.iter().find(|hand| hand.actor == actor).cloned()
    }

    /// Notes what a client holds now.
    pub fn holds(&self, actor: Actor, session: Option<&Session>) {
        match session {
            Some(session) => self.hold(
                actor,
                session.access.as_deref().unwrap_or_default(),
                match &session.refresh {
                    Refresh::Held(token) => token,
                    Refresh::Cookie => "",
                },
            ),
            None => self.hands.borrow_mut().retain(|hand| hand.actor != actor),
        }
        (self.changed)();
    }

    /// The same, for somebody who has no client.
    pub fn hold(&self, actor: Actor, access: &str, refresh: &str) {
        let mut hands = self.hands.borrow_mut();
        let is_known =
            |hand: &Hand| hand.actor == actor && hand.access == access && hand.refresh == refresh;
        if hands.iter().any(is_known) {
            return; // its time runs since it came
        }
        hands.retain(|hand| hand.actor != actor);
        self.dealt.set(self.dealt.get() + 1);
        hands.push(Hand {
            id: self.dealt.get(),
            actor,
            access: access.to_owned(),
            refresh: refresh.to_owned(),
            arrived: browser::now(),
        });
        drop(hands);
        (self.changed)();
    }

    /// For how many seconds as a whole the scene waits for time alone; none where it does not.
    pub fn waits_for(&self) -> Option<u64> {
        (self.waits_until.get() > browser::now()).then(|| self.waits_for.get())
    }

    /// Waits until the access token that `actor` holds has run out, which only time can bring.
    pub async fn outlive(&self, actor: Actor) {
        let Some(hand) = self.hand(actor) else { return };
        // The server counts in whole seconds, and its second may begin when ours is nearly over.
        let until = hand.arrived + lifetime(&hand.access) * 1_000 + 1_100;
        self.remark(actor, "waits until its access token has run out");
        self.wait(until).await;
    }

    /// Waits until the access token that `actor` holds is about to run out: a client that looks at the clock renews it then.
    pub async fn near_the_end(&self, actor: Actor) {
        let Some(hand) = self.hand(actor) else { return };
        let life = lifetime(&hand.access) * 1_000;
        let until = hand.arrived + life - margin(life) + 200;
        self.remark(actor, "waits until its access token has nearly run out");
        self.wait(until).await;
    }

    async fn wait(&self, until: u64) {
        let milliseconds = until.saturating_sub(browser::now());
        self.waits_until.set(until);
        self.waits_for.set(milliseconds.div_ceil(1_000));
        (self.changed)();
        sleep(milliseconds).await;
        (self.changed)();
    }
}

/// How long a token lives, in seconds.
fn lifetime(token: &str) -> u64 {
    let token = Token::read(token);
    let life = token.and_then(|token| Some(token.number("exp")? - token.number("iat")?));
    life.and_then(|life| u64::try_from(life).ok()).unwrap_or(0)
}
