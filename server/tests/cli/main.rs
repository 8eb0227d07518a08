//! Tests of the binary as an operator meets it: a real process, its output, its exit status, its files.

mod process;

mod config;
mod serving;
mod trouble;
mod users;
