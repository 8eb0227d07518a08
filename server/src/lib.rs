//! Jotward.
