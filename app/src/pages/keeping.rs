//! How the pages that sign somebody in keep the session: the server says in the document where, who signs in for how long.
//! A module can not know what the operator chose; without the mark in its page it keeps tokens in the browser's storage.

use crate::browser;
use crate::client::Keep;
use crate::ui::document::TokenPlace;

/// The id of an element that is in the page where refresh tokens belong into a cookie.
const IN_COOKIE: &str = "kept-in-cookie";

/// The id that the page's card has.
pub fn mark(tokens: TokenPlace) -> Option<&'static str> {
    match tokens {
        TokenPlace::Storage => None,
        TokenPlace::Cookie => Some(IN_COOKIE),
    }
}

/// How to keep the session of somebody who wants to stay signed in, or not.
pub fn keep(is_remembered: bool) -> Keep {
    match (browser::element(IN_COOKIE).is_some(), is_remembered) {
        (true, true) => Keep::Cookie,
        (true, false) => Keep::SessionCookie,
        (false, true) => Keep::Remembered,
        (false, false) => Keep::ThisTab,
    }
}
