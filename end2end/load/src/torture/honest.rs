//! What honest clients do. They keep one user agent, present a lost refresh again within the window, and let tabs
//! race for one token only within the reuse interval: whoever keeps to this is never logged out.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::act::{Hand, Reply};
use super::check::SLACK;
use super::history::Outcome;
use super::life::{Alive, Life, Session};
use super::token::{Held, Tokens};
use crate::client::Leave;

/// Clients stop this much before a window closes: an answer takes time.
const EARLY: Duration = SLACK.saturating_add(Duration::from_millis(500));

/// What a presented refresh token led to, after as many attempts as it took.
enum Renewed {
    /// An answer with tokens.
    Tokens(Tokens),
    /// A refusal.
    Refused,
    /// No answer within the time.
    Unheard,
}

impl Life {
    /// One honest deed.
    pub(super) async fn be_honest(&mut self, session: &mut Session) -> Alive {
        match self.random.u32(0..100) {
            0..30 => self.renew(session).await,
            30..40 => self.race_tabs(session).await,
            40..48 => self.race_tabs_and_use(session).await,
            48..60 => self.lose_an_answer(session).await,
            60..66 => self.duplicate_in_time(session).await,
            66..85 => self.use_access(session, true).await,
            _ => self.use_access(session, false).await,
        }
    }

    /// Refreshes, until there is an answer.
    pub(super) async fn renew(&mut self, session: &mut Session) -> Alive {
        let since = Instant::now();
        let held = session.tokens.refresh.clone();
        let until = since + self.retry_window();
        let renewed = present(&mut session.tabs[0], &held, until).await;
        settle(session, since, [renewed])
    }

    /// Tabs find the access token old at the same time, or some a little later.
    async fn race_tabs(&mut self, session: &mut Session) -> Alive {
        let since = Instant::now();
        let until = since + self.retry_window();
        let held = session.tokens.refresh.clone();
        let delays = [(); 3].map(|()| self.tab_delay());
        let [first, second, third, fourth] = &mut session.tabs;
        let renewed = tokio::join!(
            present(first, &held, until),
            present_later(second, &held, until, delays[0]),
            present_later(third, &held, until, delays[1]),
            present_later(fourth, &held, until, delays[2]),
        );
        settle(session, since, renewed.into())
    }

    /// The same with two tabs, and the first tab works with its new access token at once: the second must be quick.
    async fn race_tabs_and_use(&mut self, session: &mut Session) -> Alive {
        let since = Instant::now();
        let until = since + self.reuse_interval();
        let held = session.tokens.refresh.clone();
        let later = self.tab_delay();
        let [first, second, ..] = &mut session.tabs;
        let quick = async {
            let renewed = present(first, &held, until).await;
            if let Renewed::Tokens(tokens) = &renewed {
                first.users(&tokens.access).await;
            }
            renewed
        };
        let renewed = tokio::join!(quick, present_later(second, &held, until, later));
        settle(session, since, renewed.into())
    }

    /// The answer is lost on the way; the client asks again, soon or late in the window.
    async fn lose_an_answer(&mut self, session: &mut Session) -> Alive {
        let since = Instant::now();
        let until = since + self.retry_window();
        let held = session.tokens.refresh.clone();
        let leave = if self.random.f32() < 0.75 {
            Leave::Answered
        } else {
            Leave::After(self.millis(0..20))
        };
        session.tabs[0].lose_refresh(&held, leave).await;
        if self.random.f32() < 0.8 {
            self.pause(200).await;
        } else {
            let late = self.retry_window() / 2;
            let late = late.mul_f32(self.random.f32());
            self.world.rest(late).await;
        }
        let renewed = present(&mut session.tabs[0], &held, until).await;
        settle(session, since, [renewed])
    }

    /// The network delivers a refresh a second time, soon. Nobody waits for that answer.
    async fn duplicate_in_time(&mut self, session: &mut Session) -> Alive {
        let Some(last) = session.spent.last().cloned() else {
            return Alive::Yes;
        };
        if last.since.elapsed() + Duration::from_millis(200) > self.reuse_interval() {
            return Alive::Yes;
        }
        session.tabs[1].refresh(&last.held).await;
        Alive::Yes
    }

    /// Uses an access token: for the list, or to ask whether it holds.
    async fn use_access(&mut self, session: &mut Session, list: bool) -> Alive {
        let tab = self.random.usize(0..session.tabs.len());
        let tab = &mut session.tabs[tab];
        let access = session.tokens.access.clone();
        let Reply { outcome, .. } = if list {
            tab.users(&access).await
        } else {
            tab.verify(&access).await
        };
        match outcome {
            Outcome::Refused { .. } => Alive::No,
            _ => Alive::Yes,
        }
    }

    fn tab_delay(&mut self) -> Duration {
        if self.random.bool() {
            return Duration::ZERO;
        }
        (self.reuse_interval() / 2).mul_f32(self.random.f32())
    }

    /// How long a client that lost an answer asks again.
    pub(super) fn retry_window(&self) -> Duration {
        self.world.windows.retry.saturating_sub(EARLY)
    }

    /// How long tabs may race for one token.
    fn reuse_interval(&self) -> Duration {
        self.world.windows.reuse.saturating_sub(EARLY)
    }
}

/// Presents a refresh token until there is an answer or it is too late to ask.
async fn present(hand: &mut Hand, held: &Held, until: Instant) -> Renewed {
    loop {
        let Reply { outcome, tokens } = hand.refresh(held).await;
        if let Some(tokens) = tokens {
            return Renewed::Tokens(tokens);
        }
        if let Outcome::Refused { .. } = outcome {
            return Renewed::Refused;
        }
        sleep(Duration::from_millis(25)).await;
        if Instant::now() >= until {
            return Renewed::Unheard;
        }
    }
}

async fn present_later(hand: &mut Hand, held: &Held, until: Instant, delay: Duration) -> Renewed {
    sleep(delay).await;
    present(hand, held, until).await
}

/// Goes on with what was answered. Who was refused, or does not know, gives the session up.
fn settle<const N: usize>(session: &mut Session, since: Instant, renewed: [Renewed; N]) -> Alive {
    let mut new = None;
    for renewed in renewed {
        match renewed {
            Renewed::Tokens(tokens) => new = Some(tokens),
            Renewed::Refused => return Alive::No,
            Renewed::Unheard => {}
        }
    }
    let Some(tokens) = new else {
        return Alive::No;
    };
    session.adopt(tokens, since);
    Alive::Yes
}
