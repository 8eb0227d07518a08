//! What pages have in common: the document around them, the bar on top, notices and fields.
//! Nothing here knows a session; pages say what is to be shown.

pub mod document;
pub mod field;
pub mod notice;
pub mod topbar;
