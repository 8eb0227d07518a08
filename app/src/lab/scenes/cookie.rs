//! The refresh token in a cookie, where no script can read it, and what script in the page can do all the same.

use std::rc::Rc;

use super::{Played, expect_call};
use crate::client::{Keep, Refresh, is_cookie_in_use};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, token_in};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    if is_cookie_in_use() {
        stage.find(
            false,
            "The one cookie of this browser belongs to who is signed in here, so the scene leaves it alone. Sign out, or use a \
             private window.",
        );
        return Some(());
    }
    let tab = stage.tab(&Rc::new(Machine::default()), Actor::First);
    if !stage.sign_in(&tab, Keep::Cookie).await {
        return None;
    }
    let is_hidden = tab.session()?.refresh == Refresh::Cookie;
    stage.find(
        is_hidden,
        if is_hidden {
            "The answer to the login has no refresh token in its body, and script finds none anywhere."
        } else {
            "This server does not hand out cookies (REFRESH_TRANSPORT=body)."
        },
    );
    if !is_hidden {
        return Some(());
    }
    expect_call(&stage, &tab, "A call is answered all the same.").await;

    stage.remark(
        Actor::Second,
        "runs in the page, and asks for a refresh: the browser adds the cookie",
    );
    let request = stage.refreshing(None);
    let reply = stage.raw(Actor::Second, &request, None).await?;
    let access = token_in(&reply, "access");
    stage.find(
        access.is_some() && token_in(&reply, "refresh").is_none(),
        "Script in the page used the cookie: it got an access token, and nothing to refresh with elsewhere.",
    );
    stage.hold(Actor::Second, &access?.text, "");

    stage.remark(Actor::First, "signs out: the server takes the cookie back");
    tab.sign_out().await;
    let request = stage.refreshing(None);
    let reply = stage.raw(Actor::Second, &request, None).await?;
    let status = reply.status.to_string();
    stage.find(
        reply.status == 401,
        &["Asked once more, the script is answered ", &status, "."].concat(),
    );
    Some(())
}
