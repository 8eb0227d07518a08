//! Wakes the islands of a server-rendered page.

use app as _; // keeps the islands' exports in the module
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's hydration script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
