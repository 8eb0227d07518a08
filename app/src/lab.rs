//! The lab's engine: clients that are tabs, a thief, a browser that may lie about the time, and a record of everything that
//! went over the wire. It talks to the real server and pretends nothing; it knows no page.
//!
//! Nothing in here outlives the page: sessions, tokens and the password are in memory, and the record keeps no password.

pub(crate) mod cast;
pub(crate) mod copy_as;
pub(crate) mod diff;
pub(crate) mod gate;
pub(crate) mod json;
pub(crate) mod read;
pub(crate) mod record;
pub(crate) mod row;
pub(crate) mod scenes;
pub(crate) mod stage;
pub(crate) mod standing;
pub(crate) mod tamper;
pub(crate) mod token;
pub(crate) mod world;
