//! Users: who they are, how they prove it, and what changes to them do to their sessions.

mod authenticate;
mod change;
mod name;
mod password;

pub use authenticate::{Authenticated, Claim};
pub use change::{AddUser, COMMAND_LINE, ChangeError};
pub use name::{InvalidName, check_email, check_username};
pub use password::{Busy, Checked, HashParams, Hasher, WeakPassword, check_password};
