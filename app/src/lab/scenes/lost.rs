//! The server has rotated the token, and its answer is lost. The client asks again with the token it still has, and is given
//! the successor that was made the first time.

use std::rc::Rc;

use super::{Played, REFRESH, call, signed_in};
use crate::client::Failure;
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, reason, token_in};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    stage.outlive(Actor::First).await;
    stage.remark(
        Actor::First,
        "enters a tunnel: the next answer will not arrive",
    );
    tab.world().loses_next.set(true);
    let answer = call(&tab).await;
    let is_patient = matches!(answer, Err(Failure::TryLater { .. }));
    let said = answer
        .err()
        .map(|failure| reason(&failure))
        .unwrap_or_default();
    stage.find(
        is_patient,
        &[
            "The client heard nothing, stayed signed in, and says: ",
            &said,
        ]
        .concat(),
    );

    stage.remark(
        Actor::First,
        "is out of the tunnel, and asks again with the token it has",
    );
    let answer = call(&tab).await;
    stage.find(
        answer.is_ok(),
        if answer.is_ok() {
            "The second attempt was answered: nobody was signed out by a tunnel."
        } else {
            "The second attempt was refused."
        },
    );
    let successors: Vec<String> = {
        let record = stage.record.borrow();
        let refreshes = record
            .exchanges
            .iter()
            .filter(|exchange| exchange.path == REFRESH);
        refreshes
            .filter_map(|exchange| Some(token_in(exchange.answer.as_ref()?, "refresh")?.text))
            .collect()
    };
    let same = successors.len() == 2 && successors[0] == successors[1];
    stage.find(
        same,
        if same {
            "The lost answer and the second one hold the same refresh token, letter by letter."
        } else {
            "The two answers do not hold the same refresh token."
        },
    );
    Some(())
}
