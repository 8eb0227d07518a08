//! What all lists share: a filter that lives in the address, a table whose head sorts, pages cut by key, a count that is
//! honest about what was not counted, and the same rows as a file.

mod asked;
mod export;
mod fields;
mod frame;
mod head;
mod pager;

pub use asked::{Asked, More, Read};
pub use export::Format;
pub use fields::{Form, choice, day, text};
pub use frame::{Around, Frame, more_match};
pub use head::{Column, head};
pub use pager::{counted, grouped};
