//! Patience: a question that meets trouble is asked again, with longer and longer pauses, until it is answered or a person
//! should decide. A machine without a network asks nothing, and goes on when the network is back, however late.

use std::borrow::Cow;
use std::rc::Rc;

use super::answer::{Failure, Trouble};
use super::engine::Client;
use super::pace;
use super::request::Request;
use super::world::{Pause, World};

/// How often a question is asked before a person is.
const ATTEMPTS: u32 = 6;

/// The longest part of a pause after which the clock is looked at, in milliseconds: a timer does not run while a machine
/// sleeps, its clock does.
const GLANCE: u64 = 1_000;

/// What is waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wait {
    /// For the network, however long that takes.
    Network,
    /// For better times.
    Pause {
        /// What is in the way.
        trouble: Trouble,
        /// How long, in milliseconds.
        milliseconds: u64,
    },
}

impl<W: World> Client<W> {
    /// What `GET path` answers, as [`Client::call`], only that trouble is waited out; `waiting` is told before each pause.
    /// Only what can be repeated without harm may be asked with patience, hence only a `GET`.
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`]; [`Failure::TryLater`] when patience is at its end.
    pub async fn get_patiently(
        self: &Rc<Self>,
        path: impl Into<Cow<'static, str>>,
        waiting: &dyn Fn(Wait),
    ) -> Result<String, Failure> {
        let path = path.into();
        let mut attempt = 0;
        loop {
            // Boxed, because whoever asks several questions at once holds as many of these.
            let call = Box::pin(Rc::clone(self).call(Request::get(path.clone())));
            let (trouble, after) = match call.await {
                Err(Failure::TryLater { trouble, after }) => (trouble, after),
                settled => return settled,
            };
            if self.world().is_offline() {
                waiting(Wait::Network);
                self.until_online().await;
                attempt = 0;
                continue;
            }
            if attempt + 1 >= ATTEMPTS {
                return Err(Failure::TryLater { trouble, after });
            }
            let milliseconds = pace::pause(attempt, after, self.world().chance());
            waiting(Wait::Pause {
                trouble,
                milliseconds,
            });
            attempt = match self.rest(milliseconds, after).await {
                Pause::Woken => 0,
                Pause::Over => attempt + 1,
            };
        }
    }

    async fn until_online(&self) {
        while self.world().is_offline() {
            self.world().pause(GLANCE).await;
        }
    }

    /// Waits so many milliseconds by the local clock, or until there is a reason to go on at once; what the server asked
    /// for (`after`) holds for those, too, who have just woken up.
    async fn rest(&self, milliseconds: u64, after: Option<u64>) -> Pause {
        let began_at = self.world().now();
        let mut left = milliseconds;
        while left > 0 {
            let part = left.min(GLANCE);
            match self.world().pause(part).await {
                Pause::Over => left -= part,
                Pause::Woken if after.is_none() => return Pause::Woken,
                Pause::Woken => {}
            }
            let passed = self.world().now().saturating_sub(began_at);
            left = left.min(milliseconds.saturating_sub(passed));
        }
        Pause::Over
    }
}

#[cfg(test)]
mod tests;
