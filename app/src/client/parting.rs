//! A logout that a page sends while it is being left, when nobody can wait for an answer any more. Best effort: a browser may
//! drop it, and the session ends by its own time then.

use js_sys::Array;
use web_sys::{Blob, BlobPropertyBag, window};

use super::wire::BLACKLIST;

/// Ends the session of `refresh`, a token of ours: nothing in it needs escaping.
pub fn part(refresh: &str) {
    let json = ["{\"refresh\":\"", refresh, "\"}"].concat();
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = Array::of1(&json.into());
    if let (Ok(body), Some(window)) = (
        Blob::new_with_str_sequence_and_options(&parts, &options),
        window(),
    ) {
        let beacon = window.navigator();
        let _ = beacon.send_beacon_with_opt_blob(BLACKLIST, Some(&body)); // a full queue costs the logout
    }
}
