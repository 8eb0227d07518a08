//! What somebody may do in the admin, by the flags of their user. Nothing here asks where they are or when they last
//! proved who they are.

use crate::store::User;

/// What a member of staff may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Sees everything, and revokes.
    Staff,
    /// That, and manages users.
    Superuser,
}

impl Role {
    /// The role of a user who is active; what `CHECK_USER_IS_ACTIVE` lets into the API does not open the admin. `None` for
    /// everybody who is not staff.
    #[must_use]
    pub fn of(user: &User) -> Option<Self> {
        match (user.is_active && user.is_staff, user.is_superuser) {
            (false, _) => None,
            (true, false) => Some(Self::Staff),
            (true, true) => Some(Self::Superuser),
        }
    }
}
