//! Jotward.

fn main() {}
