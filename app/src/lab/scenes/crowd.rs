//! Ten calls at once, all in need of a new access token. The first asks for it, the others wait for the same answer.

use std::rc::Rc;

use futures_util::future::join_all;

use super::{Played, call, counted, signed_in};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, Tab};
use crate::lab::world::Machine;

const CROWD: usize = 10;

pub async fn play(stage: Rc<Stage>) -> Played {
    let machine = Rc::new(Machine::default());
    let tab = signed_in(&stage, &machine).await?;
    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "looks at the clock, and makes ten calls");
    at_once(&stage, &tab, 0).await;

    machine.stop_the_clock();
    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "does not look at the clock this time");
    at_once(&stage, &tab, CROWD).await;
    Some(())
}

/// Ten calls at once, which the scene says are refused so often before they are answered.
async fn at_once(stage: &Stage, tab: &Rc<Tab>, refusals: usize) {
    let (refused, refreshes) = (stage.calls(401), stage.refreshes());
    let answers = join_all((0..CROWD).map(|_| call(tab))).await;
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = stage.calls(401) - refused;
    let refreshes = stage.refreshes() - refreshes;
    stage.find(
        answered == CROWD && refused == refusals && refreshes == 1,
        &[
            &counted(refused, "refusal (401)", "refusals (401)"),
            ", ",
            &counted(refreshes, "refresh", "refreshes"),
            ", ",
            &counted(answered, "call", "calls"),
            " of 10 answered.",
        ]
        .concat(),
    );
}
