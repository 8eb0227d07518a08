//! What the token client needs of the world around it. Its rules are written against this trait, so that they can be
//! tried on any machine, against any misfortune, by several clients in one page.

use super::request::{Reply, Request, Unreachable};
use super::storage::{Place, Storage};

/// The world around one token client. All times are milliseconds of one local clock, which may be wrong and may jump.
#[expect(
    async_fn_in_trait,
    reason = "a tab is one thread: nothing here has to be `Send`"
)]
pub trait World: 'static {
    /// Whoever has it is alone, in all tabs; it is given back by being dropped.
    type Alone;

    /// The local clock.
    fn now(&self) -> u64;
    /// A random number, good enough to spread retries by.
    fn chance(&self) -> u32;
    /// The storage that lasts as long as `place` says.
    fn storage(&self, place: Place) -> &dyn Storage;
    /// Is told after every change this client made to what is stored.
    fn changed(&self);
    /// Whether it is certain that no request would get anywhere.
    fn is_offline(&self) -> bool;
    /// Waits until no other tab of this browser is renewing or signing out.
    async fn alone(&self) -> Self::Alone;
    /// Lets some time pass, in milliseconds; less if there is a reason to look again at once.
    async fn pause(&self, milliseconds: u64) -> Pause;
    /// Sends one request and reads the whole answer.
    async fn send(&self, request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable>;
}

/// How a pause ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pause {
    /// The time is over.
    Over,
    /// The machine has come online, or somebody looks at the page again.
    Woken,
}
