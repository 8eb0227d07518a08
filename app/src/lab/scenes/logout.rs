//! Signing out, and what an access token can do that was copied before: nothing here, and where a service only checks the
//! signature, everything until it runs out.

use std::rc::Rc;

use super::{PROTECTED, Played, RAN_OUT, expect_call, ran_out, signed_in};
use crate::client::{Farewell, Refresh, Request};
use crate::lab::cast::Actor;
use crate::lab::stage::Stage;
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    expect_call(&stage, &tab, "Signed in: a call is answered.").await;
    let session = tab.session()?;
    let (Some(access), Refresh::Held(refresh)) = (session.access, session.refresh) else {
        return None;
    };
    stage.hold(Actor::Second, &access, &refresh);
    stage.remark(Actor::Second, "keeps a copy of both tokens");
    stage.remark(Actor::First, "signs out");
    let heard = tab.sign_out().await == Farewell::Heard;
    stage.find(
        heard,
        if heard {
            "The server has confirmed it: the session is over."
        } else {
            "The server did not answer."
        },
    );

    let users = Request::get(PROTECTED);
    let reply = stage.raw(Actor::Second, &users, Some(&access)).await?;
    let report = stage.explain(&access).await;
    let status = reply.status.to_string();
    match report {
        _ if ran_out(&reply) => stage.find(false, RAN_OUT),
        None => stage.find(
            reply.status == 401,
            &["The copied access token: ", &status].concat(),
        ),
        Some(report) => {
            let left = report.stateless.to_string();
            let setting = if reply.status == 401 {
                "With IMMEDIATE_REVOCATION, as here,"
            } else {
                "IMMEDIATE_REVOCATION is off on this server:"
            };
            stage.find(
                reply.status == 200 || reply.body.contains(&report.bearer),
                &[
                    setting,
                    " the copied access token is answered ",
                    &status,
                    ".",
                ]
                .concat(),
            );
            stage.find(
                true,
                &[
                    "With it off, or at a service that knows only the key, the same token would be let in for ",
                    &left,
                    " s more. That is why access tokens live for minutes.",
                ]
                .concat(),
            );
        }
    }
    let request = stage.refreshing(Some(&refresh));
    let reply = stage.raw(Actor::Second, &request, None).await?;
    let why = reply.ended.as_deref().unwrap_or("none");
    stage.find(
        reply.status == 401 && why == "logout",
        &[
            "The copied refresh token is answered ",
            &reply.status.to_string(),
            "; reason given: ",
            why,
            ".",
        ]
        .concat(),
    );
    Some(())
}
