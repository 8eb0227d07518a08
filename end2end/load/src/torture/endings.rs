//! The ways a session ends on purpose, two of three while another tab is refreshing or working. Afterwards
//! everything the session had is tried.

use std::time::Duration;

use tokio::time::sleep;

use super::act::{Hand, Reply};
use super::history::{Action, Outcome};
use super::life::{Life, Session};
use super::token::{Held, Tokens};

/// How often one asks for an end until it is answered.
const ATTEMPTS: usize = 40;

/// Who ends it, through the server itself.
#[derive(Clone, Copy)]
enum By {
    User,
    Admin,
}

impl Life {
    /// Ends the session, or leaves it for good.
    pub(super) async fn end(&mut self, session: &mut Session) {
        // In turn and not by chance: a short run is to see each of them.
        let raced = match self.world.turn() % 9 {
            0 | 4 | 7 => self.end_by(session, By::User).await,
            1 | 3 | 6 => self.end_by(session, By::Admin).await,
            2 => self.change_password(session).await,
            5 => return self.deactivate(session).await,
            _ => return,
        };
        self.look_after(session, raced.as_ref()).await;
    }

    async fn end_by(&mut self, session: &mut Session, by: By) -> Option<Tokens> {
        let race = self.random.u32(0..3);
        let mut hand = Hand::new(&self.world, self.who, session.tabs[0].agent());
        let current = session.tokens.clone();
        let ending = ask_to_end(&mut hand, &current.refresh, by);
        race_against(session, &current, race, ending).await
    }

    async fn change_password(&mut self, session: &mut Session) -> Option<Tokens> {
        let race = self.random.u32(0..3);
        let new = format!("torture-{:016x}", self.random.u64(..));
        let name = self.name.clone();
        let mut hand = Hand::new(&self.world, self.who, "operator");
        let current = session.tokens.clone();
        let arguments = ["user", "password", &name, "--password-stdin"];
        let change = hand.command(Action::Password, &arguments, Some(&new));
        let mut outcome = Outcome::NotSent;
        let raced = race_against(session, &current, race, async { outcome = change.await }).await;
        match outcome {
            Outcome::Accepted(_) => self.password = new,
            _ => self.others.push(new),
        }
        raced
    }

    async fn deactivate(&mut self, session: &mut Session) {
        let race = self.random.u32(0..3);
        let name = self.name.clone();
        let mut hand = Hand::new(&self.world, self.who, "operator");
        let current = session.tokens.clone();
        let arguments = ["user", "deactivate", &name];
        let change = hand.command(Action::Deactivate, &arguments, None);
        let raced = race_against(session, &current, race, async {
            change.await;
        })
        .await;
        self.look_after(session, raced.as_ref()).await;
        // The user is needed again, whatever it takes.
        while self
            .world
            .operator
            .run(&["user", "activate", &name], None)
            .await
            .is_err()
        {
            if self.world.is_over() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        self.look_after(session, raced.as_ref()).await;
    }
}

/// Ends a session while another tab refreshes, works, or rests; the tokens that tab got.
async fn race_against(
    session: &mut Session,
    current: &Tokens,
    race: u32,
    ending: impl Future<Output = ()>,
) -> Option<Tokens> {
    let tab = &mut session.tabs[1];
    let other = async {
        match race {
            0 => tab.refresh(&current.refresh).await.tokens,
            1 => tab.users(&current.access).await.tokens,
            _ => None,
        }
    };
    tokio::join!(ending, other).1
}

/// Asks until there is an answer. A refusal is one: it is over already, or another tab spent the token meanwhile.
async fn ask_to_end(hand: &mut Hand, held: &Held, by: By) {
    for _ in 0..ATTEMPTS {
        let Reply { outcome, .. } = match by {
            By::User => hand.log_out(held).await,
            By::Admin => hand.end_as_admin(held).await,
        };
        if let Outcome::Accepted(_) | Outcome::Refused { .. } = outcome {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
}
