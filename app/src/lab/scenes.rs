//! The scenes. Each is a program against the real server: it does something, and then says whether what it promised is what
//! happened. None of them decides what an answer ought to have been: they count and compare.

mod clock;
mod cookie;
mod crowd;
mod expiry;
mod logout;
mod lost;
mod storage;
mod tabs;
mod tampered;
mod theft;

use std::future::Future;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::cast::{Actor, Cast};
use super::stage::{Stage, Tab, reason};
use super::world::Machine;
use crate::client::{Failure, Keep, Reply, Request};

/// A scene.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scene {
    /// An access token runs out.
    Expiry,
    /// Ten calls at once.
    Crowd,
    /// Two tabs.
    Tabs,
    /// The answer is lost.
    Lost,
    /// Theft: the victim moves on, then the thief comes.
    VictimFirst,
    /// Theft: the thief was faster.
    ThiefFirst,
    /// Theft: the thief comes when a second tab would.
    AsTab,
    /// Signing out.
    Logout,
    /// Forged and misused tokens.
    Tampered,
    /// A clock that is wrong.
    Clock,
    /// The refresh token in storage.
    Storage,
    /// The refresh token in a cookie.
    Cookie,
}

impl Scene {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 12] = [
        Self::Expiry,
        Self::Crowd,
        Self::Tabs,
        Self::Lost,
        Self::VictimFirst,
        Self::ThiefFirst,
        Self::AsTab,
        Self::Logout,
        Self::Tampered,
        Self::Clock,
        Self::Storage,
        Self::Cookie,
    ];

    /// Who plays in it.
    pub fn cast(self) -> Cast {
        match self {
            Self::Tabs => Cast::Tabs,
            Self::VictimFirst | Self::ThiefFirst | Self::AsTab => Cast::Theft,
            Self::Logout | Self::Storage => Cast::Copied,
            Self::Cookie => Cast::Script,
            Self::Expiry | Self::Crowd | Self::Lost | Self::Tampered | Self::Clock => Cast::Alone,
        }
    }

    /// Plays it, to its end.
    pub fn play(self, stage: &Rc<Stage>) -> LocalBoxFuture<'static, ()> {
        match self {
            Self::Expiry => boxed(stage, expiry::play(Rc::clone(stage))),
            Self::Crowd => boxed(stage, crowd::play(Rc::clone(stage))),
            Self::Tabs => boxed(stage, tabs::play(Rc::clone(stage))),
            Self::Lost => boxed(stage, lost::play(Rc::clone(stage))),
            Self::VictimFirst => boxed(stage, theft::victim_first(Rc::clone(stage))),
            Self::ThiefFirst => boxed(stage, theft::thief_first(Rc::clone(stage))),
            Self::AsTab => boxed(stage, theft::as_a_tab(Rc::clone(stage))),
            Self::Logout => boxed(stage, logout::play(Rc::clone(stage))),
            Self::Tampered => boxed(stage, tampered::play(Rc::clone(stage))),
            Self::Clock => boxed(stage, clock::play(Rc::clone(stage))),
            Self::Storage => boxed(stage, storage::play(Rc::clone(stage))),
            Self::Cookie => boxed(stage, cookie::play(Rc::clone(stage))),
        }
    }
}

/// A scene that can not go on has nothing.
type Played = Option<()>;

fn boxed(
    stage: &Rc<Stage>,
    scene: impl Future<Output = Played> + 'static,
) -> LocalBoxFuture<'static, ()> {
    let stage = Rc::clone(stage);
    Box::pin(async move {
        if scene.await.is_none() {
            stage.find(false, "The scene could not go on.");
        }
    })
}

/// A tab in a browser of its own, signed in.
async fn signed_in(stage: &Rc<Stage>, machine: &Rc<Machine>) -> Option<Rc<Tab>> {
    let tab = stage.tab(machine, Actor::First);
    stage.sign_in(&tab, Keep::Remembered).await.then_some(tab)
}

/// One call of the protected list. True if it was answered; a finding says why it was not.
async fn call(tab: &Rc<Tab>) -> Result<(), Failure> {
    let answer = Rc::clone(tab).call(Request::get(PROTECTED)).await;
    answer.map(drop)
}

/// A call that the scene says will be answered.
async fn expect_call(stage: &Stage, tab: &Rc<Tab>, said: &str) {
    match call(tab).await {
        Ok(()) => stage.find(true, said),
        Err(failure) => stage.find(false, &[said, " – no: ", &reason(&failure)].concat()),
    }
}

/// What is asked for with an access token.
const PROTECTED: &str = "/api/users/";
const REFRESH: &str = "/api/token/refresh/";

/// Whether a call was refused for no other reason than that its access token had run out: whoever pauses finds that.
fn ran_out(reply: &Reply) -> bool {
    reply.status == 401 && reply.body.contains("expired")
}

/// What to say of that.
const RAN_OUT: &str = "The access token had run out before it could be tried: play without pauses, or with tokens that live longer.";

/// "1 refresh", "3 refreshes".
fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    [&count.to_string(), " ", noun].concat()
}

impl Stage {
    /// How many refreshes were asked for.
    fn refreshes(&self) -> usize {
        self.record.borrow().count(REFRESH, 0)
    }

    /// How many calls of the protected list were answered with `status`.
    fn calls(&self, status: u16) -> usize {
        self.record.borrow().count(PROTECTED, status)
    }
}
