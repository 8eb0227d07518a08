//! Jotward: a session server.

pub mod clock;
pub mod session;
pub mod token;
