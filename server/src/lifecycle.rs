//! The life of a session: opened by a login, carried on by refreshes, ended once. Each operation takes a decision
//! of [`crate::session`] and applies it in one transaction; memory learns of it after the commit.

mod end;
mod follow;
mod foreign;
mod issue;
mod open;
mod refresh;
mod verify;

pub use end::{Actor, Ended};
pub use open::{Login, may_see_admin};
