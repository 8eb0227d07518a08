//! An access token runs out. A client that did not see it coming is refused, refreshes, and repeats the call; one that
//! looks at the clock refreshes before. The person notices neither.

use std::rc::Rc;

use super::{Played, call, counted, expect_call, signed_in};
use crate::lab::cast::Actor;
use crate::lab::stage::Stage;
use crate::lab::world::{Clock, Machine};

pub async fn play(stage: Rc<Stage>) -> Played {
    let machine = Rc::new(Machine::default());
    machine.clock.set(Clock::Stopped);
    let tab = signed_in(&stage, &machine).await?;
    expect_call(
        &stage,
        &tab,
        "A call with a fresh access token is answered.",
    )
    .await;

    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "does not look at the clock, and calls");
    let answer = call(&tab).await;
    let refused = stage.calls(401);
    let refreshes = stage.refreshes();
    stage.find(
        refused == 1 && refreshes == 1 && answer.is_ok(),
        &[
            "After the end: ",
            &counted(refused, "refusal (401)", "refusals (401)"),
            ", ",
            &counted(refreshes, "refresh", "refreshes"),
            ", and the repeated call was ",
            if answer.is_ok() {
                "answered."
            } else {
                "not answered."
            },
        ]
        .concat(),
    );

    machine.clock.set(Clock::Right);
    let tab = stage.tab(&machine, Actor::First);
    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "looks at the clock first");
    let answer = call(&tab).await;
    let refused = stage.calls(401) - refused;
    stage.find(
        refused == 0 && stage.refreshes() == refreshes + 1 && answer.is_ok(),
        &[
            "A client that knows its token's age refreshes before it calls: ",
            &counted(refused, "refusal", "refusals"),
            ".",
        ]
        .concat(),
    );
    Some(())
}
