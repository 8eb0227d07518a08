//! Many clients use one server at once, honestly and not, while it is killed again and again. What each asked and
//! was answered becomes a history, and a checker that knows nothing but the history says whether the promises were
//! kept. It looks at no database and no log: only what clients can see counts.

mod act;
mod admin;
mod chaos;
pub mod check;
mod endings;
mod foe;
mod haunt;
pub mod history;
mod honest;
mod life;
mod run;
mod show;
mod summary;
mod token;
mod world;

pub use run::{Engine, Failure, Plan, run};
