//! Two tabs of one browser wake together. With the browser's lock one refreshes and the other finds the new tokens; without
//! it both do, and the server answers both with the same successor, so that neither is taken for a thief.

use std::rc::Rc;

use futures_util::future::join;

use super::{Played, call, counted, signed_in};
use crate::lab::cast::Actor;
use crate::lab::record::Exchange;
use crate::lab::stage::{Stage, Tab, token_in};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let machine = Rc::new(Machine::default());
    let first = signed_in(&stage, &machine).await?;
    let second = stage.tab(&machine, Actor::Second);
    stage.remark(
        Actor::Second,
        "is opened: it finds the session in the shared storage",
    );

    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "calls, and so does tab 2, at the same moment");
    let (one, two) = join(call(&first), call(&second)).await;
    show_both(&stage, &first, &second);
    let refreshes = stage.refreshes();
    stage.find(
        one.is_ok() && two.is_ok() && refreshes == 1,
        &[
            "With a lock across tabs: ",
            &counted(refreshes, "refresh", "refreshes"),
            ", both calls answered.",
        ]
        .concat(),
    );

    stage.outlive(Actor::First).await;
    machine.is_lockless.set(true);
    stage.remark(
        Actor::First,
        "calls, and so does tab 2, but without the lock",
    );
    let (one, two) = join(call(&first), call(&second)).await;
    show_both(&stage, &first, &second);
    let again = stage.refreshes() - refreshes;
    stage.find(
        one.is_ok() && two.is_ok() && again == 2,
        &[
            "Without a lock: ",
            &counted(again, "refresh", "refreshes"),
            " with the same token, both calls answered.",
        ]
        .concat(),
    );
    let record = stage.record.borrow();
    let mut newest = record.exchanges.iter().rev().filter_map(successor);
    let same = newest.next()? == newest.next()?;
    drop(newest);
    drop(record);
    stage.find(
        same,
        if same {
            "Both were given the very same refresh token: there is one successor."
        } else {
            "They were given different refresh tokens."
        },
    );
    Some(())
}

/// What is stored by one tab is in the hands of both.
fn show_both(stage: &Stage, first: &Tab, second: &Tab) {
    for (actor, tab) in [(Actor::First, first), (Actor::Second, second)] {
        stage.holds(actor, tab.session().as_ref());
    }
}

/// The refresh token an exchange answered.
fn successor(exchange: &Exchange) -> Option<String> {
    let is_refresh = exchange.path == super::REFRESH;
    let token = token_in(exchange.answer.as_ref()?, "refresh")?;
    is_refresh.then_some(token.text)
}
