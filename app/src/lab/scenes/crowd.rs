//! Ten calls at once, all in need of a new access token. The first asks for it, the others wait for the same answer.

use std::rc::Rc;

use futures_util::future::join_all;

use super::{Played, call, counted, signed_in};
use crate::lab::cast::Actor;
use crate::lab::stage::Stage;
use crate::lab::world::Machine;

const CROWD: usize = 10;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    stage.outlive(Actor::First).await;
    stage.remark(Actor::First, "makes ten calls at the same moment");
    let answers = join_all((0..CROWD).map(|_| call(&tab))).await;
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    stage.find(
        answered == CROWD,
        &[&counted(answered, "call", "calls"), " of 10 answered."].concat(),
    );
    let refreshes = stage.refreshes();
    let sent = counted(refreshes, "refresh was sent", "refreshes were sent");
    stage.find(refreshes == 1, &[&sent, " for all of them."].concat());
    Some(())
}
