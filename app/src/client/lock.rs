//! One tab at a time: a lock of the browser (Web Locks) that all tabs of this site share. Where a browser has none
//! (old ones, and pages without HTTPS) everybody is let through: of two tabs that race, the slower finds the faster one's
//! tokens in storage and takes them.

use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::browser::{promise, sleep};

const NAME: &str = "jotward-refresh";

/// How long the lock is kept after its work, in milliseconds. What one tab stores reaches the others a little later,
/// and nothing says that it comes before the lock does.
const SETTLE: u64 = 250;

/// The lock; dropping it lets the next tab in, a moment later.
pub struct Held {
    release: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            spawn_local(async move {
                sleep(SETTLE).await;
                let _ = release.call0(&JsValue::NULL); // resolving a promise can not fail
            });
        }
    }
}

/// Waits for the lock.
pub async fn alone() -> Held {
    let (done, release) = promise();
    let (granted, grant) = promise();
    // The browser calls back with the lock and lets go of it when the promise it is given back is resolved.
    let on_grant = Closure::once_into_js(move |_lock: JsValue| {
        let _ = grant.call0(&JsValue::NULL);
        done
    });
    if request(&on_grant).is_none() {
        return Held { release: None };
    }
    let _ = JsFuture::from(granted).await;
    Held {
        release: Some(release),
    }
}

/// `navigator.locks.request(NAME, on_grant)`, or `None` where that does not exist.
fn request(on_grant: &JsValue) -> Option<()> {
    let locks = Reflect::get(&web_sys::window()?.navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    request.call2(&locks, &NAME.into(), on_grant).ok()?;
    Some(())
}
