//! Users: who they are, how they prove it, and what changes to them do to their sessions.

mod apply;
mod attempt;
mod authenticate;
mod change;
mod confirm;
mod end_session;
mod import;
mod manage;
mod name;
mod own;
mod password;
mod role;

pub use apply::{Change, Edit};
pub use attempt::Whose;
pub use authenticate::{Authenticated, Claim};
pub use change::{AddUser, COMMAND_LINE, ChangeError};
pub use import::{ImportError, Imported, read_django_users};
pub use manage::{ManageError, Manager};
pub use name::{InvalidName, check_chosen_username, check_email, check_username, shows};
pub use own::{NewProfile, Others};
pub use password::{Busy, Checked, HashParams, Hasher, MIN_CHARS, WeakPassword, check_password};
pub use role::Role;
