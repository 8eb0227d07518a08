//! A browser whose clock is an hour wrong, in both directions, and one that jumps. The client measures ages by its own clock
//! alone, so an error that stays does not matter, and a jump costs one refresh.

use std::rc::Rc;

use super::{Played, call, counted, signed_in};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, Tab};
use crate::lab::world::{Clock, Machine};

const HOUR: i64 = 3_600_000;

pub async fn play(stage: Rc<Stage>) -> Played {
    let machine = Rc::new(Machine::default());
    machine.clock.set(Clock::Off(HOUR));
    stage.remark(Actor::First, "has a clock that is an hour ahead");
    let tab = signed_in(&stage, &machine).await?;
    three_calls(&stage, &tab, 0, "An hour ahead").await;

    machine.clock.set(Clock::Off(0));
    stage.remark(Actor::First, "sets the clock right: it jumps back an hour");
    three_calls(&stage, &tab, 1, "After a jump back").await;

    machine.clock.set(Clock::Off(HOUR));
    stage.remark(Actor::First, "has a clock again that is an hour ahead");
    three_calls(&stage, &tab, 1, "After a jump ahead").await;

    stage.outlive(Actor::First).await;
    let (refused, refreshes) = (stage.calls(401), stage.refreshes());
    let answer = call(&tab).await;
    stage.find(
        answer.is_ok() && stage.calls(401) == refused && stage.refreshes() == refreshes + 1,
        "With the clock still wrong, the end was seen in time: a refresh, and no refusal.",
    );
    Some(())
}

/// Three calls, which the scene says need so many refreshes.
async fn three_calls(stage: &Stage, tab: &Rc<Tab>, needed: usize, when: &str) {
    let before = stage.refreshes();
    let mut answered = 0;
    for _ in 0..3 {
        answered += usize::from(call(tab).await.is_ok());
    }
    let refreshes = stage.refreshes() - before;
    let answered_all = counted(answered, "call", "calls");
    let cost = counted(refreshes, "refresh", "refreshes");
    stage.find(
        answered == 3 && refreshes == needed,
        &[when, ": ", &answered_all, " of 3 answered, ", &cost, "."].concat(),
    );
}
