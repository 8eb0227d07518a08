//! Jotward: a session server. It speaks the HTTP API of SimpleJWT, keeps every issued token on record, and
//! shows that record to admins. Start reading at [`router`], then [`lifecycle`] and [`session`].

pub mod account;
pub mod activity;
pub mod admin;
pub mod api;
pub mod api_tokens;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
mod cookie;
pub mod demo_data;
pub mod device;
pub mod error;
pub mod event;
pub mod explanation;
pub mod hooks;
pub mod issuer_keys;
pub mod lifecycle;
pub mod network;
pub mod outbound;
pub mod places;
pub mod recall;
pub mod registry;
mod serve;
pub mod session;
pub mod site;
mod start;
pub mod state;
pub mod store;
pub mod throttle;
pub mod tide;
pub mod token;
pub mod upkeep;
pub mod watch;
pub mod webhook;

pub use serve::{api_router, router, serve};
pub use start::{Running, StartError, start};
