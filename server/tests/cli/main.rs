//! Tests of the binary as an operator meets it: a real process, its output, its exit status, its files.

mod events;
mod keys;
mod log;
#[path = "../support/mmdb.rs"]
mod mmdb;
mod nodes;
mod process;
#[expect(dead_code, reason = "shared with the tests that lose answers")]
#[path = "../support/proxy.rs"]
mod proxy;
mod restore;

mod authtoken;
mod config;
mod demo_data;
mod forward_auth;
mod serving;
mod sessions;
mod trouble;
mod users;
mod webhooks;
