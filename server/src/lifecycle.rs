//! The life of a session: opened by a login, carried on by refreshes, ended once. Each operation takes a decision
//! of [`crate::session`] and applies it in one transaction; memory learns of it after the commit, and whoever asked
//! after that.

mod arrive;
mod census;
mod count;
mod end;
mod expire;
mod explain;
mod follow;
mod foreign;
mod issue;
mod lone;
mod note;
mod open;
mod password_mark;
mod read;
mod refresh;
mod revoke;
mod room;
mod sliding;
mod tidy;
mod verify;
mod watch;

pub use end::{Actor, Ended};
pub use expire::Reach;
pub use explain::{Explained, Outlook};
pub use follow::HEARD_WITHIN;
pub(crate) use follow::hand_on_all;
pub use issue::AccessLifetime;
pub use open::{Login, Wishes};
pub use revoke::{LEASE, Order};
pub use tidy::{Tidied, tidy};
pub use verify::AccessError;
