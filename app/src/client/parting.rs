//! A logout that a page sends while it is being left, when nobody can wait for an answer any more. Best effort: a browser may
//! drop it, and the session ends by its own time then. It is a `fetch` that outlives its page, because a beacon has no headers
//! and the cookie takes one.

use js_sys::{Object, Reflect};
use web_sys::{RequestInit, window};

use super::session::Refresh;
use super::wire::{BLACKLIST, COOKIE, REFRESH_TRANSPORT};

/// Ends the session whose refresh token is `refresh`: one of ours, nothing in it needs escaping.
pub fn part(refresh: &Refresh) {
    let Some(window) = window() else {
        return;
    };
    let headers = Object::new();
    let json = match refresh {
        Refresh::Held(token) => ["{\"refresh\":\"", token, "\"}"].concat(),
        Refresh::Cookie => {
            set(&headers, REFRESH_TRANSPORT, COOKIE);
            "{}".to_owned()
        }
    };
    set(&headers, "Content-Type", "application/json");
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&json.into());
    let _ = Reflect::set(&init, &"keepalive".into(), &true.into()); // a plain object takes everything
    let _ = window.fetch_with_str_and_init(BLACKLIST, &init); // nobody is here to be told
}

fn set(object: &Object, name: &str, value: &str) {
    let _ = Reflect::set(object, &name.into(), &value.into()); // as above
}
