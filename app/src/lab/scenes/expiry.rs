//! An access token runs out. A client that looks at the clock refreshes before; one that did not see it coming is refused,
//! refreshes, and repeats the call. The person notices neither.

use std::rc::Rc;

use super::{Played, call, counted, expect_call, signed_in};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, Tab};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let machine = Rc::new(Machine::default());
    let tab = signed_in(&stage, &machine).await?;
    let said = "A call with a fresh access token is answered.";
    expect_call(&stage, &tab, said).await;

    stage.near_the_end(Actor::First).await;
    stage.remark(Actor::First, "looks at the clock, and is ahead");
    refreshed(&stage, &tab, 0, "Ahead of the end: ").await;

    machine.stop_the_clock();
    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "does not look at the clock, and calls");
    refreshed(&stage, &tab, 1, "After the end: ").await;
    Some(())
}

/// A call that the scene says is refused so often, and answered after one refresh.
async fn refreshed(stage: &Stage, tab: &Rc<Tab>, refusals: usize, when: &str) {
    let (refused, refreshes) = (stage.calls(401), stage.refreshes());
    let is_answered = call(tab).await.is_ok();
    let refused = stage.calls(401) - refused;
    let refreshes = stage.refreshes() - refreshes;
    stage.find(
        refused == refusals && refreshes == 1 && is_answered,
        &[
            when,
            &counted(refused, "refusal (401)", "refusals (401)"),
            ", ",
            &counted(refreshes, "refresh", "refreshes"),
            ", and the call was ",
            if is_answered {
                "answered."
            } else {
                "not answered."
            },
        ]
        .concat(),
    );
}
