//! The refresh token in storage, where script can read it, and in a cookie, where it can not. What script in the page can do
//! all the same is shown, too.

use std::rc::Rc;

use super::{Played, expect_call, signed_in};
use crate::client::{Cookies, Keep, Refresh, Request};
use crate::lab::cast::Actor;
use crate::lab::stage::{Stage, token_in};
use crate::lab::world::Machine;

pub async fn play(stage: Rc<Stage>) -> Played {
    let tab = signed_in(&stage, &Rc::new(Machine::default())).await?;
    expect_call(
        &stage,
        &tab,
        "With both tokens in storage, a call is answered.",
    )
    .await;
    let readable = matches!(tab.session()?.refresh, Refresh::Held(_));
    stage.find(
        readable,
        "Script in the page reads the refresh token, and takes it home: a copy works from anywhere.",
    );

    let hidden = stage.tab(&Rc::new(Machine::default()), Actor::Second);
    if !stage.sign_in(&hidden, Keep::Cookie).await {
        return None;
    }
    let is_hidden = hidden.session()?.refresh == Refresh::Cookie;
    stage.find(
        is_hidden,
        if is_hidden {
            "With a cookie, the answer's body has no refresh token, and script finds none anywhere."
        } else {
            "This server does not hand out cookies (REFRESH_TRANSPORT=body)."
        },
    );
    if !is_hidden {
        return Some(());
    }
    expect_call(&stage, &hidden, "A call is answered all the same.").await;

    stage.remark(
        Actor::Second,
        "hostile script asks for a refresh: the browser adds the cookie",
    );
    let request = Request::post("/api/token/refresh/", "{}".to_owned()).with(Cookies::Wanted);
    let reply = stage.raw(Actor::Second, &request, None).await?;
    let got_access = token_in(&reply, "access").is_some();
    let got_refresh = token_in(&reply, "refresh").is_some();
    stage.find(
        got_access && !got_refresh,
        "Script in the page can still use the cookie while it runs there: it got an access token, but nothing to take home for later.",
    );
    stage.remark(Actor::Second, "signs out, and the cookie goes");
    hidden.sign_out().await;
    Some(())
}
