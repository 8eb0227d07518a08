//! Forged and misused tokens. The API says little, and the same of all of them; what it did find wrong is asked for
//! separately, in the learner's name.

use std::rc::Rc;

use super::{PROTECTED, Played, signed_in};
use crate::client::{Refresh, Request, decode_base64url};
use crate::lab::cast::Actor;
use crate::lab::stage::Stage;
use crate::lab::tamper::forgeries;
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    let session = tab.session()?;
    let (Some(access), Refresh::Held(refresh)) = (session.access, session.refresh) else {
        return None;
    };
    for forgery in forgeries(&access, &promoted(&access)?)? {
        try_it(&stage, forgery.deed, &forgery.token).await;
    }
    try_it(
        &stage,
        "A refresh token where an access token belongs",
        &refresh,
    )
    .await;
    misused(&stage, &access).await;
    stage.outlive(Actor::First).await;
    try_it(&stage, "An access token whose time is over", &access).await;
    Some(())
}

/// Presents a token as bearer, and says what the server answered and what it found.
async fn try_it(stage: &Stage, deed: &str, token: &str) {
    stage.remark(Actor::First, &["sends: ", deed].concat());
    let reply = stage
        .raw(Actor::First, &Request::get(PROTECTED), Some(token))
        .await;
    let status = reply.map_or(0, |reply| reply.status);
    tell(stage, deed, token, status).await;
}

/// An access token where a refresh token belongs.
async fn misused(stage: &Stage, access: &str) {
    let deed = "An access token where a refresh token belongs";
    stage.remark(Actor::First, &["sends: ", deed].concat());
    let request = stage.refreshing(Some(access));
    let reply = stage.raw(Actor::First, &request, None).await;
    let status = reply.map_or(0, |reply| reply.status);
    let report = stage.explain(access).await;
    let why = report.map_or_else(String::new, |report| report.refresh);
    found(stage, deed, status, &why);
}

async fn tell(stage: &Stage, deed: &str, token: &str, status: u16) {
    let report = stage.explain(token).await;
    let why = report.map_or_else(String::new, |report| {
        if report.why.is_empty() {
            report.bearer
        } else {
            report.why
        }
    });
    found(stage, deed, status, &why);
}

fn found(stage: &Stage, deed: &str, status: u16, why: &str) {
    let status_text = status.to_string();
    let mut text = [deed, ": ", &status_text, ". "].concat();
    if !why.is_empty() {
        text.push_str(&["What the server found: ", why].concat());
    }
    stage.find(status == 401, &text);
}

/// The payload of `access`, in the name of another user.
fn promoted(access: &str) -> Option<String> {
    let payload = String::from_utf8(decode_base64url(access.split('.').nth(1)?)?).ok()?;
    Some(payload.replace("\"user_id\":\"", "\"user_id\":\"1"))
}
