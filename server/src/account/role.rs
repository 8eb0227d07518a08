//! What somebody may do in the admin, by the flags of their user. Nothing here asks where they are or when they last
//! proved who they are.

use crate::store::{NewUser, User};

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
        Self::by_flags(user).filter(|_| user.is_active)
    }

    /// The role a user has while they are active.
    #[must_use]
    pub fn by_flags(user: &User) -> Option<Self> {
        flagged(user.is_staff, user.is_superuser)
    }

    /// The role a user will have.
    #[must_use]
    pub fn by_flags_of(user: &NewUser) -> Option<Self> {
        flagged(user.is_staff, user.is_superuser)
    }

    /// What people with this role are called; people without one, too.
    #[must_use]
    pub fn word(role: Option<Self>) -> &'static str {
        match role {
            None => "user",
            Some(Self::Staff) => "staff",
            Some(Self::Superuser) => "superuser",
        }
    }

    /// What [`Role::word`] says, read back. `None` when it is no such word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Option<Self>> {
        let all = [None, Some(Self::Staff), Some(Self::Superuser)];
        all.into_iter().find(|role| Self::word(*role) == word)
    }
}

fn flagged(is_staff: bool, is_superuser: bool) -> Option<Role> {
    match (is_staff, is_superuser) {
        (false, _) => None,
        (true, false) => Some(Role::Staff),
        (true, true) => Some(Role::Superuser),
    }
}
