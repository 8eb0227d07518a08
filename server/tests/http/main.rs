//! Tests of the HTTP surface, one module a resource. Each talks to the router of a server with a database of its
//! own and a clock that stands still, on SQLite and on PostgreSQL.

mod harness;
#[path = "../support/mmdb.rs"]
mod mmdb;
#[path = "../support/proxy.rs"]
mod proxy;

mod admin;
mod admin_api_tokens;
mod admin_device_list;
mod admin_event_list;
mod admin_explain;
mod admin_guard;
mod admin_lists;
mod admin_revoke;
mod admin_revoke_bulk;
mod admin_session;
mod admin_sessions;
mod admin_statements;
mod admin_tokens;
mod admin_user;
mod admin_user_list;
mod algorithms;
mod anomaly;
mod archive;
mod authtoken;
mod blacklist;
mod claims;
mod compare_and_swap;
mod conformance;
mod cors;
mod demo_data;
mod devices;
mod embed;
mod events;
mod expire;
mod foreign;
mod forward;
mod grace;
mod jwk_url;
mod limit;
mod obtain;
mod overview;
mod own_session;
mod pages;
mod password_mark;
mod race;
mod realworld;
mod refresh;
mod register;
mod robustness;
mod sessions;
mod sliding;
mod sudo;
mod supersede;
mod throttle;
mod time;
mod tree;
mod trouble;
mod users;
mod users_page;
mod verify;
mod webhooks;
