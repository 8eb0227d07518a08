//! What pages have in common: the document around them, the bar on top, notices and fields.
//! Nothing here knows a session; pages say what is to be shown.

#[cfg(any(feature = "door", feature = "desk", feature = "lab"))]
pub(crate) mod dialog;
pub(crate) mod document;
pub(crate) mod field;
pub(crate) mod notice;
pub mod topbar;
pub mod when;
