//! Somebody has a copy of the refresh token. Three ways it can go on; in each the server sees only tokens, never who holds
//! them, and has to tell by their generations.

use std::rc::Rc;

use super::{PROTECTED, Played, RAN_OUT, call, ran_out, signed_in};
use crate::client::{Refresh, Reply, Request};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, Tab, reason, token_in};
use crate::lab::world::{Clock, Machine};

/// The victim goes on twice; then the thief presents the copy.
pub async fn victim_first(stage: Rc<Stage>) -> Played {
    let victim = victim(&stage).await?;
    let copy = copied(&stage, &victim)?;
    for _ in 0..2 {
        renewed(&stage, &victim).await;
    }
    stage.remark(
        Actor::Second,
        "presents the copy: its owner is two generations ahead",
    );
    let reply = present(&stage, &copy).await?;
    caught(&stage, &reply, "The thief");
    aftermath(&stage, &victim).await
}

/// The thief goes on twice; then the victim comes with the token the thief has spent.
pub async fn thief_first(stage: Rc<Stage>) -> Played {
    let victim = victim(&stage).await?;
    let mut copy = copied(&stage, &victim)?;
    for _ in 0..2 {
        stage.remark(Actor::Second, "refreshes while the victim sleeps");
        copy = taken(&stage, &present(&stage, &copy).await?)?;
    }
    stage.find(
        true,
        "Until now nobody can tell: the server was shown the current token each time.",
    );
    stage.remark(
        Actor::First,
        "wakes up: its token is two generations old by now",
    );
    let answer = call_after_expiry(&victim).await;
    stage.find(
        answer.contains("reuse"),
        &["The victim is refused, and ", &answer, "."].concat(),
    );
    let reply = present(&stage, &copy).await?;
    caught(&stage, &reply, "The thief, with the newest token there is,");
    dead(&stage)
}

/// The thief comes seconds after the victim, when two tabs could have raced.
pub async fn as_a_tab(stage: Rc<Stage>) -> Played {
    let victim = victim(&stage).await?;
    let copy = copied(&stage, &victim)?;
    renewed(&stage, &victim).await;
    stage.remark(
        Actor::Second,
        "presents the copy at once, as a second tab would",
    );
    let reply = present(&stage, &copy).await?;
    let given = token_in(&reply, "refresh").map(|token| token.text);
    let same = given.is_some() && given == held(&victim);
    stage.find(
        same,
        if same {
            "The thief was let in, with the very token the victim has: the server took them for two tabs."
        } else {
            "The thief was refused: more than 10 seconds had passed. Play without pauses to come in time."
        },
    );
    let Some(copy) = given else {
        return dead(&stage);
    };
    stage.hold(
        Actor::Second,
        token_in(&reply, "access")?.text.as_str(),
        &copy,
    );
    for _ in 0..2 {
        renewed(&stage, &victim).await;
    }
    stage.remark(
        Actor::Second,
        "goes on with the shared token, two generations late",
    );
    let reply = present(&stage, &copy).await?;
    caught(&stage, &reply, "The thief");
    aftermath(&stage, &victim).await
}

/// A victim whose client refreshes when it is refused, so that the scene decides when.
async fn victim(stage: &Rc<Stage>) -> Option<Rc<Tab>> {
    signed_in(stage, &Rc::new(Machine::default())).await
}

/// A copy of what the victim's browser has stored.
fn copied(stage: &Stage, victim: &Tab) -> Option<String> {
    let session = victim.session()?;
    let copy = held(victim)?;
    stage.hold(Actor::Second, session.access.as_deref()?, &copy);
    stage.remark(
        Actor::Second,
        "has read the victim's storage, and keeps a copy",
    );
    Some(copy)
}

/// The refresh token a tab has stored.
fn held(tab: &Tab) -> Option<String> {
    match tab.session()?.refresh {
        Refresh::Held(token) => Some(token),
        Refresh::Cookie => None,
    }
}

/// Lets the victim's client refresh, by making it believe that an hour has passed.
async fn renewed(stage: &Stage, victim: &Rc<Tab>) {
    stage.remark(Actor::First, "comes back, and refreshes");
    call_after_expiry(victim).await;
}

/// A call by a client that takes its access token for old; answers why it failed, or nothing.
async fn call_after_expiry(tab: &Rc<Tab>) -> String {
    let machine = tab.world().machine();
    machine.clock.set(match machine.clock.get() {
        Clock::Off(error) => Clock::Off(error + HOUR),
        Clock::Right | Clock::Stopped(_) => Clock::Off(HOUR),
    });
    let answer = call(tab).await;
    answer
        .err()
        .map(|failure| reason(&failure))
        .unwrap_or_default()
}

const HOUR: i64 = 3_600_000;

/// The thief presents a refresh token.
async fn present(stage: &Stage, refresh: &str) -> Option<Reply> {
    let request = stage.refreshing(Some(refresh));
    stage.raw(Actor::Second, &request, None).await
}

/// What the thief was given; the refresh token of it.
fn taken(stage: &Stage, reply: &Reply) -> Option<String> {
    let refresh = token_in(reply, "refresh")?.text;
    stage.hold(Actor::Second, &token_in(reply, "access")?.text, &refresh);
    Some(refresh)
}

fn caught(stage: &Stage, reply: &Reply, who: &str) {
    let why = reply.ended.as_deref().unwrap_or("none");
    let held = reply.status == 401 && why == "reuse";
    let status = reply.status.to_string();
    stage.find(
        held,
        &[who, " is answered ", &status, "; reason given: ", why, "."].concat(),
    );
}

/// What is left for either of them.
async fn aftermath(stage: &Rc<Stage>, victim: &Rc<Tab>) -> Played {
    let thief = stage.hand(Actor::Second)?;
    let users = Request::get(PROTECTED);
    let reply = stage
        .raw(Actor::Second, &users, Some(&thief.access))
        .await?;
    match reply.status {
        401 if ran_out(&reply) => stage.find(false, RAN_OUT),
        401 => stage.find(true, "The thief's access token is refused: 401."),
        status => stage.find(
            status == 200,
            "The thief's access token is let in until it runs out: IMMEDIATE_REVOCATION is off on this server.",
        ),
    }
    let answer = call_after_expiry(victim).await;
    stage.find(
        answer.contains("reuse"),
        &[
            "The victim is ",
            &answer,
            ". Only they know the password, so only they come back.",
        ]
        .concat(),
    );
    dead(stage)
}

/// Whether the family is over on record.
fn dead(stage: &Stage) -> Played {
    let family = stage.family()?;
    let is_dead = family.end_reason == "reuse";
    let now = if is_dead {
        "ended: reuse"
    } else {
        &*family.state
    };
    stage.find(is_dead, &["The session on record: ", now, "."].concat());
    Some(())
}
