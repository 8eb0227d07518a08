//! Extractors: the signature of a handler says who may call it, and where a request came from.

mod current_user;
mod origin;

pub use current_user::{Credential, CurrentUser};
pub(crate) use origin::client_address;
