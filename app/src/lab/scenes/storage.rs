//! The refresh token in storage, where any script of the page can read it, and what a copy is worth elsewhere.

use std::rc::Rc;

use super::{PROTECTED, Played, expect_call, signed_in};
use crate::client::{Refresh, Request};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, token_in};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    let said = "With both tokens in storage, a call is answered.";
    expect_call(&stage, &tab, said).await;
    let Refresh::Held(copy) = tab.session()?.refresh else {
        return None;
    };
    stage.hold(Actor::Second, "", &copy);
    stage.remark(
        Actor::Second,
        "had a script in the page, which read the storage and sent the refresh token home",
    );

    stage.remark(Actor::Second, "refreshes at home, without the page");
    let request = stage.refreshing(Some(&copy));
    let reply = stage.raw(Actor::Second, &request, None).await?;
    let pair = token_in(&reply, "access").zip(token_in(&reply, "refresh"));
    stage.find(
        pair.is_some(),
        if pair.is_some() {
            "The copy was exchanged: whoever has it needs the page no more."
        } else {
            "The copy was refused."
        },
    );
    let (access, refresh) = pair?;
    stage.hold(Actor::Second, &access.text, &refresh.text);
    let users = Request::get(PROTECTED);
    let reply = stage.raw(Actor::Second, &users, Some(&access.text)).await?;
    let status = reply.status.to_string();
    stage.find(
        reply.status == 200,
        &["The thief's own access token opens the API: ", &status, "."].concat(),
    );
    Some(())
}
