//! What the browser runs: the WASM client, its pages and the types of the HTTP API.

pub mod api;
