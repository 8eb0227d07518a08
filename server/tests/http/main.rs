//! Tests of the HTTP surface, one module a resource. Each talks to the router of a server with a database of its
//! own and a clock that stands still, on SQLite and on PostgreSQL.

mod harness;
#[path = "../support/mmdb.rs"]
mod mmdb;
#[path = "../support/proxy.rs"]
mod proxy;

mod admin;
mod anomaly;
mod blacklist;
mod compare_and_swap;
mod conformance;
mod devices;
mod events;
mod foreign;
mod grace;
mod obtain;
mod pages;
mod race;
mod refresh;
mod robustness;
mod throttle;
mod time;
mod trouble;
mod users;
mod verify;
